// Goal: an oplock is granted where Windows grants it, beside whatever else is held.
// Method: tables of workload steps, each with the status that it has to return.
import {
  asks,
  broken,
  describeRows,
  NOT_GRANTED,
  PENDING,
  R,
  RH,
  RW,
  RWH,
  type Status,
} from '../testing/oplockSteps.ts';
import { close, directory, file, open, type Step } from '../testing/steps.ts';

const SHARED = { access: 'MAXIMUM_ALLOWED' };
const two: Step = [file('D\\f'), open('D\\f', 'h', SHARED), open('D\\f', 'h2', SHARED)];
const one: Step = [file('D\\f'), open('D\\f', 'h', SHARED)];
const locked: Step = { do: 'lock', handle: 'h', offset: 0, length: 1 };
const unlocked: Step = { do: 'unlock', handle: 'h', offset: 0, length: 1 };
const SYNCHRONOUS = { access: 'GENERIC_READ|SYNCHRONIZE', options: 'SYNCHRONOUS_IO_NONALERT' };
const ended = (request: string, status: Status): Step => ({
  do: 'wait',
  request,
  limit_ms: 1,
  expect: { status },
});

describeRows({
  'who is granted what': [
    ...['LEVEL_1', 'BATCH', 'FILTER', RW, RWH].map((level): readonly [string, ...Step[]] => [
      `${level} wants to be alone`,
      two,
      asks('h', level, NOT_GRANTED),
      close('h2'),
      asks('h', level),
    ]),
    ...['LEVEL_2', R, RH].map((level): readonly [string, ...Step[]] => [
      `${level} wants no byte-range lock`,
      two,
      locked,
      asks('h2', level, NOT_GRANTED),
      unlocked,
      asks('h2', level),
    ]),
    [
      'a synchronous handle gets none',
      file('D\\f'),
      open('D\\f', 'h', SYNCHRONOUS),
      asks('h', 'LEVEL_2', NOT_GRANTED),
    ],
    [
      'level 2 beside level 2 and read',
      two,
      asks('h', 'LEVEL_2'),
      asks('h2', R, PENDING, 'p'),
      asks('h2', 'LEVEL_2', PENDING, 'q'),
    ],
    ['read-handle beside read-handle', two, asks('h', RH), asks('h2', RH, PENDING, 'p')],
    ['no read-handle beside level 2', two, asks('h', 'LEVEL_2'), asks('h2', RH, NOT_GRANTED)],
    ['no level 2 beside read-handle', two, asks('h', RH), asks('h2', 'LEVEL_2', NOT_GRANTED)],
    [
      'a new read oplock takes over from the same handle',
      one,
      asks('h', R),
      asks('h', R, PENDING, 'p'),
      ended('o', 'STATUS_OPLOCK_SWITCHED_TO_NEW_HANDLE'),
    ],
    [
      'read grows to read-write-handle',
      one,
      asks('h', R),
      asks('h', RWH, PENDING, 'p'),
      ended('o', 'STATUS_OPLOCK_SWITCHED_TO_NEW_HANDLE'),
    ],
    ['read-write does not come out of read-handle', one, asks('h', RH), asks('h', RW, NOT_GRANTED)],
    [
      'level 1 ends a level 2 of the same handle',
      one,
      asks('h', 'LEVEL_2'),
      asks('h', 'LEVEL_1', PENDING, 'p'),
      broken('none'),
    ],
    ['nothing beside level 1', one, asks('h', 'LEVEL_1'), asks('h', 'LEVEL_2', NOT_GRANTED)],
    [
      'a directory has no legacy one',
      directory('D\\d'),
      open('D\\d', 'h'),
      asks('h', 'LEVEL_2', 'STATUS_INVALID_PARAMETER'),
    ],
    [
      'a directory has read and handle caching',
      directory('D\\d'),
      open('D\\d', 'h'),
      asks('h', RH),
    ],
    [
      'nobody writes into a directory',
      directory('D\\d'),
      open('D\\d', 'h'),
      asks('h', RWH, 'STATUS_INVALID_PARAMETER'),
    ],
    ['a combination that there is not', one, asks('h', 'CACHE_HANDLE', 'STATUS_INVALID_PARAMETER')],
    [
      'a buffer that is too short',
      one,
      {
        do: 'fsctl',
        handle: 'h',
        code: 'REQUEST_OPLOCK',
        length: 24,
        data: { hex: '0100' },
        expect: { status: 'STATUS_BUFFER_TOO_SMALL' },
      },
    ],
  ],
});

describeRows(
  {
    'before Windows 7': [
      ['there is no caching to ask for', one, asks('h', R, 'STATUS_INVALID_DEVICE_REQUEST')],
      [
        'a lock that is gone counts as well',
        two,
        locked,
        unlocked,
        asks('h2', 'LEVEL_2', NOT_GRANTED),
      ],
      [
        'until everybody has closed',
        two,
        locked,
        unlocked,
        close('h'),
        close('h2'),
        open('D\\f', 'h3', SHARED),
        asks('h3', 'LEVEL_2'),
      ],
    ],
  },
  'vista',
);
