// Goal: extended attributes are kept, listed and refused as NTFS does.
// Method: tables of workload steps, each with the status and bytes that it has to return.
import { encodeFullEas } from '../../../contract/extendedAttributes.ts';
import { describeSteps } from '../testing/describeSteps.ts';
import { arm, ask, create, close, open, openWatched, told, type Step } from '../testing/steps.ts';

type Status = `STATUS_${string}`;
type Ea = readonly [name: string, value: string, flags?: number];

const eas = (list: readonly Ea[]): readonly object[] =>
  list.map(([name, text, flags = 0]) => ({ name, value: { text }, flags }));
const sets = (list: readonly Ea[], status: Status = 'STATUS_SUCCESS', handle = 'h'): Step => ({
  do: 'set-ea',
  handle,
  eas: eas(list),
  expect: { status },
});
const hex = (list: readonly Ea[]): string =>
  Array.from(
    encodeFullEas(
      list.map(([name, text, flags = 0]) => ({
        name,
        flags,
        value: Uint8Array.from(text, (one) => one.charCodeAt(0)),
      })),
    ),
    (one) => one.toString(16).padStart(2, '0'),
  ).join('');
const asks = (more: object, expect: object): Step => ({
  do: 'query-ea',
  handle: 'h',
  ...more,
  expect,
});
const gives = (more: object, ...list: readonly Ea[]): Step =>
  asks(more, { status: 'STATUS_SUCCESS', bytes: hex(list) });
const fails = (more: object, status: Status): Step => asks(more, { status });
const size = (bytes: string, handle = 'h'): Step => ({
  do: 'query-information',
  handle,
  class: 'FileEaInformation',
  expect: { status: 'STATUS_SUCCESS', bytes },
});

const three: readonly Ea[] = [
  ['Aname1', 'first'],
  ['bnameTwo', 'second', 0x80],
  ['Cn3', 'third'],
];
const [A, B, C] = [
  ['ANAME1', 'first'],
  ['BNAMETWO', 'second', 0x80],
  ['CN3', 'third'],
] as const;
const file = (list = three): Step => create('D\\f', 'h', { ea: eas(list) });

describeSteps({
  'writing them': [
    ['upper case, in the order written', file(), gives({}, A, B, C)],
    [
      'a name that no attribute may have',
      create('D\\f', 'h'),
      sets([['a*', 'x']], 'STATUS_INVALID_EA_NAME'),
    ],
    ['no name', create('D\\f', 'h'), sets([['', 'x']], 'STATUS_INVALID_EA_NAME')],
    [
      'a name of 255',
      create('D\\f', 'h'),
      sets([['x'.repeat(255), 'x']], 'STATUS_INVALID_EA_NAME'),
    ],
    [
      'flags that do not exist',
      create('D\\f', 'h'),
      sets([['a', 'x', 1]], 'STATUS_INVALID_EA_NAME'),
    ],
    [
      'one of a list is wrong: nothing is done',
      create('D\\f', 'h'),
      sets(
        [
          ['a', 'x'],
          ['b?', 'x'],
        ],
        'STATUS_INVALID_EA_NAME',
      ),
      fails({}, 'STATUS_NO_EAS_ON_FILE'),
    ],
    [
      'an empty value takes it away',
      file(),
      sets([['ANAME1', '']]),
      gives({ restart: true }, B, C),
    ],
    [
      'an empty value of one that is not there',
      create('D\\f', 'h'),
      sets([['a', '']]),
      fails({}, 'STATUS_NO_EAS_ON_FILE'),
    ],
    [
      'rewritten without the flag',
      file(),
      sets([['bnametwo', 'z']]),
      gives({ restart: true }, A, C, ['BNAMETWO', 'z']),
    ],
    [
      'more than there is room for',
      create('D\\f', 'h'),
      sets([['a', 'x'.repeat(60_000)]]),
      sets([['b', 'x'.repeat(6_000)]], 'STATUS_EA_TOO_LARGE'),
    ],
    [
      'without the right',
      file(),
      open('D\\f', 'r', { access: 'FILE_READ_EA' }),
      sets([['a', 'x']], 'STATUS_ACCESS_DENIED', 'r'),
    ],
    [
      'an overwrite takes them away',
      file(),
      close('h'),
      open('D\\f', 'h', { disposition: 'OVERWRITE' }),
      fails({}, 'STATUS_NO_EAS_ON_FILE'),
    ],
    [
      'an overwrite brings its own',
      file(),
      close('h'),
      open('D\\f', 'h', { disposition: 'SUPERSEDE', ea: eas([['n', 'v']]) }),
      gives({}, ['N', 'v']),
    ],
    [
      'an open brings none',
      create('D\\f', 'c'),
      open('D\\f', 'h', { ea: eas([['n', 'v']]) }),
      fails({}, 'STATUS_NO_EAS_ON_FILE'),
    ],
    [
      'a directory has them too',
      create('D\\d', 'h', { options: 'DIRECTORY_FILE', ea: eas([['n', 'v']]) }),
      gives({}, ['N', 'v']),
    ],
    [
      'a watch of EA is told',
      create('D\\f', 'h'),
      openWatched('D', 'd'),
      arm('d', 'EA'),
      ask('d', 'n', 'EA'),
      sets(three),
      told('n', ['MODIFIED', 'f']),
    ],
  ],
  'who understands them': [
    [
      'a list without knowledge',
      create('D\\f', 'h', { options: 'NO_EA_KNOWLEDGE', ea: eas(three) }, 'STATUS_ACCESS_DENIED'),
    ],
    [
      'a file that needs it',
      file(),
      open('D\\f', 'x', { options: 'NO_EA_KNOWLEDGE' }, 'STATUS_ACCESS_DENIED'),
    ],
    ['a file that does not', file([['a', 'x']]), open('D\\f', 'x', { options: 'NO_EA_KNOWLEDGE' })],
    [
      'a name that is wrong makes no file',
      create('D\\f', 'h', { ea: eas([['a*', 'x']]) }, 'STATUS_INVALID_EA_NAME'),
      open('D\\f', 'h', {}, 'STATUS_OBJECT_NAME_NOT_FOUND'),
    ],
  ],
  'listing them': [
    ['none', create('D\\f', 'h'), fails({}, 'STATUS_NO_EAS_ON_FILE'), size('00000000')],
    [
      'one by one',
      file(),
      gives({ single: true }, A),
      gives({ single: true }, B),
      gives({ single: true }, C),
      fails({ single: true }, 'STATUS_NO_MORE_EAS'),
      gives({ restart: true }, A, B, C),
    ],
    [
      'as many as fit',
      file(),
      asks({ length: 20 }, { status: 'STATUS_BUFFER_OVERFLOW', bytes: hex([A]) }),
      fails({ length: 17 }, 'STATUS_BUFFER_TOO_SMALL'),
      gives({}, B, C),
    ],
    [
      'from an index',
      file(),
      gives({ index: 2 }, B, C),
      fails({ index: 0 }, 'STATUS_NONEXISTENT_EA_ENTRY'),
      fails({ index: 4 }, 'STATUS_NO_MORE_EAS'),
      fails({ index: 5 }, 'STATUS_NONEXISTENT_EA_ENTRY'),
    ],
    [
      'by name',
      file(),
      gives({ list: ['CN3', 'aname1'] }, C, A),
      gives({ list: ['none'] }, ['NONE', '']),
      fails({ list: ['a*'] }, 'STATUS_INVALID_EA_NAME'),
    ],
    ['by name, twice', file(), gives({ list: ['Cn3', 'cn3'] }, C)],
    [
      'changed meanwhile',
      file(),
      gives({ single: true }, A),
      sets([['n', 'v']]),
      fails({}, 'STATUS_EA_CORRUPT_ERROR'),
      gives({ restart: true }, A, B, C, ['N', 'v']),
    ],
    [
      'two handles, two places',
      file(),
      gives({}, A, B, C),
      open('D\\f', 'x'),
      asks({ handle: 'x' }, { status: 'STATUS_SUCCESS', bytes: hex([A, B, C]) }),
    ],
    ['their size', file([['ab', 'xyz']]), size('0e000000')],
  ],
});
