// Goal: what Wine does instead of Windows is known by value, and the table of known deviations rests on
// what was seen. Method: each row is a workload; `wine` is what the last lines of its trace say on Wine
// 8.0, `windows` what the rule says. When a newer Wine mends one, its row fails here and goes there.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startAgent, type AgentClient } from '../lab/agentClient/index.ts';
import { observe } from './testing/runOnWine.ts';
import type { Step } from './testing/steps.ts';
import { installed, prepareWine, type WineFolder } from './testing/wine.ts';

let wine: WineFolder;
let client: AgentClient;

beforeAll(async () => {
  wine = await prepareWine();
  client = await startAgent({
    kind: 'wine',
    ...installed,
    state: 'C:\\fltlab\\state-deviations',
    roots: { C: 'C:\\fltlab\\work-deviations' },
    machine: wine.machine,
  });
});
afterAll(async () => {
  await client?.quit();
  await wine?.stop();
});

const FILE = 'NON_DIRECTORY_FILE|SYNCHRONOUS_IO_NONALERT';
const FOLDER = 'DIRECTORY_FILE|SYNCHRONOUS_IO_NONALERT';
const make = (path: string, more: Step = {}): Step => ({
  do: 'create',
  path,
  as: 'f',
  access: 'GENERIC_READ|GENERIC_WRITE|DELETE|SYNCHRONIZE',
  disposition: 'CREATE',
  options: FILE,
  ...more,
});
const open = (path: string, more: Step = {}): Step => make(path, { disposition: 'OPEN', ...more });
const close = (handle = 'f'): Step => ({ do: 'close', handle });
const watch = (more: Step = {}): Step =>
  make('w', {
    as: 'd',
    access: 'FILE_ALL_ACCESS',
    disposition: 'OPEN_IF',
    options: 'DIRECTORY_FILE',
    ...more,
  });
const notify = (as = 'n', more: Step = {}): Step => ({
  do: 'notify',
  handle: 'd',
  filter: 'FILE_NAME',
  length: 1000,
  as,
  ...more,
});
const wait = (request = 'n', limit_ms = 2_000): Step => ({ do: 'wait', request, limit_ms });
const brief = (request = 'n'): Step => wait(request, 100);
const dispose: Step = { do: 'set-disposition', handle: 'f' };
const rename = (to: string, more: Step = {}): Step => ({ do: 'rename', handle: 'f', to, ...more });
const standard: Step = {
  do: 'query-information',
  handle: 'f',
  class: 'FileStandardInformation',
};

interface Row {
  readonly rule: string;
  readonly what: string;
  readonly setup?: readonly Step[];
  readonly steps: readonly Step[];
  readonly wine: readonly string[];
  readonly windows: readonly string[];
}

const rows: readonly Row[] = [
  {
    rule: 'R-NOTIFY-47',
    what: 'closing the handle completes its requests with another status',
    steps: [watch(), notify(), close('d')],
    wine: ['s2 → n HANDLES_CLOSED 0x0', 's3 close SUCCESS'],
    windows: ['s2 → n NOTIFY_CLEANUP 0x0', 's3 close SUCCESS'],
  },
  {
    rule: 'R-NOTIFY-25',
    what: 'entries follow each other without padding to four bytes',
    setup: [{ file: 'w\\foo' }],
    steps: [watch(), notify(), open('w\\foo'), rename('w\\bar'), wait()],
    wine: ['s2 → n SUCCESS 0x24 RENAMED_OLD_NAME foo RENAMED_NEW_NAME bar'],
    windows: ['s2 → n SUCCESS 0x26 RENAMED_OLD_NAME foo RENAMED_NEW_NAME bar'],
  },
  {
    rule: 'R-NOTIFY-6',
    what: 'a notify on a file is refused with another status',
    steps: [make('x', { as: 'd', options: 'NON_DIRECTORY_FILE' }), notify()],
    wine: ['s2 notify OBJECT_TYPE_MISMATCH'],
    windows: ['s2 notify INVALID_PARAMETER'],
  },
  ...['EA', 'STREAM_NAME', 'STREAM_SIZE', 'STREAM_WRITE', '0xfff'].map((filter) => ({
    rule: 'R-NOTIFY-30',
    what: `the filter ${filter} is refused: no bit beyond 0x17f is known`,
    steps: [watch(), notify('n', { filter })],
    wine: ['s2 notify INVALID_PARAMETER'],
    windows: ['s2 notify PENDING unchanged reset'],
  })),
  {
    rule: 'R-NOTIFY-5',
    what: 'a notify needs no FILE_LIST_DIRECTORY',
    setup: [{ mkdir: 'w' }],
    steps: [watch({ access: 'FILE_READ_ATTRIBUTES|SYNCHRONIZE' }), notify()],
    wine: ['s2 notify PENDING unchanged reset'],
    windows: ['s2 notify ACCESS_DENIED'],
  },
  {
    rule: 'R-NOTIFY-14',
    what: 'a first request without a buffer does not keep the later ones from their entries',
    steps: [
      watch(),
      notify('n0', { length: 0 }),
      make('w\\a'),
      close(),
      wait('n0'),
      notify(),
      make('w\\b'),
      close(),
      wait(),
    ],
    wine: ['s2 → n0 NOTIFY_ENUM_DIR 0x0', 's6 → n SUCCESS 0xe ADDED b'],
    windows: ['s2 → n0 NOTIFY_ENUM_DIR 0x0', 's6 → n NOTIFY_ENUM_DIR 0x0'],
  },
  {
    rule: 'R-NOTIFY-26',
    what: 'a recursive watch does not see into folders that were there before it',
    setup: [{ mkdir: 'w\\s' }],
    steps: [watch(), notify('n', { tree: true }), make('w\\s\\x'), close(), brief()],
    wine: ['s5 wait TIMEOUT'],
    windows: ['s2 → n SUCCESS 0x12 ADDED s\\x', 's5 wait SUCCESS'],
  },
  {
    rule: 'R-NOTIFY-48',
    what: 'deleting the watched folder leaves its request pending',
    setup: [{ mkdir: 'w' }],
    steps: [watch(), notify(), open('w', { options: FOLDER }), dispose, close(), brief()],
    wine: ['s6 wait TIMEOUT'],
    windows: ['s2 → n DELETE_PENDING 0x0', 's6 wait SUCCESS'],
  },
  {
    rule: 'R-NOTIFY-36',
    what: 'a change of the creation time is not reported',
    setup: [{ file: 'w\\f' }],
    steps: [
      watch(),
      notify('n', { filter: 'CREATION' }),
      open('w\\f', { access: 'FILE_ALL_ACCESS' }),
      { do: 'set-basic', handle: 'f', creationTime: '128166372003061629' },
      brief(),
    ],
    wine: ['s4 set-basic SUCCESS 0x0', 's5 wait TIMEOUT'],
    windows: ['s2 → n SUCCESS 0xe MODIFIED f', 's5 wait SUCCESS'],
  },
  {
    rule: 'R-NOTIFY-36',
    what: 'a change of the last access time is not reported',
    setup: [{ file: 'w\\f' }],
    steps: [
      watch(),
      notify('n', { filter: 'LAST_ACCESS' }),
      open('w\\f', { access: 'FILE_ALL_ACCESS' }),
      { do: 'set-basic', handle: 'f', lastAccessTime: '128166372003061629' },
      brief(),
    ],
    wine: ['s4 set-basic SUCCESS 0x0', 's5 wait TIMEOUT'],
    windows: ['s2 → n SUCCESS 0xe MODIFIED f', 's5 wait SUCCESS'],
  },
  {
    rule: 'R-IO-20',
    what: 'a notify on a synchronous handle does not wait',
    steps: [watch({ options: FOLDER }), notify(), make('w\\a'), close(), wait()],
    wine: ['s2 notify PENDING', 's2 → n SUCCESS 0xe ADDED a'],
    windows: ['s2 notify does not return before w\\a is made'],
  },
  {
    rule: 'R-IO-17',
    what: 'a read on an asynchronous handle that is done at once still says PENDING',
    setup: [{ file: 'f', data: { text: 'hello' } }],
    steps: [
      open('f', { options: 'NON_DIRECTORY_FILE' }),
      { do: 'read', handle: 'f', length: 2, offset: 0, as: 'r' },
    ],
    wine: ['s2 read PENDING 0x2 SUCCESS/0x2 signalled', 's2 → r SUCCESS 0x2 6865 at once'],
    windows: ['s2 read SUCCESS 0x2 SUCCESS/0x2 signalled', 's2 → r SUCCESS 0x2 6865 at once'],
  },
  {
    rule: 'R-IO-17',
    what: 'a read on an asynchronous handle at the end of the file pends, and fails later',
    setup: [{ file: 'f' }],
    steps: [
      open('f', { options: 'NON_DIRECTORY_FILE' }),
      { do: 'read', handle: 'f', length: 2, offset: 0, as: 'r' },
    ],
    wine: ['s2 read PENDING 0x0 END_OF_FILE/0x0 signalled', 's2 → r END_OF_FILE 0x0 at once'],
    windows: ['s2 read END_OF_FILE'],
  },
  {
    rule: 'R-IO-1',
    what: 'a setting that fails writes its I/O status block',
    setup: [{ file: 'a' }, { file: 'b' }],
    steps: [open('a'), rename('b')],
    wine: ['s2 rename OBJECT_NAME_COLLISION 0x0'],
    windows: ['s2 rename OBJECT_NAME_COLLISION'],
  },
  {
    rule: 'R-IO-1',
    what: 'a query that fails writes its I/O status block',
    setup: [{ file: 'a' }],
    steps: [open('a'), { ...standard, length: 4 }],
    wine: ['s2 query-information INFO_LENGTH_MISMATCH 0x0'],
    windows: ['s2 query-information INFO_LENGTH_MISMATCH'],
  },
  {
    rule: 'R-IO-17',
    what: 'a synchronous read at the end of the file writes its I/O status block',
    setup: [{ file: 'a' }],
    steps: [open('a'), { do: 'read', handle: 'f', length: 4 }],
    wine: ['s2 read END_OF_FILE 0x0'],
    windows: ['s2 read END_OF_FILE'],
  },
  {
    rule: 'R-IO-2',
    what: 'FileDispositionInformation of no length: another status',
    setup: [{ file: 'a' }],
    steps: [open('a'), { do: 'set-information', handle: 'f', class: 13, data: { hex: '' } }],
    wine: ['s2 set-information INVALID_PARAMETER_3 0x0'],
    windows: ['s2 set-information INFO_LENGTH_MISMATCH'],
  },
  {
    rule: 'R-IO-2',
    what: 'FileDispositionInformation queried: another status',
    setup: [{ file: 'a' }],
    steps: [open('a'), { do: 'query-information', handle: 'f', class: 13 }],
    wine: ['s2 query-information NOT_IMPLEMENTED 0x0'],
    windows: ['s2 query-information INVALID_INFO_CLASS'],
  },
  {
    rule: 'R-IO-3',
    what: 'a file that is to be deleted can be opened, and does not say so',
    setup: [{ file: 'a' }],
    steps: [open('a'), dispose, open('a', { as: 'g' }), standard],
    wine: [
      's3 create SUCCESS 0x1',
      's4 query-information SUCCESS 0x18 000000000000000000000000000000000100000000000000',
    ],
    windows: [
      's3 create DELETE_PENDING',
      's4 query-information SUCCESS 0x18 000000000000000000000000000000000000000001000000',
    ],
  },
  {
    rule: 'R-IO-4',
    what: 'POSIX deletion is not there',
    setup: [{ file: 'a' }],
    steps: [open('a'), { do: 'set-disposition', handle: 'f', flags: 3 }],
    wine: ['s2 set-disposition NOT_IMPLEMENTED 0x0'],
    windows: ['s2 set-disposition SUCCESS 0x0'],
  },
  {
    rule: 'R-IO-11',
    what: 'POSIX rename is not there',
    setup: [{ file: 'a' }],
    steps: [open('a'), rename('b', { flags: 3 })],
    wine: ['s2 rename NOT_IMPLEMENTED 0x0'],
    windows: ['s2 rename SUCCESS 0x0'],
  },
  {
    rule: 'R-IO-9',
    what: 'a read-only file can be overwritten',
    setup: [{ file: 'a', attributes: 'READONLY' }],
    steps: [open('a', { disposition: 'OVERWRITE', access: 'FILE_READ_ATTRIBUTES|SYNCHRONIZE' })],
    wine: ['s1 create SUCCESS 0x3'],
    windows: ['s1 create ACCESS_DENIED'],
  },
  {
    rule: 'R-IO-9',
    what: 'overwriting may take the hidden attribute away',
    setup: [{ file: 'a', attributes: 'HIDDEN' }],
    steps: [open('a', { disposition: 'OVERWRITE' })],
    wine: ['s1 create SUCCESS 0x3'],
    windows: ['s1 create ACCESS_DENIED'],
  },
  {
    rule: 'R-IO-10',
    what: 'a rename needs no DELETE access',
    setup: [{ file: 'a' }],
    steps: [open('a', { access: 'GENERIC_READ|SYNCHRONIZE' }), rename('b')],
    wine: ['s2 rename SUCCESS 0x0'],
    windows: ['s2 rename ACCESS_DENIED'],
  },
  {
    rule: 'R-IO-10',
    what: 'a rename may replace a read-only file',
    setup: [{ file: 'a' }, { file: 'b', attributes: 'READONLY' }],
    steps: [open('a'), rename('b', { replace: true })],
    wine: ['s2 rename SUCCESS 0x0'],
    windows: ['s2 rename ACCESS_DENIED'],
  },
  {
    rule: 'R-IO-10',
    what: 'a rename to a place below a file: another status',
    setup: [{ file: 'a' }, { file: 'b' }],
    steps: [open('a'), rename('b\\c')],
    wine: ['s2 rename OBJECT_PATH_NOT_FOUND 0x0'],
    windows: ['s2 rename INVALID_PARAMETER'],
  },
  {
    rule: 'R-IO-12',
    what: 'a folder with an open file in it can be renamed',
    setup: [{ file: 'd\\c' }],
    steps: [open('d\\c', { as: 'c' }), open('d', { options: FOLDER }), rename('e')],
    wine: ['s3 rename SUCCESS 0x0'],
    windows: ['s3 rename ACCESS_DENIED'],
  },
  {
    rule: 'R-IO-15',
    what: 'a name of 256 characters: another status',
    steps: [make('x'.repeat(256))],
    wine: ['s1 create OBJECT_NAME_NOT_FOUND'],
    windows: ['s1 create OBJECT_NAME_INVALID'],
  },
  {
    rule: 'R-IO-15',
    what: 'a lone surrogate is no part of a name',
    steps: [make('\ud800')],
    wine: ['s1 create OBJECT_NAME_NOT_FOUND'],
    windows: ['s1 create SUCCESS 0x2'],
  },
  {
    rule: 'R-IO-19',
    what: 'a stream is a file of its own with a colon in its name',
    steps: [make('f:s'), open('f', { as: 'g' })],
    wine: ['s1 create SUCCESS 0x2', 's2 create OBJECT_NAME_NOT_FOUND'],
    windows: ['s1 create SUCCESS 0x2', 's2 create SUCCESS 0x1'],
  },
  {
    rule: 'none',
    what: 'FileAllocationInformation is not there',
    setup: [{ file: 'a' }],
    steps: [open('a'), { do: 'set-allocation', handle: 'f', size: 4096 }],
    wine: ['s2 set-allocation NOT_IMPLEMENTED 0x0'],
    windows: ['s2 set-allocation SUCCESS 0x0'],
  },
  {
    rule: 'none',
    what: 'a range of a file is neither locked nor unlocked',
    setup: [{ file: 'a' }],
    steps: [
      open('a'),
      { do: 'lock', handle: 'f', offset: 0, length: 2, exclusive: true, failImmediately: true },
      { do: 'unlock', handle: 'f', offset: 0, length: 2 },
    ],
    wine: ['s2 lock NOT_IMPLEMENTED', 's3 unlock NOT_IMPLEMENTED'],
    windows: ['s2 lock SUCCESS 0x0', 's3 unlock SUCCESS 0x0'],
  },
  {
    rule: 'R-REDIRECT-11',
    what: 'a reparse tag of another party is refused, and the file opens as it is',
    setup: [{ file: 'a' }],
    steps: [
      open('a', { options: `${FILE}|OPEN_REPARSE_POINT` }),
      {
        do: 'set-reparse',
        handle: 'f',
        tag: 19526,
        guid: '1f2b5d6ca4930c4e8d1e52709b44c30a',
        data: { text: 'a' },
      },
      close(),
      open('a'),
    ],
    wine: ['s2 set-reparse NOT_SUPPORTED', 's4 create SUCCESS 0x1'],
    windows: ['s2 set-reparse SUCCESS 0x0', 's4 create IO_REPARSE_TAG_NOT_HANDLED'],
  },
  {
    rule: 'none',
    what: 'the flush of what is no view: another status',
    steps: [
      open('absent'),
      { do: 'create-section', handle: 'f', protection: 'READONLY', as: 's' },
      { do: 'map-view', handle: 's', as: 'v' },
      { do: 'flush-view', view: 'v' },
    ],
    wine: ['s4 flush-view INVALID_PARAMETER'],
    windows: ['s4 flush-view NOT_MAPPED_VIEW'],
  },
  {
    rule: 'none',
    what: 'extended attributes are refused, and none are found',
    setup: [{ file: 'a' }],
    steps: [
      open('a', { access: 'FILE_ALL_ACCESS' }),
      { do: 'set-ea', handle: 'f', eas: [{ name: 'COLOUR', value: { text: 'blue' } }] },
      { do: 'query-ea', handle: 'f' },
    ],
    wine: ['s2 set-ea ACCESS_DENIED', 's3 query-ea NO_EAS_ON_FILE'],
    windows: ['s2 set-ea SUCCESS 0x0', 's3 query-ea SUCCESS 0x13'],
  },
  {
    rule: 'none',
    what: 'attributes can be set without FILE_WRITE_ATTRIBUTES',
    setup: [{ file: 'a' }],
    steps: [
      open('a', { access: 'GENERIC_READ|SYNCHRONIZE' }),
      { do: 'set-basic', handle: 'f', attributes: 'HIDDEN' },
    ],
    wine: ['s2 set-basic SUCCESS 0x0'],
    windows: ['s2 set-basic ACCESS_DENIED'],
  },
  {
    rule: 'none',
    what: 'there are no oplocks',
    setup: [{ file: 'a' }],
    steps: [
      open('a', { options: 'NON_DIRECTORY_FILE' }),
      { do: 'request-oplock', handle: 'f', level: 'BATCH', as: 'o' },
      { do: 'request-oplock', handle: 'f', level: 'CACHE_READ|CACHE_HANDLE', as: 'p' },
      { do: 'on-break', request: 'o', as: 'x' },
      { do: 'fsctl', handle: 'f', code: 'OPLOCK_BREAK_ACKNOWLEDGE' },
    ],
    wine: [
      's2 request-oplock NOT_SUPPORTED',
      's3 request-oplock NOT_SUPPORTED',
      's5 fsctl NOT_SUPPORTED',
    ],
    windows: [
      's2 request-oplock PENDING',
      's3 request-oplock OPLOCK_NOT_GRANTED',
      's5 fsctl INVALID_OPLOCK_PROTOCOL',
    ],
  },
];

test.each(rows)('$rule: $what', async ({ setup = [], steps, wine: expected, windows }) => {
  const { told, end } = await observe(client, { setup, steps });
  expect(end.how).toBe('completed');
  expect(told.filter((line) => expected.includes(line))).toEqual(expected);
  expect(expected, 'what does not deviate has no row').not.toEqual(windows);
});
