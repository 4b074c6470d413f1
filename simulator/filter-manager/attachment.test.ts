// Goal: who is asked about an operation, and how an instance comes and goes.
// Method: as in filterManager.test.ts.
import { expect, test } from 'vitest';
import { NtStatus, OperationRegistrationFlag } from '../../contract/windows/index.ts';
import {
  closeFile,
  flushFile,
  noCallback,
  openDirectory,
  openFile,
  play,
  speaker,
  Post,
  unloader,
  watch,
  withCallback,
  type ScriptedFilter,
} from './testing/bench.ts';

const FLUSH = [openFile, flushFile, closeFile];
const top = speaker('top', '300000', 'IRP_MJ_FLUSH_BUFFERS');
const bottom = speaker('bottom', '100000', 'IRP_MJ_FLUSH_BUFFERS');

const Skip = OperationRegistrationFlag;
test.each([
  ['nothing skipped', 0, true],
  ['SKIP_NON_DASD_IO', Skip.FLTFL_OPERATION_REGISTRATION_SKIP_NON_DASD_IO, false],
  ['SKIP_PAGING_IO', Skip.FLTFL_OPERATION_REGISTRATION_SKIP_PAGING_IO, true],
] as const)('%s (R-FLT-2)', async (_title, flags, asked) => {
  const filter: ScriptedFilter = {
    name: 'filter',
    altitude: '1',
    on: ({ say }) => ({
      IRP_MJ_FLUSH_BUFFERS: {
        flags,
        pre: () => {
          say('asked');
          return noCallback;
        },
      },
    }),
  };
  expect((await play([filter], FLUSH)).story).toEqual(asked ? ['asked'] : []);
});

test('a post-operation alone is legal, and is called', async () => {
  const filter: ScriptedFilter = {
    name: 'filter',
    altitude: '1',
    on: ({ say }) => ({
      IRP_MJ_FLUSH_BUFFERS: {
        post: () => {
          say('post');
          return Post.FLT_POSTOP_FINISHED_PROCESSING;
        },
      },
    }),
  };
  expect((await play([filter], FLUSH)).story).toEqual(['post']);
});

test('InstanceSetup that refuses is not attached, in silence (R-FLT-8)', async () => {
  const refusing = {
    ...top,
    callbacks: () => ({ instanceSetup: () => NtStatus.STATUS_FLT_DO_NOT_ATTACH }),
  };
  const told = await play([refusing, bottom], FLUSH);
  expect(told.story).toEqual(['+bottom', '-bottom STATUS_SUCCESS']);
});

test('a second filter at the same altitude is not attached (R-FLT-3)', async () => {
  const told = await play([top, { ...bottom, altitude: '300000.0' }], FLUSH);
  expect(told.story).toEqual(['+top', '-top STATUS_SUCCESS']);
});

test('teardown callbacks: start before draining, complete after', async () => {
  const filter: ScriptedFilter = {
    name: 'filter',
    altitude: '2',
    on: ({ say }) => ({
      IRP_MJ_DIRECTORY_CONTROL: {
        pre: () => withCallback,
        post: () => {
          say('drained');
          return Post.FLT_POSTOP_FINISHED_PROCESSING;
        },
      },
    }),
    callbacks: ({ say }) => ({
      instanceTeardownStart: (_objects, reason) => say(`start ${reason}`),
      instanceTeardownComplete: (_objects, reason) => say(`complete ${reason}`),
    }),
  };
  const told = await play([filter, unloader('filter')], [openDirectory, watch, ...FLUSH]);
  expect(told.story).toEqual(['start 2', 'drained', 'complete 2']);
});
