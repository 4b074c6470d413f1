// Goal: whatever happens in a run, everything it did is taken back, last first, and nothing hides it.
import { expect, test } from 'vitest';
import { isLabError } from '../../contract/errors/labError.ts';
import { Stages } from './stages.ts';

const ticking = (): (() => number) => {
  let now = 0;
  return () => (now += 5);
};

test('stages report themselves and their time', async () => {
  const said: string[] = [];
  const stages = new Stages(
    new AbortController().signal,
    (stage, text) => said.push(`${stage}: ${text}`),
    ticking(),
  );
  const built = await stages.run('build', 'building', async (progress) => {
    progress('unit 1');
    return 'sys';
  });
  expect(built).toBe('sys');
  expect(said).toEqual(['build: building', 'build: unit 1']);
  expect(stages.timings).toEqual([['build', 5]]);
});

test('what was done is taken back, the last first, also when one undo fails', async () => {
  const order: string[] = [];
  const stages = new Stages(new AbortController().signal, () => undefined);
  for (const name of ['service', 'files', 'agent']) {
    stages.undo(name, async () => {
      order.push(name);
      if (name === 'files') throw new Error('disk is gone');
    });
  }
  expect(await stages.unwind()).toEqual(['files: disk is gone']);
  expect(order).toEqual(['agent', 'files', 'service']);
  expect(await stages.unwind()).toEqual([]);
});

test.each(['before', 'during'] as const)(
  'cancelled %s a stage, the run ends as cancelled',
  async (when) => {
    const controller = new AbortController();
    const stages = new Stages(controller.signal, () => undefined);
    let ran = false;
    if (when === 'before') controller.abort();
    const run = stages.run('copy', 'copying', async () => {
      ran = true;
      controller.abort();
    });
    const error = await run.catch((caught: unknown) => caught);
    expect(isLabError(error) && error.code).toBe('run.cancelled');
    expect(ran).toBe(when === 'during');
  },
);

test('an undo runs with a signal of its own after a cancellation', async () => {
  const controller = new AbortController();
  const stages = new Stages(controller.signal, () => undefined);
  let aborted: boolean | undefined;
  stages.undo('service', async (signal) => {
    aborted = signal.aborted;
  });
  controller.abort();
  await stages.unwind();
  expect(aborted).toBe(false);
});
