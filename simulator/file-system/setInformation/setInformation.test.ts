// Goal: names and streams go, move and multiply as on NTFS (R-IO-2 to 7, 10 to 13, 19).
// Method: steps through the system services, each with the status that it returns. What the
// conformance cases cover already is not repeated here.
import { expect, test } from 'vitest';
import type { ProfileName } from '../../../contract/profiles.ts';
import { describeSteps } from '../testing/describeSteps.ts';
import { runSteps } from '../testing/runSteps.ts';
import {
  called,
  close,
  create,
  directory,
  dispose,
  expectOpen,
  file,
  link,
  open,
  reads,
  remove,
  rename,
  standard,
  write,
} from '../testing/steps.ts';

const DELETE = { access: 'DELETE' };
const ALONE = { share: '' };
const DIRECTORY = { options: 'DIRECTORY_FILE' };
const SYNCHRONOUS = { options: 'SYNCHRONOUS_IO_NONALERT', access: 'MAXIMUM_ALLOWED|SYNCHRONIZE' };
const REPLACE = { replace: true };
const POSIX_REPLACE = { flags: 3 };
const POSIX_DELETE = { flags: 3 };

describeSteps({
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
      rename('d', 'D\\f', {}, 'STATUS_OBJECT_NAME_COLLISION'),
      rename('d', 'D\\f', REPLACE),
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
});

const stage = { setup: [{ mkdir: 'D' }] };

const withoutPosix: readonly ProfileName[] = ['winxp', 'win2003', 'vista', 'win7', 'win81'];

test.each(withoutPosix)('%s has no POSIX deletion and no POSIX rename', async (profile) => {
  const steps = [
    create('D\\f', 'f'),
    dispose('f', POSIX_DELETE, 'STATUS_INVALID_INFO_CLASS'),
    rename('f', 'D\\g', POSIX_REPLACE, 'STATUS_INVALID_INFO_CLASS'),
  ];
  expect(await runSteps(steps, { ...stage, profile })).toMatchObject({ misses: [] });
});
