// Goal: byte-range locks keep out whom they keep out on Windows.
// Method: tables of workload steps, each with the status that it has to return.
import { describeSteps } from '../testing/describeSteps.ts';
import { create, open, close, write, waits, type Step } from '../testing/steps.ts';

type Status = `STATUS_${string}`;
type Value = number | string;

const two: readonly Step[] = [create('D\\f', 'h'), write('h', 'x'.repeat(200)), open('D\\f', 'h2')];
const locks = (
  handle: string,
  [offset, length]: readonly [Value, Value],
  how: 'exclusive' | 'shared',
  status: Status = 'STATUS_SUCCESS',
  more: object = {},
): Step => ({
  do: 'lock',
  handle,
  offset,
  length,
  exclusive: how === 'exclusive',
  failImmediately: true,
  ...more,
  expect: { status },
});
const unlocks = (
  handle: string,
  [offset, length]: readonly [Value, Value],
  status: Status = 'STATUS_SUCCESS',
  more: object = {},
): Step => ({ do: 'unlock', handle, offset, length, ...more, expect: { status } });
const read = (handle: string, offset: number, length: number, status: Status): Step => ({
  do: 'read',
  handle,
  offset,
  length,
  expect: { status },
});
const ended = (request: string, status: Status): Step => ({
  do: 'wait',
  request,
  expect: { status },
});

const REFUSED = 'STATUS_LOCK_NOT_GRANTED';
const CONFLICT = 'STATUS_FILE_LOCK_CONFLICT';
const LAST = '18446744073709551615';

describeSteps({
  'which ranges conflict': [
    [
      'the same range, exclusive',
      ...two,
      locks('h', [0, 10], 'exclusive'),
      locks('h2', [0, 10], 'exclusive', REFUSED),
    ],
    ['neighbours', ...two, locks('h', [0, 10], 'exclusive'), locks('h2', [10, 10], 'exclusive')],
    [
      'one byte in common',
      ...two,
      locks('h', [0, 10], 'exclusive'),
      locks('h2', [9, 10], 'exclusive', REFUSED),
    ],
    ['shared and shared', ...two, locks('h', [0, 10], 'shared'), locks('h2', [0, 10], 'shared')],
    [
      'shared, then exclusive by its owner',
      ...two,
      locks('h', [0, 10], 'shared'),
      locks('h', [0, 10], 'exclusive', REFUSED),
    ],
    [
      'exclusive, then shared by its owner',
      ...two,
      locks('h', [0, 10], 'exclusive'),
      locks('h', [0, 10], 'shared'),
    ],
    [
      'exclusive, then shared by another key',
      ...two,
      locks('h', [0, 10], 'exclusive'),
      locks('h', [0, 10], 'shared', REFUSED, { key: 1 }),
    ],
    [
      'length 0 inside a range',
      ...two,
      locks('h', [9, 3], 'exclusive'),
      locks('h2', [10, 0], 'exclusive', REFUSED),
    ],
    [
      'length 0 at the beginning of a range',
      ...two,
      locks('h', [10, 2], 'exclusive'),
      locks('h2', [10, 0], 'exclusive'),
    ],
    [
      'length 0 at the end of a range',
      ...two,
      locks('h', [9, 1], 'exclusive'),
      locks('h2', [10, 0], 'exclusive'),
    ],
    [
      'a range around length 0',
      ...two,
      locks('h', [10, 0], 'exclusive'),
      locks('h2', [9, 3], 'exclusive', REFUSED),
    ],
    ['length 0 twice', ...two, locks('h', [10, 0], 'exclusive'), locks('h2', [10, 0], 'exclusive')],
    [
      'beyond 2^53',
      ...two,
      locks('h', ['9007199254740993', 1], 'exclusive'),
      locks('h2', ['9007199254740992', 1], 'exclusive'),
    ],
    [
      'the last offset',
      ...two,
      locks('h', [LAST, 1], 'exclusive'),
      locks('h2', [LAST, 1], 'exclusive', REFUSED),
    ],
    [
      'round the end of the offsets',
      ...two,
      locks('h', [LAST, 2], 'exclusive', 'STATUS_INVALID_LOCK_RANGE'),
    ],
    [
      'without data access',
      ...two,
      open('D\\f', 'a', { access: 'FILE_READ_ATTRIBUTES' }),
      locks('a', [0, 1], 'shared', 'STATUS_ACCESS_DENIED'),
    ],
    ['a directory', open('D', 'd'), locks('d', [0, 1], 'shared', 'STATUS_INVALID_PARAMETER')],
  ],
  'what a lock keeps out': [
    [
      'others from reading what is locked exclusively',
      ...two,
      locks('h', [0, 10], 'exclusive'),
      read('h2', 5, 1, CONFLICT),
      read('h2', 10, 1, 'STATUS_SUCCESS'),
      read('h', 5, 1, 'STATUS_SUCCESS'),
    ],
    [
      'nobody from reading nothing',
      ...two,
      locks('h', [0, 10], 'exclusive'),
      read('h2', 5, 0, 'STATUS_SUCCESS'),
    ],
    [
      'nobody from reading what is shared',
      ...two,
      locks('h', [0, 10], 'shared'),
      read('h2', 5, 1, 'STATUS_SUCCESS'),
    ],
    [
      'others from writing',
      ...two,
      locks('h', [0, 10], 'exclusive'),
      write('h2', 'y', 5, CONFLICT),
      write('h', 'y', 5),
    ],
    [
      'everybody from writing what is shared',
      ...two,
      locks('h', [0, 10], 'shared'),
      write('h2', 'y', 5, CONFLICT),
      write('h', 'y', 5, CONFLICT),
    ],
    [
      'another stream is another file',
      ...two,
      create('D\\f:s', 's'),
      locks('h', [0, 10], 'exclusive'),
      locks('s', [0, 10], 'exclusive'),
    ],
  ],
  'how a lock ends': [
    [
      'unlocked',
      ...two,
      locks('h', [0, 10], 'exclusive'),
      unlocks('h', [0, 10]),
      locks('h2', [0, 10], 'exclusive'),
    ],
    [
      'a part of it is not it',
      ...two,
      locks('h', [0, 10], 'exclusive'),
      unlocks('h', [0, 5], 'STATUS_RANGE_NOT_LOCKED'),
    ],
    [
      'by another handle it is not',
      ...two,
      locks('h', [0, 10], 'exclusive'),
      unlocks('h2', [0, 10], 'STATUS_RANGE_NOT_LOCKED'),
    ],
    [
      'with another key it is not',
      ...two,
      locks('h', [0, 10], 'exclusive'),
      unlocks('h', [0, 10], 'STATUS_RANGE_NOT_LOCKED', { key: 7 }),
    ],
    [
      'locked twice, unlocked twice',
      ...two,
      locks('h', [0, 9], 'shared'),
      locks('h', [0, 9], 'shared'),
      unlocks('h', [0, 9]),
      unlocks('h', [0, 9]),
      unlocks('h', [0, 9], 'STATUS_RANGE_NOT_LOCKED'),
    ],
    [
      'closed',
      ...two,
      locks('h', [0, 10], 'exclusive'),
      close('h'),
      locks('h2', [0, 10], 'exclusive'),
    ],
  ],
  'a lock that waits': [
    [
      'until the other is unlocked',
      ...two,
      locks('h', [0, 10], 'exclusive'),
      locks('h2', [0, 10], 'exclusive', 'STATUS_PENDING', { failImmediately: false, as: 'r' }),
      waits('r'),
      unlocks('h', [0, 10]),
      ended('r', 'STATUS_SUCCESS'),
      locks('h', [0, 10], 'exclusive', REFUSED),
    ],
    [
      'until the other is closed',
      ...two,
      locks('h', [0, 10], 'exclusive'),
      locks('h2', [0, 10], 'exclusive', 'STATUS_PENDING', { failImmediately: false, as: 'r' }),
      close('h'),
      ended('r', 'STATUS_SUCCESS'),
    ],
    [
      'until it is cancelled',
      ...two,
      locks('h', [0, 10], 'exclusive'),
      locks('h2', [0, 10], 'exclusive', 'STATUS_PENDING', { failImmediately: false, as: 'r' }),
      { do: 'cancel', request: 'r' },
      ended('r', 'STATUS_CANCELLED'),
      unlocks('h', [0, 10]),
      locks('h', [0, 10], 'exclusive'),
    ],
    [
      'until its own handle is closed',
      ...two,
      locks('h', [0, 10], 'exclusive'),
      locks('h2', [0, 10], 'exclusive', 'STATUS_PENDING', { failImmediately: false, as: 'r' }),
      close('h2'),
      ended('r', 'STATUS_RANGE_NOT_LOCKED'),
    ],
  ],
});
