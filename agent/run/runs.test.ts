// Goal: one run at a time, nothing done twice when the lab asks twice, workers reused only when clean,
// and traces of earlier agents still told. Method: fake workers, a temporary folder.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunEnd } from '../../contract/agentProtocol.ts';
import { WorkerPool } from '../process/workerPool.ts';
import type { Play } from '../testing/fakeThread.ts';
import { noPorts } from '../testing/fakePorts.ts';
import { FakeWorker } from '../testing/fakeWorker.ts';
import { Refused, Runs } from './runs.ts';

let folder = '';
let workers: FakeWorker[] = [];
const log: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fltlab-runs-'));
  workers = [];
  log.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const success: Play = () => ({ outcome: { status: 0, handle: 0x10 } });

function runsOf(
  play: Play = success,
  claimRoots = (): void => undefined,
  endable = true,
  step_ms = 10_000,
): Runs {
  const pool = new WorkerPool((blockingCalls) => {
    const worker = new FakeWorker(blockingCalls, play, endable);
    workers.push(worker);
    return worker;
  });
  return new Runs({
    folder,
    roots: new Map([['C', 'C:\\work']]),
    pool,
    limits: { step_ms, settle_ms: 0 },
    claimRoots,
    ports: () => Promise.resolve(noPorts),
    log: (text) => log.push(text),
    onActivity: () => undefined,
  });
}

const workload = {
  workload: 1,
  name: 'small',
  setup: [{ mkdir: 'a\\b' }, { file: 'f', data: { text: 'x' } }],
  actors: { one: {}, two: {} },
  steps: [
    { do: 'create', path: 'x', as: 'h', actor: 'one' },
    { do: 'delete', path: 'y', actor: 'two' },
  ],
};

async function lines(runs: Runs, run: string): Promise<{ text: string[]; end: RunEnd }> {
  const { file, end } = runs.trace(run);
  const text: string[] = [];
  for await (const line of file.follow(0, new AbortController().signal)) text.push(line.text);
  return { text, end: end() };
}

const refusal = (work: Promise<unknown> | (() => unknown)): Promise<string> =>
  (typeof work === 'function' ? Promise.resolve().then(work) : work).then(
    () => 'accepted',
    (error: unknown) => (error instanceof Refused ? error.code : String(error)),
  );

/** A step that waits until the test lets it go. */
function held(): { readonly play: Play; readonly begun: Promise<void>; readonly go: () => void } {
  let begin = (): void => undefined;
  let go = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const gate = new Promise<void>((resolve) => (go = resolve));
  const play: Play = async ({ step }) => {
    if (step.id !== 's1') return { outcome: { status: 0, handle: 0x10 } };
    begin();
    await gate;
    return { outcome: { status: 0 } };
  };
  return { play, begun, go: () => go() };
}

test('a run: set up, executed, told, and its workers serve the next one', async () => {
  const runs = runsOf();
  await runs.prepare('r1', workload);
  const made = workers[0]?.threads[0]?.asked.flatMap(({ kind, ask }) => {
    if (kind !== 'perform') return [];
    const { step, name } = (ask as { step: { step: { do: string }; name: string } }).step;
    return [`${step.do} ${name}`.trim()];
  });
  expect(made).toEqual([
    'create \\??\\C:\\work\\a',
    'create \\??\\C:\\work\\a\\b',
    'create \\??\\C:\\work\\f',
    'write',
  ]);
  runs.start('r1');
  const { text, end } = await lines(runs, 'r1');
  expect(text[0]).toBe('{"trace":1,"producer":"agent","workload":"small"}');
  expect(text.length).toBe(3);
  expect(end).toEqual({ kind: 'ended', run: 'r1', how: 'completed', lines: 3 });
  await runs.prepare('r2', workload);
  runs.start('r2');
  await lines(runs, 'r2');
  expect(workers.length, 'one for each process, warm from the first run').toBe(2);
  await runs.shutDown();
  expect(workers.map((worker) => worker.alive)).toEqual([false, false]);
});

test('asked twice: preparing again, starting again, aborting what has ended', async () => {
  const runs = runsOf();
  await runs.prepare('r', workload);
  await runs.prepare('r', workload);
  runs.start('r');
  runs.start('r');
  const { end } = await lines(runs, 'r');
  expect(end.how).toBe('completed');
  runs.start('r');
  expect(await runs.abort('r')).toEqual(end);
  expect(await refusal(runs.prepare('r', workload))).toBe('run-exists');
});

test('refused: what is unknown, what is not prepared, what is written wrongly', async () => {
  const runs = runsOf();
  expect(await refusal(() => runs.start('none'))).toBe('run-unknown');
  expect(await refusal(() => runs.trace('none'))).toBe('run-unknown');
  expect(await refusal(() => runs.trace('..'))).toBe('run-unknown');
  expect(await refusal(runs.abort('none'))).toBe('run-unknown');
  expect(await refusal(runs.prepare('r', { workload: 1 }))).toBe('workload.invalid');
  const escaping = { ...workload, steps: [{ do: 'delete', path: '..\\x', actor: 'one' }] };
  expect(await refusal(runs.prepare('r', escaping))).toBe('workload.path-escapes');
  expect(runs.busy).toBe(false);
});

test('a preparation whose lab has died does not stand in the way', async () => {
  const runs = runsOf();
  await runs.prepare('r1', workload);
  expect(runs.busy).toBe(false);
  expect(await refusal(runs.prepare('r2', workload))).toBe('accepted');
  expect((await runs.abort('r1')).how).toBe('aborted');
});

test('a preparation asked for twice at the same time is one', async () => {
  const runs = runsOf();
  await Promise.all([runs.prepare('r', workload), runs.prepare('r', workload)]);
  const emptied = workers[0]?.threads[0]?.asked.filter(({ kind }) => kind === 'empty');
  expect(emptied?.length).toBe(1);
});

test('one run at a time', async () => {
  const { play, begun, go } = held();
  const runs = runsOf(play);
  await runs.prepare('r1', workload);
  runs.start('r1');
  await begun;
  expect(await refusal(runs.prepare('r2', workload))).toBe('busy');
  go();
  await lines(runs, 'r1');
  expect(await refusal(runs.prepare('r2', workload))).toBe('accepted');
});

test.each(['abort', 'shutDown'] as const)(
  '%s in the middle of a set-up: its processes are ended, and its name is free again',
  async (how) => {
    // The first thing that a set-up asks for never comes.
    const runs = runsOf(() => new Promise(() => undefined));
    const prepared = refusal(runs.prepare('r', workload));
    await Promise.resolve();
    if (how === 'abort') expect((await runs.abort('r')).how).toBe('aborted');
    else await runs.shutDown();
    expect(await prepared).toBe('set-up-failed');
    expect(workers.slice(0, 2).map((one) => one.alive)).toEqual([false, false]);
    expect(existsSync(join(folder, 'r'))).toBe(false);
  },
);

test('abort before a set-up has begun leaves no process behind', async () => {
  const runs = runsOf();
  const prepared = refusal(runs.prepare('r', workload));
  const ended = await runs.abort('r');
  expect([ended.how, await prepared]).toEqual(['aborted', 'run-unknown']);
  expect(workers.filter((one) => one.threads.length > 0)).toEqual([]);
});

test('abort in the middle of a call: the processes are ended, the trace is kept', async () => {
  const { play, begun } = held();
  const runs = runsOf(play);
  await runs.prepare('r', workload);
  runs.start('r');
  await begun;
  expect(await runs.abort('r')).toEqual({ kind: 'ended', run: 'r', how: 'aborted', lines: 1 });
  expect(workers.slice(0, 2).map((worker) => worker.alive)).toEqual([false, false]);
  expect((await lines(runs, 'r')).text.length).toBe(1);
});

test('a process that Windows cannot end is named', async () => {
  const { play, begun } = held();
  const runs = runsOf(play, undefined, false);
  await runs.prepare('r', workload);
  runs.start('r');
  await begun;
  const { problem } = await runs.abort('r');
  expect(problem).toBe('Windows could not end the process of one, two');
});

test('a set-up that fails leaves nothing: the name is free again', async () => {
  let broken = true;
  const runs = runsOf(({ step }) =>
    broken && step.do === 'write'
      ? { outcome: { status: 0xc0000022 } }
      : { outcome: { status: 0, handle: 0x10 } },
  );
  expect(await refusal(runs.prepare('r', workload))).toBe('set-up-failed');
  expect(runs.busy).toBe(false);
  broken = false;
  expect(await refusal(runs.prepare('r', workload))).toBe('accepted');
});

test('a set-up that does not return is given up, and its process ended', async () => {
  const runs = runsOf(() => new Promise<never>(() => undefined), undefined, true, 1);
  expect(await refusal(runs.prepare('r', workload))).toBe('set-up-failed');
  expect(workers[0]?.alive).toBe(false);
  expect(runs.busy).toBe(false);
});

test('roots that are not the agent’s are refused, and not emptied on leaving', async () => {
  const runs = runsOf(success, () => {
    throw new Refused('root-unusable', 'not ours');
  });
  expect(await refusal(runs.prepare('r', workload))).toBe('root-unusable');
  await runs.shutDown();
  const emptied = workers.flatMap((worker) => worker.threads).flatMap((thread) => thread.asked);
  expect(emptied.filter(({ kind }) => kind === 'empty')).toEqual([]);
});

test('a run of an agent that was killed: what it wrote, and that it did not end', async () => {
  mkdirSync(join(folder, 'old'));
  writeFileSync(join(folder, 'old', 'trace.jsonl'), 'header\nline\nhal');
  const { text, end } = await lines(runsOf(), 'old');
  expect(text).toEqual(['header', 'line']);
  expect(end).toMatchObject({ how: 'failed', lines: 2 });
  expect(end.problem).toContain('stopped while the run was under way');
});

test('a run of an agent that has left: as it ended', async () => {
  const before = runsOf();
  await before.prepare('old', workload);
  before.start('old');
  const { text, end } = await lines(before, 'old');
  await before.shutDown();
  expect(await lines(runsOf(), 'old')).toEqual({ text, end });
});

test('a run that cannot be observed is a run all the same, and says why it saw nothing', async () => {
  const runs = runsOf();
  await runs.prepare('r', workload);
  runs.start('r', true);
  const { end } = await lines(runs, 'r');
  expect(end).toMatchObject({
    how: 'completed',
    observed: { made: 0, foreign: 0, problem: expect.stringContaining('0x80004001') as string },
  });
});
