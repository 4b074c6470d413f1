// Goal: names lead where NTFS leads them, and an open gets what it may have (R-IO-8, 9, 15).
// Method: steps through the system services, each with the status that it returns. What the
// conformance cases cover already is not repeated here.
import { expect, test } from 'vitest';
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
  open,
  rename,
  standard,
  write,
  type Step,
} from '../testing/steps.ts';

const DELETE = { access: 'DELETE' };
const DIRECTORY = { options: 'DIRECTORY_FILE' };
const REPLACE = { replace: true };

describeSteps({
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
});

const stage = { setup: [{ mkdir: 'D' }] };

const refused: readonly (readonly [string, string, ...Step[]])[] = [
  [
    'names that differ only in case',
    'names that differ only in case',
    file('D\\a'),
    create('D\\A', 'x', { caseSensitive: true }),
  ],

  ['encryption', 'encrypted files', create('D\\f', 'f', { attributes: 'ENCRYPTED' })],
];

test.each(
  refused.map(([title, what, ...steps]) => ({ title, what, steps: steps as readonly Step[] })),
)('refused by name: $title', async ({ what, steps }) => {
  expect((await runSteps(steps, stage)).notModelled).toBe(what);
});
