// Goal: what a filter sees of a directory notification, by Windows version and by who makes the change.
// Method: as in filterManager.test.ts.
import { expect, test } from 'vitest';
import { CallbackDataFlag, NtStatus } from '../../contract/windows/index.ts';
import type { CallbackData } from './callbackData.ts';
import type { PreResult } from './filter.ts';
import {
  closeFile,
  completionOf,
  flushFile,
  openDirectory,
  openFile,
  play,
  Post,
  Pre,
  unloader,
  watch,
  withCallback,
  type ScriptedFilter,
  type Stage,
} from './testing/bench.ts';

const FLUSH = [openFile, flushFile, closeFile];
const returns = (status: number, completionContext = 0): PreResult => ({
  status,
  completionContext,
});

const watcher = (pre: (stage: Stage, data: CallbackData) => PreResult): ScriptedFilter => ({
  name: 'watcher',
  altitude: '200000',
  on: (stage) => ({
    IRP_MJ_DIRECTORY_CONTROL: {
      pre: (data) => pre(stage, data),
      post: (data, _objects, _context, flags) => {
        const shown = `0x${(data.flags >>> 0).toString(16)}`;
        const buffer = stage.manager.newSystemBuffer(data) === 0 ? 'none' : 'new';
        const where = stage.kernel.scheduler.current.name;
        stage.say(`post ${shown} ${buffer} in ${where}${flags === 1 ? ' draining' : ''}`);
        return Post.FLT_POSTOP_FINISHED_PROCESSING;
      },
    },
  }),
});
const actors = { watcher: { process: 'explorer' }, changer: { process: 'editor' } };
const change = { ...openFile, actor: 'changer', path: 'w\\foo' };
const wait = { do: 'wait', request: 'n' };

test.each([
  ['winxp', 'post 0x80001 none in editor/changer'],
  ['vista', 'post 0x80001 none in editor/changer'],
  ['win7', 'post 0x180001 new in editor/changer'],
  ['win11', 'post 0x180001 new in editor/changer'],
] as const)('%s: the flag and the buffer (R-NOTIFY-57, 58)', async (profile, story) => {
  const steps = [openDirectory, watch, change, wait];
  const told = await play([watcher(() => withCallback)], steps, { profile, actors });
  expect(told.story).toEqual([story]);
  expect(completionOf(told, 'n')).toBe('STATUS_SUCCESS 18');
});

test('what was buffered comes inline: no new system buffer, in the caller (R-NOTIFY-56)', async () => {
  const again = { ...watch, as: 'm', id: 'again' };
  const steps = [openDirectory, watch, { do: 'cancel', handle: 'd' }, change, again];
  const told = await play([watcher(() => withCallback)], steps, { actors });
  expect(told.story.at(-1)).toBe('post 0x80001 none in explorer/watcher');
  expect(completionOf(told, 'm')).toBe('STATUS_SUCCESS 18');
});

test('SYNCHRONIZE keeps the caller until something changes, and is told (R-NOTIFY-63)', async () => {
  const steps = [openDirectory, { ...watch, start: true }, change, wait];
  const synchronizing = watcher(() => returns(Pre.FLT_PREOP_SYNCHRONIZE));
  const told = await play([synchronizing], steps, { actors });
  expect(told.findings).toEqual(['synchronize-not-allowed']);
  // In the thread of the caller although another process made the change.
  expect(told.story).toEqual([expect.stringMatching(/^post 0x180001 new in explorer\/.+/)]);
  expect(completionOf(told, 'n')).toBe('STATUS_SUCCESS 18');
});

test('an instance that goes is drained; the request stays pending without it (R-FLT-22, 24)', async () => {
  const steps = [openDirectory, watch, ...FLUSH, change, wait];
  const filters = [watcher(() => withCallback), unloader('watcher')];
  const told = await play(filters, steps, { actors, setup: [{ mkdir: 'w' }] });
  expect(told.story).toEqual(['post 0xc0001 none in System/worker-1 draining']);
  expect(completionOf(told, 'n')).toBe('STATUS_SUCCESS 18');
  const drained = told.prediction.events.find((event) => event.kind === 'post-operation');
  expect(drained).toMatchObject({ draining: true, status: 0, rules: ['R-FLT-22', 'R-FLT-24'] });
});

test('a swapped buffer cannot be drained: the request is cancelled (R-NOTIFY-61)', async () => {
  const swapping = watcher(({ kernel }, data) => {
    const buffer = kernel.pool.allocate('nonpaged', 2048, 'swap', 'system');
    const mdl = { address: buffer, length: 2048 };
    data.iopb = { ...data.iopb, parameters: { ...data.iopb.parameters, buffer, mdl } };
    data.flags |= CallbackDataFlag.FLTFL_CALLBACK_DATA_DIRTY;
    return withCallback;
  });
  const steps = [openDirectory, watch, ...FLUSH, wait];
  const told = await play([swapping, unloader('watcher')], steps, { actors });
  expect(told.story).toEqual(['post 0x80001 none in System/worker-1']);
  expect(completionOf(told, 'n')).toBe('STATUS_CANCELLED 0');
});

test('a locked buffer gives the file system an MDL: no new buffer on any version (R-NOTIFY-60)', async () => {
  const locking = watcher(({ manager }, data) => {
    expect(manager.lockUserBuffer(data)).toBe(NtStatus.STATUS_SUCCESS);
    return withCallback;
  });
  const steps = [openDirectory, watch, change, wait];
  const told = await play([locking], steps, { actors, profile: 'winxp' });
  expect(told.story).toEqual(['post 0x80001 none in editor/changer']);
  expect(completionOf(told, 'n')).toBe('STATUS_SUCCESS 18');
});
