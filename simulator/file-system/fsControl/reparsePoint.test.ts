// Goal: reparse points are set, read, deleted and followed as Windows does.
// Method: tables of workload steps, each with the status that it has to return.
import { expect, test } from 'vitest';
import type { ProfileName } from '../../../contract/profiles.ts';
import { describeSteps } from '../testing/describeSteps.ts';
import { runSteps } from '../testing/runSteps.ts';
import { close, create, directory, file, open, reads, write, type Step } from '../testing/steps.ts';

type Status = `STATUS_${string}`;
const OK = 'STATUS_SUCCESS';
const GUID = '00112233445566778899aabbccddeeff';

const sets = (handle: string, more: object, status: Status = OK): Step => ({
  do: 'set-reparse',
  handle,
  ...more,
  expect: { status },
});
const deletes = (handle: string, more: object, status: Status = OK): Step => ({
  do: 'delete-reparse',
  handle,
  ...more,
  expect: { status },
});
const gets = (handle: string, length: number, status: Status): Step => ({
  do: 'get-reparse',
  handle,
  length,
  expect: { status },
});
const mount = (to: string): object => ({ tag: 'MOUNT_POINT', to });
const symlink = (to: string): object => ({ tag: 'SYMLINK', to, relative: true });
const junction = (path: string, to: string): Step => [
  create(path, 'j', { options: 'DIRECTORY_FILE' }),
  sets('j', mount(to)),
  close('j'),
];
const itself = (path: string, as: string, more: object = {}): Step =>
  open(path, as, { options: 'OPEN_REPARSE_POINT', ...more });
const ours = { tag: 0x80000abc, data: { hex: '0102' } };
const theirs = { tag: 0x1234, guid: GUID, data: { hex: '01' } };
const mayChildren = { tag: 0x90000abc, data: { hex: '01' } };

describeSteps({
  'setting one': [
    [
      'without the right',
      create('D\\f', 'c'),
      open('D\\f', 'h', { access: 'FILE_READ_DATA' }),
      sets('h', ours, 'STATUS_ACCESS_DENIED'),
    ],
    [
      'a mount point on a file',
      create('D\\f', 'h'),
      sets('h', mount('D'), 'STATUS_NOT_A_DIRECTORY'),
    ],
    [
      'a mount point on a stream',
      create('D\\f:s', 'h'),
      sets('h', mount('D'), 'STATUS_NOT_A_DIRECTORY'),
    ],
    [
      'a mount point on a full directory',
      directory('D\\d'),
      file('D\\d\\f'),
      open('D\\d', 'h'),
      sets('h', mount('D'), 'STATUS_DIRECTORY_NOT_EMPTY'),
    ],
    [
      'a tag whose directory may have children',
      directory('D\\d'),
      file('D\\d\\f'),
      open('D\\d', 'h'),
      sets('h', mayChildren),
      open('D\\d\\f', 'x'),
    ],
    [
      'a symbolic link without the privilege',
      create('D\\l', 'h'),
      sets('h', symlink('t'), 'STATUS_PRIVILEGE_NOT_HELD'),
    ],
    [
      'a tag that is reserved',
      create('D\\f', 'h'),
      sets('h', { tag: 1, guid: GUID }, 'STATUS_IO_REPARSE_TAG_INVALID'),
    ],
    [
      'another tag in its place',
      create('D\\f', 'h'),
      sets('h', ours),
      sets('h', { ...ours, tag: 0x80000abd }, 'STATUS_IO_REPARSE_TAG_MISMATCH'),
    ],
    [
      'another GUID in its place',
      create('D\\f', 'h'),
      sets('h', theirs),
      sets('h', { ...theirs, guid: 'ff'.repeat(16) }, 'STATUS_REPARSE_ATTRIBUTE_CONFLICT'),
    ],
    [
      'a GUID on a tag of Microsoft',
      create('D\\f', 'h'),
      sets('h', { ...ours, guid: GUID }, 'STATUS_IO_REPARSE_DATA_INVALID'),
    ],
  ],
  'reading and deleting it': [
    [
      'none',
      create('D\\f', 'h'),
      gets('h', 100, 'STATUS_NOT_A_REPARSE_POINT'),
      deletes('h', { tag: ours.tag }, 'STATUS_NOT_A_REPARSE_POINT'),
    ],
    [
      'as much as fits',
      create('D\\f', 'h'),
      sets('h', ours),
      gets('h', 10, OK),
      gets('h', 9, 'STATUS_BUFFER_OVERFLOW'),
      gets('h', 7, 'STATUS_BUFFER_TOO_SMALL'),
    ],
    [
      'the header with its GUID',
      create('D\\f', 'h'),
      sets('h', theirs),
      gets('h', 24, 'STATUS_BUFFER_OVERFLOW'),
      gets('h', 23, 'STATUS_BUFFER_TOO_SMALL'),
    ],
    [
      'deleted',
      create('D\\f', 'h'),
      sets('h', ours),
      deletes('h', { tag: ours.tag }),
      gets('h', 100, 'STATUS_NOT_A_REPARSE_POINT'),
    ],
    [
      'deleted with another GUID',
      create('D\\f', 'h'),
      sets('h', theirs),
      deletes('h', { tag: theirs.tag, guid: 'ff'.repeat(16) }, 'STATUS_REPARSE_ATTRIBUTE_CONFLICT'),
    ],
    [
      'an overwrite of it deletes it',
      create('D\\f', 'h'),
      sets('h', ours),
      close('h'),
      itself('D\\f', 'h', { disposition: 'OVERWRITE' }),
      gets('h', 100, 'STATUS_NOT_A_REPARSE_POINT'),
    ],
  ],
  'opening through it': [
    [
      'nobody claims the tag',
      create('D\\f', 'h'),
      sets('h', ours),
      close('h'),
      open('D\\f', 'x', {}, 'STATUS_IO_REPARSE_TAG_NOT_HANDLED'),
      itself('D\\f', 'y'),
    ],
    [
      'a directory behind a mount point',
      directory('D\\t'),
      create('D\\t\\f', 'f'),
      write('f', 'hello'),
      close('f'),
      junction('D\\m', 'D\\t'),
      open('D\\m\\f', 'x', { options: 'SYNCHRONOUS_IO_NONALERT', access: 'GENERIC_READ' }),
      reads('x', 'hello', 9),
    ],
    [
      'the way to it is always followed',
      directory('D\\t'),
      file('D\\t\\f'),
      junction('D\\m', 'D\\t'),
      itself('D\\m\\f', 'x'),
    ],
    [
      'a file made behind it',
      directory('D\\t'),
      junction('D\\m', 'D\\t'),
      file('D\\m\\n'),
      open('D\\t\\n', 'x'),
    ],
    [
      'a rename into it',
      directory('D\\t'),
      junction('D\\m', 'D\\t'),
      create('D\\f', 'f'),
      { do: 'rename', handle: 'f', to: 'D\\m\\n', expect: { status: OK } },
      open('D\\t\\n', 'x'),
    ],
    [
      'relative to a handle',
      directory('D\\t'),
      file('D\\t\\f'),
      junction('D\\m', 'D\\t'),
      open('D', 'd'),
      open('m\\f', 'x', { root: 'd' }),
    ],
    [
      'nothing behind it',
      junction('D\\m', 'D\\none'),
      open('D\\m', 'x', {}, 'STATUS_OBJECT_NAME_NOT_FOUND'),
      open('D\\m\\f', 'x', {}, 'STATUS_OBJECT_PATH_NOT_FOUND'),
    ],
    [
      'itself behind it',
      junction('D\\m', 'D\\m'),
      open('D\\m', 'x', {}, 'STATUS_REPARSE_POINT_NOT_RESOLVED'),
    ],
    [
      'a file of that name is there',
      junction('D\\m', 'D\\none'),
      create('D\\m', 'x', {}, 'STATUS_OBJECT_NAME_COLLISION'),
    ],
  ],
});

const linker = { main: { privileges: ['SeCreateSymbolicLinkPrivilege'] } };
const linkRows: readonly (readonly [string, ProfileName, ...Step[]])[] = [
  [
    'leads to its neighbour',
    'win10',
    file('D\\t'),
    create('D\\l', 'h'),
    sets('h', symlink('t')),
    close('h'),
    open('D\\l', 'x'),
  ],
  [
    'leads on',
    'win10',
    directory('D\\t'),
    file('D\\t\\f'),
    create('D\\l', 'h', { options: 'DIRECTORY_FILE' }),
    sets('h', symlink('t')),
    close('h'),
    open('D\\l\\f', 'x'),
  ],
  [
    'from the root',
    'win10',
    file('D\\t'),
    create('D\\l', 'h'),
    sets('h', { tag: 'SYMLINK', to: 'D\\t' }),
    close('h'),
    open('D\\l', 'x'),
  ],
  [
    'not from a file with data',
    'win10',
    create('D\\l', 'h'),
    write('h', 'x'),
    sets('h', symlink('t'), 'STATUS_IO_REPARSE_DATA_INVALID'),
  ],
  [
    'overwrites its target',
    'win10',
    create('D\\t', 't'),
    write('t', 'old'),
    close('t'),
    create('D\\l', 'h'),
    sets('h', symlink('t')),
    close('h'),
    open('D\\l', 'x', { disposition: 'OVERWRITE' }),
    close('x'),
    itself('D\\l', 'h'),
    gets('h', 100, OK),
  ],
  [
    'does not exist before Vista',
    'winxp',
    file('D\\t'),
    create('D\\l', 'h'),
    sets('h', symlink('t')),
    close('h'),
    open('D\\l', 'x', {}, 'STATUS_IO_REPARSE_TAG_NOT_HANDLED'),
  ],
];
test.each(linkRows)('a symbolic link %s (%s)', async (_title, profile, ...steps) => {
  const run = await runSteps(steps as readonly Step[], {
    profile: profile as ProfileName,
    setup: [{ mkdir: 'D' }],
    actors: linker,
  });
  expect(run).toMatchObject({ misses: [], notModelled: null });
});
