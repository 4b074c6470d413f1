// Goal: the volume answers as NTFS does, status by status (R-IO-2 to 19).
// Method: steps through the system services, each with the status that it returns. What the
// conformance cases cover already is not repeated here.
import { describe, expect, test } from 'vitest';
import type { ProfileName } from '../../contract/profiles.ts';
import { runSteps, type Stage } from './testing/runSteps.ts';
import {
  called,
  close,
  create,
  directory,
  dispose,
  expectOpen,
  file,
  link,
  lists,
  open,
  reads,
  remove,
  rename,
  standard,
  write,
  type Step,
} from './testing/steps.ts';

type Rows = readonly (readonly [string, ...Step[]])[];

const DELETE = { access: 'DELETE' };
const ALONE = { share: '' };
const DIRECTORY = { options: 'DIRECTORY_FILE' };
const SYNCHRONOUS = { options: 'SYNCHRONOUS_IO_NONALERT', access: 'MAXIMUM_ALLOWED|SYNCHRONIZE' };
const LISTED = {
  options: 'DIRECTORY_FILE|SYNCHRONOUS_IO_NONALERT',
  access: 'LIST_DIRECTORY|SYNCHRONIZE',
};
const REPLACE = { replace: true };
const POSIX_REPLACE = { flags: 3 };
const POSIX_DELETE = { flags: 3 };

const groups: Readonly<Record<string, Rows>> = {
  'names (R-IO-15)': [
    [
      'every component is checked before any is looked up',
      expectOpen('none\\a*b\\c', 'STATUS_OBJECT_NAME_INVALID'),
    ],
    ['a name of 255 units', file(`D\\${'x'.repeat(255)}`)],
    ['"file\\" is no file', file('D\\f'), expectOpen('D\\f\\', 'STATUS_OBJECT_NAME_INVALID')],
    ['"directory\\" is the directory', expectOpen('D\\', 'STATUS_SUCCESS')],
    [
      'a new name with a backslash at its end has to be a directory',
      create('D\\n\\', 'n', {}, 'STATUS_OBJECT_NAME_INVALID'),
      create('D\\n\\', 'n', DIRECTORY),
    ],
    [
      'the name is kept as it was made, and found however it is written',
      file('D\\Mixed'),
      open('d\\MIXED', 'f'),
      called('f', '\\D\\Mixed'),
    ],
    [
      'case counts where the caller says so',
      file('D\\Mixed'),
      open('D\\mixed', 'f', { caseSensitive: true }, 'STATUS_OBJECT_NAME_NOT_FOUND'),
      open('D\\Mixed', 'f', { caseSensitive: true }),
    ],
    [
      'relative to a handle',
      directory('D\\s'),
      file('D\\s\\f'),
      open('D', 'd', DIRECTORY),
      open('s\\f', 'f', { root: 'd' }),
      called('f', '\\D\\s\\f'),
      open('', 'again', { root: 'd' }),
      called('again', '\\D'),
    ],
    [
      'relative to a file there is nothing but its streams',
      file('D\\f'),
      open('D\\f', 'f'),
      open('x', 'x', { root: 'f' }, 'STATUS_OBJECT_PATH_NOT_FOUND'),
    ],
  ],
  'what is there, and what was asked for (R-IO-9)': [
    [
      'a directory where there is a file',
      file('D\\f'),
      open('D\\f', 'x', DIRECTORY, 'STATUS_NOT_A_DIRECTORY'),
    ],
    [
      'a file where there is a directory',
      open('D', 'x', { options: 'NON_DIRECTORY_FILE' }, 'STATUS_FILE_IS_A_DIRECTORY'),
    ],
    [
      'a directory is not overwritten',
      open('D', 'x', { disposition: 'OVERWRITE_IF' }, 'STATUS_OBJECT_NAME_COLLISION'),
      open(
        'D',
        'x',
        { disposition: 'SUPERSEDE', options: 'NON_DIRECTORY_FILE' },
        'STATUS_FILE_IS_A_DIRECTORY',
      ),
    ],
    [
      'an overwrite leaves nothing of the data',
      create('D\\f', 'f'),
      write('f', 'data'),
      close('f'),
      open('D\\f', 'g', { disposition: 'OVERWRITE' }),
      standard('g', {}),
    ],
    [
      'a read-only file',
      file('D\\f', { attributes: 'READONLY' }),
      open('D\\f', 'w', { access: 'FILE_WRITE_DATA' }, 'STATUS_ACCESS_DENIED'),
      open('D\\f', 'a', { access: 'FILE_APPEND_DATA' }, 'STATUS_ACCESS_DENIED'),
      open('D\\f', 'm'),
      write('m', 'x', 0, 'STATUS_ACCESS_DENIED'),
      open('D\\f', 'o', { disposition: 'OVERWRITE' }, 'STATUS_ACCESS_DENIED'),
      open('D\\f', 'd', { access: 'DELETE', options: 'DELETE_ON_CLOSE' }, 'STATUS_CANNOT_DELETE'),
      dispose('m', {}, 'STATUS_CANNOT_DELETE'),
    ],
    [
      'a read-only file that is being made may be written by its maker',
      create('D\\f', 'f', { attributes: 'READONLY' }),
      write('f', 'x'),
    ],
    [
      'SYSTEM must be asked for again',
      file('D\\f', { attributes: 'SYSTEM' }),
      open('D\\f', 'x', { disposition: 'SUPERSEDE' }, 'STATUS_ACCESS_DENIED'),
      open('D\\f', 'y', { disposition: 'SUPERSEDE', attributes: 'SYSTEM' }),
    ],
  ],
  'deletion (R-IO-2 to 7)': [
    [
      'any handle with DELETE may change its mind for all',
      create('D\\f', 'f1'),
      open('D\\f', 'f2'),
      dispose('f1'),
      expectOpen('D\\f', 'STATUS_DELETE_PENDING'),
      standard('f2', { links: 0, going: true }),
      dispose('f2', { delete: false }),
      close('f1'),
      close('f2'),
      expectOpen('D\\f', 'STATUS_SUCCESS'),
    ],
    [
      'delete on close shows only once that handle is closed, and can be taken back by another',
      create('D\\f', 'f1', { options: 'DELETE_ON_CLOSE' }),
      open('D\\f', 'f2'),
      standard('f2', {}),
      close('f1'),
      standard('f2', { links: 0, going: true }),
      dispose('f2', { delete: false }),
      close('f2'),
      expectOpen('D\\f', 'STATUS_SUCCESS'),
    ],
    ['the root stays', open('', 'r', DELETE), dispose('r', {}, 'STATUS_CANNOT_DELETE')],
    [
      'nothing is made in a directory that is going away',
      create('D\\d', 'd', DIRECTORY),
      dispose('d'),
      create('D\\d\\f', 'f', {}, 'STATUS_DELETE_PENDING'),
    ],
    [
      'one of two names goes, the other one and the file stay',
      create('D\\a', 'a'),
      link('a', 'D\\b'),
      standard('a', { links: 2 }),
      dispose('a'),
      standard('a', { links: 1, going: true }),
      expectOpen('D\\a', 'STATUS_DELETE_PENDING'),
      open('D\\b', 'b'),
      standard('b', { links: 1 }),
      close('a'),
      expectOpen('D\\a', 'STATUS_OBJECT_NAME_NOT_FOUND'),
      called('b', '\\D\\b'),
    ],
    [
      'a file deleted the POSIX way works on without a name',
      create('D\\f', 'f1'),
      open('D\\f', 'f2', { ...SYNCHRONOUS, access: 'FILE_ALL_ACCESS' }),
      dispose('f1', POSIX_DELETE),
      close('f1'),
      create('D\\f', 'another'),
      write('f2', 'data'),
      reads('f2', 'data', 10),
      standard('f2', { allocation: 4096, size: 4, links: 0, going: true }),
      dispose('f2', { delete: false }, 'STATUS_FILE_DELETED'),
      rename('f2', 'D\\g', {}, 'STATUS_FILE_DELETED'),
      link('f2', 'D\\g', {}, 'STATUS_FILE_DELETED'),
    ],
    [
      'deletion at close cannot be asked for later',
      create('D\\f', 'f'),
      dispose('f', { flags: 9 }, 'STATUS_NOT_SUPPORTED'),
    ],
    [
      'read-only can be ignored',
      create('D\\f', 'f', { attributes: 'READONLY' }),
      dispose('f', { flags: 1 }, 'STATUS_CANNOT_DELETE'),
      dispose('f', { flags: 0x11 }),
    ],
  ],
  'rename (R-IO-10 to 12)': [
    [
      'a directory over a file',
      directory('D\\d'),
      file('D\\f'),
      open('D\\d', 'd', DELETE),
      rename('d', 'D\\f', REPLACE, 'STATUS_ACCESS_DENIED'),
    ],
    [
      'over a read-only file',
      file('D\\ro', { attributes: 'READONLY' }),
      create('D\\f', 'f', DELETE),
      rename('f', 'D\\ro', REPLACE, 'STATUS_ACCESS_DENIED'),
    ],
    [
      'below a file, and into nowhere',
      file('D\\x'),
      create('D\\f', 'f', DELETE),
      rename('f', 'D\\x\\f', {}, 'STATUS_INVALID_PARAMETER'),
      rename('f', 'D\\none\\f', {}, 'STATUS_OBJECT_PATH_NOT_FOUND'),
    ],
    [
      'a colon makes no name',
      create('D\\f', 'f', DELETE),
      rename('f', 'D\\f:s', {}, 'STATUS_OBJECT_NAME_INVALID'),
    ],
    [
      'a directory does not fit into itself: its own handle, or the open target, is in the way',
      directory('D\\d'),
      directory('D\\d\\e'),
      open('D\\d', 'd', DELETE),
      rename('d', 'D\\d\\x', {}, 'STATUS_SHARING_VIOLATION'),
      rename('d', 'D\\d\\e\\x', {}, 'STATUS_ACCESS_DENIED'),
    ],
    [
      'an open stream far below holds a directory in its place',
      directory('D\\d'),
      directory('D\\d\\e'),
      file('D\\d\\e\\f:s'),
      open('D\\d\\e\\f:s', 's'),
      open('D\\d', 'd', DELETE),
      rename('d', 'D\\x', {}, 'STATUS_ACCESS_DENIED'),
      close('s'),
      rename('d', 'D\\x'),
      called('d', '\\D\\x'),
    ],
    [
      'an open target lives on when it is replaced the POSIX way',
      create('D\\t', 't', DELETE),
      create('D\\f', 'f'),
      rename('f', 'D\\t', POSIX_REPLACE),
      called('f', '\\D\\t'),
      standard('t', { links: 0, going: true }),
    ],
    [
      'directories are replaced the POSIX way only when they are empty',
      directory('D\\t'),
      file('D\\t\\f'),
      create('D\\d', 'd', { ...DIRECTORY, ...DELETE }),
      rename('d', 'D\\t', POSIX_REPLACE, 'STATUS_DIRECTORY_NOT_EMPTY'),
      remove('D\\t\\f'),
      rename('d', 'D\\t', POSIX_REPLACE),
    ],
    [
      'what is going away is neither renamed nor replaced',
      create('D\\f', 'f'),
      create('D\\t', 't'),
      dispose('t'),
      rename('t', 'D\\x', {}, 'STATUS_DELETE_PENDING'),
      rename('f', 'D\\t', POSIX_REPLACE, 'STATUS_DELETE_PENDING'),
    ],
    [
      'relative to a directory handle',
      directory('D\\d'),
      create('D\\f', 'f', DELETE),
      open('D\\d', 'd', { access: 'LIST_DIRECTORY' }),
      rename('f', 'g', { root: 'd' }),
      called('f', '\\D\\d\\g'),
    ],
  ],
  'links (R-IO-13)': [
    [
      'over itself there is nothing to do',
      create('D\\f', 'f'),
      link('f', 'D\\f', REPLACE),
      standard('f', {}),
    ],
    [
      'over an open or a read-only file',
      create('D\\f', 'f'),
      create('D\\o', 'o'),
      file('D\\ro', { attributes: 'READONLY' }),
      link('f', 'D\\o', REPLACE, 'STATUS_ACCESS_DENIED'),
      link('f', 'D\\ro', REPLACE, 'STATUS_ACCESS_DENIED'),
    ],
    [
      'into a directory that does not share writing',
      create('D\\f', 'f'),
      directory('D\\d'),
      open('D\\d', 'd', { access: 'FILE_READ_DATA', share: 'R' }),
      link('f', 'g', { root: 'd' }, 'STATUS_SHARING_VIOLATION'),
    ],
  ],
  'streams (R-IO-19)': [
    [
      'a stream makes its file',
      file('D\\f:s'),
      expectOpen('D\\f', 'STATUS_SUCCESS'),
      expectOpen('D\\f:other', 'STATUS_OBJECT_NAME_NOT_FOUND'),
      create('D\\f:S', 'x', {}, 'STATUS_OBJECT_NAME_COLLISION'),
    ],
    [
      'a stream is no directory',
      create('D\\f:s', 'x', DIRECTORY, 'STATUS_NOT_A_DIRECTORY'),
      open('D::$DATA', 'x', {}, 'STATUS_FILE_IS_A_DIRECTORY'),
      file('D:s'),
    ],
    ['another type of stream', expectOpen('D\\f:s:$BITMAP', 'STATUS_OBJECT_NAME_INVALID')],
    [
      'streams are shared one by one',
      create('D\\f', 'f', ALONE),
      create('D\\f:s', 's', { ...ALONE, access: 'FILE_WRITE_DATA' }),
      open('D\\f:s', 't', {}, 'STATUS_SHARING_VIOLATION'),
    ],
    [
      'a deleted stream goes alone',
      create('D\\f:s', 's'),
      dispose('s'),
      expectOpen('D\\f:s', 'STATUS_DELETE_PENDING'),
      close('s'),
      expectOpen('D\\f:s', 'STATUS_OBJECT_NAME_NOT_FOUND'),
      expectOpen('D\\f', 'STATUS_SUCCESS'),
    ],
    [
      'a deleted file takes its open streams along, whatever they say (R-IO-7)',
      create('D\\f', 'f'),
      create('D\\f:s', 's'),
      dispose('f'),
      standard('s', { links: 0, going: true }),
      dispose('s', { delete: false }),
      standard('s', { links: 0, going: true }),
      close('f'),
      expectOpen('D\\f', 'STATUS_DELETE_PENDING'),
      close('s'),
      expectOpen('D\\f', 'STATUS_OBJECT_NAME_NOT_FOUND'),
    ],
    [
      'a stream is renamed by ":name" only',
      create('D\\f:s', 's'),
      rename('s', 'D\\f:t', {}, 'STATUS_INVALID_PARAMETER'),
      rename('s', ':t'),
      called('s', '\\D\\f:t'),
      expectOpen('D\\f:s', 'STATUS_OBJECT_NAME_NOT_FOUND'),
    ],
    [
      'streams of directories neither become data nor come from it',
      directory('D\\d'),
      create('D\\d:s', 's'),
      rename('s', '::$DATA', REPLACE, 'STATUS_INVALID_PARAMETER'),
      open('D\\d', 'd', DELETE),
      rename('d', ':t', REPLACE, 'STATUS_INVALID_PARAMETER'),
    ],
    [
      'a stream takes the place of another one, unless that is open',
      create('D\\f:a', 'a'),
      create('D\\f:b', 'b'),
      rename('a', ':b', {}, 'STATUS_OBJECT_NAME_COLLISION'),
      rename('a', ':b', REPLACE, 'STATUS_ACCESS_DENIED'),
      close('b'),
      rename('a', ':b', REPLACE),
    ],
  ],
  'data (R-IO-17)': [
    [
      'what is read ends where the file ends',
      create('D\\f', 'f', SYNCHRONOUS),
      write('f', 'hello'),
      reads('f', 'llo', 100, 2),
      { do: 'read', handle: 'f', length: 1, offset: 5, expect: { status: 'STATUS_END_OF_FILE' } },
      { do: 'read', handle: 'f', length: 1, offset: 99, expect: { status: 'STATUS_END_OF_FILE' } },
    ],
    [
      'what was never written reads as zeros',
      create('D\\f', 'f', SYNCHRONOUS),
      write('f', 'x', 3),
      reads('f', '\0\0\0x', 10),
      { do: 'set-end-of-file', handle: 'f', size: 2 },
      { do: 'set-end-of-file', handle: 'f', size: 5 },
      reads('f', '\0\0\0\0\0', 10),
    ],
    [
      'a large file costs nothing until it is written',
      create('D\\f', 'f', SYNCHRONOUS),
      { do: 'set-end-of-file', handle: 'f', size: 1_000_000_000_000 },
      reads('f', '\0\0', 2, 999_999_999_998),
    ],
    [
      'less room than data cuts the data off',
      create('D\\f', 'f', SYNCHRONOUS),
      write('f', 'hello'),
      { do: 'set-allocation', handle: 'f', size: 2 },
      standard('f', { allocation: 4096, size: 2 }),
    ],
    [
      'a directory has no data',
      open('D', 'd', { ...DIRECTORY, access: 'FILE_ALL_ACCESS' }),
      {
        do: 'read',
        handle: 'd',
        length: 1,
        offset: 0,
        expect: { status: 'STATUS_INVALID_DEVICE_REQUEST' },
      },
      {
        do: 'set-allocation',
        handle: 'd',
        size: 2,
        expect: { status: 'STATUS_INVALID_PARAMETER' },
      },
    ],
    [
      'a size that no file can have',
      create('D\\f', 'f'),
      {
        do: 'set-end-of-file',
        handle: 'f',
        size: -1,
        expect: { status: 'STATUS_INVALID_PARAMETER' },
      },
      {
        do: 'set-end-of-file',
        handle: 'f',
        size: '9007199254740993',
        expect: { status: 'STATUS_INVALID_PARAMETER' },
      },
    ],
    [
      'directories are no temporary things',
      open('D', 'd', DIRECTORY),
      {
        do: 'set-basic',
        handle: 'd',
        attributes: 'TEMPORARY',
        expect: { status: 'STATUS_INVALID_PARAMETER' },
      },
      create('D\\f', 'f'),
      {
        do: 'set-basic',
        handle: 'f',
        attributes: 'DIRECTORY',
        expect: { status: 'STATUS_INVALID_PARAMETER' },
      },
    ],
  ],
  'listing a directory': [
    [
      'in order, without regard to case, with what came meanwhile',
      file('D\\b'),
      file('D\\A'),
      file('D\\C'),
      open('D', 'd', LISTED),
      lists('d', null, '.', '..', 'A', 'b', 'C'),
      file('D\\d'),
      lists('d', null, 'd'),
      {
        do: 'query-directory',
        handle: 'd',
        class: 'FileNamesInformation',
        expect: { status: 'STATUS_NO_MORE_FILES' },
      },
    ],
    [
      'the root has neither itself nor a parent in it',
      file('f'),
      open('', 'r', LISTED),
      lists('r', null, 'D', 'f'),
    ],
    [
      'nothing at all is said once',
      open('D', 'd', LISTED),
      {
        do: 'query-directory',
        handle: 'd',
        mask: 'none*',
        expect: { status: 'STATUS_NO_SUCH_FILE' },
      },
      { do: 'query-directory', handle: 'd', expect: { status: 'STATUS_NO_MORE_FILES' } },
    ],
  ],
  'access control': [
    [
      'a name is not added where that is denied',
      directory('D\\d'),
      open('D\\d', 'd', { access: 'WRITE_DAC' }),
      {
        do: 'set-security',
        handle: 'd',
        dacl: [{ sid: 'S-1-1-0', mask: 'FILE_ADD_SUBDIRECTORY' }],
      },
      create('D\\d\\f', 'f', {}, 'STATUS_ACCESS_DENIED'),
      create('D\\d\\s', 's', { ...DIRECTORY, access: 'DELETE' }),
    ],
    [
      'whoever may delete the children of a directory may replace them',
      directory('D\\d'),
      file('D\\d\\t'),
      open('D\\d\\t', 't', { access: 'WRITE_DAC' }),
      { do: 'set-security', handle: 't', dacl: [] },
      close('t'),
      create('D\\d\\f', 'f', DELETE),
      open('D\\d', 'd', { access: 'WRITE_DAC' }),
      {
        do: 'set-security',
        handle: 'd',
        dacl: [{ sid: 'S-1-1-0', mask: 'FILE_ADD_FILE|SYNCHRONIZE' }],
      },
      rename('f', 'D\\d\\t', REPLACE, 'STATUS_ACCESS_DENIED'),
      {
        do: 'set-security',
        handle: 'd',
        dacl: [{ sid: 'S-1-1-0', mask: 'FILE_ADD_FILE|SYNCHRONIZE|FILE_DELETE_CHILD' }],
      },
      rename('f', 'D\\d\\t', REPLACE),
    ],
  ],
};

const stage: Stage = { setup: [{ mkdir: 'D' }] };

describe.each(Object.entries(groups))('%s', (_group, rows) => {
  test.each(rows.map(([title, ...steps]) => ({ title, steps: steps as readonly Step[] })))(
    '$title',
    async ({ steps }) => {
      expect(await runSteps(steps, stage)).toMatchObject({ misses: [], notModelled: null });
    },
  );
});

const withoutPosix: readonly ProfileName[] = ['winxp', 'win2003', 'vista', 'win7', 'win81'];

test.each(withoutPosix)('%s has no POSIX deletion and no POSIX rename', async (profile) => {
  const steps = [
    create('D\\f', 'f'),
    dispose('f', POSIX_DELETE, 'STATUS_INVALID_INFO_CLASS'),
    rename('f', 'D\\g', POSIX_REPLACE, 'STATUS_INVALID_INFO_CLASS'),
  ];
  expect(await runSteps(steps, { ...stage, profile })).toMatchObject({ misses: [] });
});

const refused: readonly (readonly [string, string, ...Step[]])[] = [
  [
    'names that differ only in case',
    'names that differ only in case',
    file('D\\a'),
    create('D\\A', 'x', { caseSensitive: true }),
  ],
  ['an oplock at the open', 'oplocks', create('D\\f', 'f', { options: 'OPEN_REQUIRING_OPLOCK' })],
  ['encryption', 'encrypted files', create('D\\f', 'f', { attributes: 'ENCRYPTED' })],
];

test.each(
  refused.map(([title, what, ...steps]) => ({ title, what, steps: steps as readonly Step[] })),
)('refused by name: $title', async ({ what, steps }) => {
  expect((await runSteps(steps, stage)).notModelled).toBe(what);
});

test('the same steps leave the same trace, whatever the profile', async () => {
  const steps = [file('D\\a'), directory('D\\d'), remove('D\\a')];
  const [first, second] = [await runSteps(steps, stage), await runSteps(steps, stage)];
  expect(second.events).toEqual(first.events);
  expect(first.events.length).toBeGreaterThan(10);
});
