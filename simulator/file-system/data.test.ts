// Goal: data is read as it was written, and directories list what they hold (R-IO-17).
// Method: steps through the system services, each with the status that it returns. What the
// conformance cases cover already is not repeated here.
import { expect, test } from 'vitest';
import { describeSteps } from './testing/describeSteps.ts';
import { runSteps } from './testing/runSteps.ts';
import {
  create,
  directory,
  file,
  lists,
  open,
  reads,
  remove,
  standard,
  write,
} from './testing/steps.ts';

const DIRECTORY = { options: 'DIRECTORY_FILE' };
const SYNCHRONOUS = { options: 'SYNCHRONOUS_IO_NONALERT', access: 'MAXIMUM_ALLOWED|SYNCHRONIZE' };
const LISTED = {
  options: 'DIRECTORY_FILE|SYNCHRONOUS_IO_NONALERT',
  access: 'LIST_DIRECTORY|SYNCHRONIZE',
};

describeSteps({
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
});

const stage = { setup: [{ mkdir: 'D' }] };

test('the same steps leave the same trace, whatever the profile', async () => {
  const steps = [file('D\\a'), directory('D\\d'), remove('D\\a')];
  const [first, second] = [await runSteps(steps, stage), await runSteps(steps, stage)];
  expect(second.events).toEqual(first.events);
  expect(first.events.length).toBeGreaterThan(10);
});
