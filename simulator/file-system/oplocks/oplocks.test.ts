// Goal: oplocks are granted, broken and acknowledged as on Windows, and what breaks one waits as long as
// it has to. Method: tables of workload steps on a volume; a step that may block is started, and is then
// either still waiting or done.
import { describe, expect, test } from 'vitest';
import {
  accepts,
  actors,
  answers,
  asks,
  broken,
  describeRows,
  done,
  held,
  NOT_GRANTED,
  opens,
  PENDING,
  R,
  RH,
  RW,
  RWH,
  starts,
  long,
  type Level,
  type Status,
} from '../testing/oplockSteps.ts';
import { runSteps } from '../testing/runSteps.ts';
import { close, directory, file, open, waits, write, type Step } from '../testing/steps.ts';

const ATTRIBUTES = { access: 'FILE_READ_ATTRIBUTES|FILE_WRITE_ATTRIBUTES|SYNCHRONIZE' };
const CONTROL = { access: 'READ_CONTROL' };
const WRITING = { access: 'FILE_WRITE_DATA' };
const OVERWRITING = { ...ATTRIBUTES, disposition: 'OVERWRITE' };
/** The holder reads and shares nothing. */
const ALONE = { access: 'FILE_READ_DATA', share: 0 };
const letters: Readonly<Record<string, string>> = {
  [R]: 'R',
  [RH]: 'RH',
  [RW]: 'RW',
  [RWH]: 'RWH',
};

type Reaction = readonly [level: Level, how: object, to: string | null, then: 'waits' | 'goes on'];
/** An open against an oplock: what is left of it, and whether the open waits for the holder. */
const onOpen: readonly Reaction[] = [
  ...['LEVEL_1', 'LEVEL_2', 'BATCH', 'FILTER', R, RH, RW, RWH].map((level): Reaction => [
    level,
    ATTRIBUTES,
    null,
    'goes on',
  ]),
  ['LEVEL_1', {}, 'level-2', 'waits'],
  ['LEVEL_1', CONTROL, 'level-2', 'waits'],
  ['LEVEL_1', OVERWRITING, 'none', 'waits'],
  ['BATCH', {}, 'level-2', 'waits'],
  ['BATCH', WRITING, 'level-2', 'waits'],
  ['BATCH', OVERWRITING, 'none', 'waits'],
  ['LEVEL_2', WRITING, null, 'goes on'],
  ['LEVEL_2', OVERWRITING, 'none', 'goes on'],
  ['FILTER', {}, null, 'goes on'],
  ['FILTER', { share: 'W|D' }, 'none', 'waits'],
  ['FILTER', WRITING, 'none', 'waits'],
  [R, WRITING, null, 'goes on'],
  [R, OVERWRITING, 'none', 'goes on'],
  [RH, WRITING, null, 'goes on'],
  [RH, OVERWRITING, 'none', 'goes on'],
  [RW, CONTROL, null, 'goes on'],
  [RW, {}, 'R', 'waits'],
  [RW, OVERWRITING, 'none', 'waits'],
  [RWH, CONTROL, null, 'goes on'],
  [RWH, {}, 'RH', 'waits'],
  [RWH, OVERWRITING, 'none', 'waits'],
];
/** An open that violates the sharing of a holder who reads and shares nothing. */
const onViolation: readonly Reaction[] = [
  ['LEVEL_1', {}, null, 'goes on'],
  ['BATCH', {}, 'level-2', 'waits'],
  ['FILTER', { share: 'W' }, 'none', 'waits'],
  [R, {}, null, 'goes on'],
  [RH, {}, 'R', 'waits'],
  [RW, {}, null, 'goes on'],
  [RWH, {}, 'RW', 'waits'],
];

const NEVER_ACKNOWLEDGED: readonly Level[] = ['LEVEL_2', R];
const isBroken = (level: Level, to: string | null): Step =>
  to === null ? waits('o') : broken(to, letters[level], !NEVER_ACKNOWLEDGED.includes(level));

describe('an open of the same file', () => {
  test.each(onOpen)('%s, %j: to %s, and it %s', async (level, how, to, then) => {
    const end = then === 'waits' ? waits('h2') : done('h2');
    const run = await runSteps([held(level), opens(how), isBroken(level, to), end], {
      setup: [{ mkdir: 'D' }],
    });
    expect(run).toMatchObject({ misses: [], notModelled: null });
  });

  test.each(onViolation)('in the way of %s, %j: to %s, and it %s', async (level, how, to, then) => {
    const end = then === 'waits' ? waits('h2') : done('h2', 'STATUS_SHARING_VIOLATION');
    const steps = [held(level, ALONE), opens(how), isBroken(level, to), end];
    const run = await runSteps(steps, { setup: [{ mkdir: 'D' }] });
    expect(run).toMatchObject({ misses: [], notModelled: null });
  });
});

const SHARED = { access: 'MAXIMUM_ALLOWED' };
const ranged = { handle: 'h2', offset: 0, length: 1 };
const operations: Readonly<Record<string, object>> = {
  read: { do: 'read', handle: 'h2', offset: 0, length: 1 },
  write: { do: 'write', handle: 'h2', offset: 0, data: { text: 'x' } },
  lock: { do: 'lock', ...ranged },
  'end of file': { do: 'set-end-of-file', handle: 'h2', size: 9 },
  allocation: { do: 'set-allocation', handle: 'h2', size: 9 },
  zeroes: {
    do: 'fsctl',
    handle: 'h2',
    code: 'SET_ZERO_DATA',
    data: { hex: long(0).repeat(2) + long(1) + long(0) },
  },
  rename: { do: 'rename', handle: 'h2', to: 'D\\g' },
  'replacing link': { do: 'link', handle: 'other', to: 'D\\f', replace: true },
  deletion: { do: 'set-disposition', handle: 'h2' },
  'no deletion': { do: 'set-disposition', handle: 'h2', delete: false },
  flush: { do: 'flush', handle: 'h2' },
};
type OperationRow = readonly [
  level: Level,
  operation: string,
  to: string | null,
  then: 'waits' | 'goes on',
];
const onOperation: readonly OperationRow[] = [
  ...['LEVEL_2', R, RH].flatMap((level): readonly OperationRow[] => [
    [level, 'read', null, 'goes on'],
    [level, 'flush', null, 'goes on'],
    [level, 'no deletion', null, 'goes on'],
    [level, 'write', 'none', 'goes on'],
    [level, 'end of file', 'none', 'goes on'],
    [level, 'allocation', 'none', 'goes on'],
    [level, 'zeroes', 'none', 'goes on'],
    [level, 'lock', 'none', 'goes on'],
  ]),
  ['LEVEL_2', 'rename', null, 'goes on'],
  ['LEVEL_2', 'deletion', null, 'goes on'],
  [R, 'rename', null, 'goes on'],
  [R, 'deletion', null, 'goes on'],
  [RH, 'rename', 'R', 'waits'],
  [RH, 'replacing link', 'R', 'waits'],
  [RH, 'deletion', 'R', 'waits'],
];

describe('what another handle does', () => {
  test.each(onOperation)('%s, %s: to %s, and it %s', async (level, operation, to, then) => {
    const steps: readonly Step[] = [
      file('D\\f'),
      open('D\\f', 'h', SHARED),
      open('D\\f', 'h2', SHARED),
      file('D\\other'),
      open('D\\other', 'other', SHARED),
      write('h2', 'some data'),
      asks('h', level),
      starts(operations[operation] ?? {}),
      isBroken(level, to),
      then === 'waits' ? waits('s') : { do: 'wait', request: 's', limit_ms: 1 },
    ];
    const run = await runSteps(steps, { setup: [{ mkdir: 'D' }] });
    expect(run).toMatchObject({ misses: [], notModelled: null });
  });
});

const one: Step = [file('D\\f'), open('D\\f', 'h', SHARED)];
const locked: Step = { do: 'lock', handle: 'h', offset: 0, length: 1 };
const ended = (request: string, status: Status): Step => ({
  do: 'wait',
  request,
  limit_ms: 1,
  expect: { status },
});

describeRows({
  'how breaks are answered': [
    [
      'accepted: level 2 stays',
      held('LEVEL_1'),
      opens(),
      answers('OPLOCK_BREAK_ACKNOWLEDGE', PENDING),
      done('h2'),
      write('h2', 'x', 0, 'STATUS_ACCESS_DENIED'),
      waits('a'),
    ],
    [
      'and level 2 is lost by a write',
      held('LEVEL_1'),
      opens({ access: 'FILE_WRITE_DATA' }),
      answers('OPLOCK_BREAK_ACKNOWLEDGE', PENDING),
      write('h2', 'x'),
      broken('none', undefined, true, 'a'),
    ],
    [
      'accepted down to nothing',
      held('FILTER'),
      opens(WRITING),
      answers('OPLOCK_BREAK_ACKNOWLEDGE'),
      done('h2'),
    ],
    ['level 2 not wanted', held('BATCH'), opens(), answers('OPLOCK_BREAK_ACK_NO_2'), done('h2')],
    [
      'a batch holder will close',
      held('BATCH'),
      opens(),
      answers('OPBATCH_ACK_CLOSE_PENDING'),
      waits('h2'),
      close('h'),
      done('h2'),
    ],
    [
      'a level 1 holder gives up',
      held('LEVEL_1'),
      opens(),
      answers('OPBATCH_ACK_CLOSE_PENDING'),
      done('h2'),
    ],
    ['closed instead', held(RWH), opens(), waits('h2'), close('h'), done('h2')],
    ['read-handle accepted', held(RWH), opens(), accepts('RH', PENDING), done('h2'), waits('a')],
    [
      'less accepted than offered',
      held(RWH),
      opens(),
      accepts('none', 'STATUS_SUCCESS'),
      done('h2'),
    ],
    [
      'more than offered',
      held(RWH),
      opens(),
      accepts('RWH', 'STATUS_INVALID_OPLOCK_PROTOCOL'),
      waits('h2'),
    ],
    [
      'a legacy answer to the new kind',
      held(RWH),
      opens(),
      answers('OPLOCK_BREAK_ACKNOWLEDGE', 'STATUS_INVALID_OPLOCK_PROTOCOL'),
    ],
    [
      'a new answer to the legacy kind',
      held('BATCH'),
      opens(),
      accepts('R', 'STATUS_INVALID_OPLOCK_PROTOCOL'),
    ],
    [
      'an answer that nobody waits for',
      held('BATCH'),
      answers('OPLOCK_BREAK_ACKNOWLEDGE', 'STATUS_INVALID_OPLOCK_PROTOCOL'),
    ],
    [
      'answered twice',
      held('LEVEL_1'),
      opens(),
      answers('OPLOCK_BREAK_ACK_NO_2'),
      answers('OPLOCK_BREAK_ACK_NO_2', 'STATUS_INVALID_OPLOCK_PROTOCOL'),
    ],
    [
      'the violation that is left after the answer',
      held(RH, ALONE),
      opens(),
      accepts('R', PENDING),
      done('h2', 'STATUS_SHARING_VIOLATION'),
    ],
    ['no violation once the holder has closed', held(RH, ALONE), opens(), close('h'), done('h2')],
    [
      'two who wait',
      held('BATCH'),
      opens(),
      opens({}, 'h3'),
      answers('OPLOCK_BREAK_ACK_NO_2'),
      done('h2'),
      done('h3'),
    ],
    [
      'a second break makes less of the first',
      held('LEVEL_1'),
      opens(),
      opens(OVERWRITING, 'h3'),
      answers('OPLOCK_BREAK_ACKNOWLEDGE'),
      done('h2'),
      done('h3'),
    ],
  ],
  'the holder himself': [
    [
      'breaks nothing by writing under level 1',
      one,
      asks('h', 'LEVEL_1'),
      write('h', 'x'),
      waits('o'),
    ],
    ['loses level 2 by writing', one, asks('h', 'LEVEL_2'), write('h', 'x'), broken('none')],
    ['loses level 2 by locking', one, asks('h', 'LEVEL_2'), locked, broken('none')],
    ['keeps read-handle when writing', one, asks('h', RH), write('h', 'x'), waits('o')],
    [
      'closes: a legacy one is broken to nothing',
      one,
      asks('h', 'BATCH'),
      close('h'),
      broken('none'),
    ],
    [
      'closes: caching ends with the handle',
      one,
      asks('h', RWH),
      close('h'),
      ended('o', 'STATUS_OPLOCK_HANDLE_CLOSED'),
    ],
    [
      'cancels his request',
      one,
      asks('h', 'BATCH'),
      { do: 'cancel', request: 'o' },
      ended('o', 'STATUS_CANCELLED'),
      opens(),
      done('h2'),
    ],
  ],
  'opens that say what they think of oplocks': [
    [
      'one that does not wait',
      held('LEVEL_1'),
      opens({ options: 'COMPLETE_IF_OPLOCKED' }),
      done('h2', 'STATUS_OPLOCK_BREAK_IN_PROGRESS'),
      broken('level-2'),
    ],
    [
      'and violates sharing all the same',
      held('BATCH', ALONE),
      opens({ options: 'COMPLETE_IF_OPLOCKED' }),
      done('h2', 'STATUS_SHARING_VIOLATION'),
      broken('level-2'),
    ],
    [
      'one that would rather fail',
      held('BATCH'),
      opens({ options: 'OPEN_REQUIRING_OPLOCK' }),
      done('h2', 'STATUS_CANNOT_BREAK_OPLOCK'),
      waits('o'),
    ],
    [
      'one that would rather fail, and need not',
      held(RH),
      opens({ options: 'OPEN_REQUIRING_OPLOCK' }),
      done('h2'),
      waits('o'),
    ],
    [
      'one that reserves a filter oplock, and cannot',
      held(RH),
      opens({ options: 'RESERVE_OPFILTER' }),
      done('h2', NOT_GRANTED),
      waits('o'),
    ],
  ],
  'being told that a break is over': [
    ['nothing is broken', one, answers('OPLOCK_BREAK_NOTIFY')],
    [
      'while it lasts',
      held('BATCH'),
      opens(),
      answers('OPLOCK_BREAK_NOTIFY', PENDING),
      close('h'),
      ended('a', 'STATUS_SUCCESS'),
    ],
  ],
  'a directory': [
    [
      'a new name in it',
      directory('D\\d'),
      open('D\\d', 'h'),
      asks('h', RH),
      file('D\\d\\f'),
      broken('none', 'RH'),
    ],
    [
      'nothing further down',
      directory('D\\d'),
      directory('D\\d\\e'),
      open('D\\d', 'h'),
      asks('h', RH),
      file('D\\d\\e\\f'),
      waits('o'),
    ],
  ],
});

test('the answer of a holder comes while the open blocks, and brings what it leaves', async () => {
  const steps: readonly Step[] = [
    held('BATCH'),
    { do: 'on-break', actor: 'holder', request: 'o', as: 'a' },
    open('D\\f', 'h2', { access: 'FILE_WRITE_DATA' }),
    write('h2', 'x'),
    broken('none', undefined, true, 'a'),
  ];
  const run = await runSteps(steps, { setup: [{ mkdir: 'D' }], actors });
  expect(run.misses).toEqual([]);
});
