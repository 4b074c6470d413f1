// Goal: runs belong to the lab. Every window sees the same, on one target they wait for each other, and
// whoever comes late or reads slowly misses nothing that matters.
import { expect, test } from 'vitest';
import { LabError } from '../../contract/errors/labError.ts';
import type { RunJob } from '../../contract/rpc.ts';
import { reported } from '../rpc/service.ts';
import { RunJobs, type CarryOut } from './runJobs.ts';

const asked = (target: string) =>
  ({ sample: 's', title: 'S', variant: 'v', workload: 'w', target }) as const;
let elapsed_ms = 0;
const clock = { now: () => new Date(0), elapsed_ms: () => elapsed_ms };

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** A run that goes on until it is told how it ends. */
function held(): { carryOut: CarryOut; began: Promise<void>; end: (verdict: 'agrees') => void } {
  const began = deferred<void>();
  const ended = deferred<'agrees'>();
  return {
    began: began.promise,
    end: ended.resolve,
    carryOut: async (progress, signal) => {
      progress('build', 'build it');
      began.resolve();
      signal.addEventListener('abort', () =>
        ended.reject(new LabError('run.cancelled', { problem: 'Cancelled.', remedy: 'Again.' })),
      );
      return { run: 'run-1', verdict: await ended.promise };
    },
  };
}

async function until(jobs: RunJobs, job: string, state: RunJob['state']): Promise<RunJob> {
  for await (const one of jobs.watch(undefined))
    if (one.job === job && one.state === state) return one;
  throw new Error('the watch ended');
}

test('two windows see one run, from wherever they come in', async () => {
  const jobs = new RunJobs(reported, clock);
  const run = held();
  const job = jobs.start(asked('a'), run.carryOut);
  await run.began;
  const first = until(jobs, job, 'done');
  const late = until(jobs, job, 'done');
  run.end('agrees');
  expect([(await first).verdict, (await late).run]).toEqual(['agrees', 'run-1']);
  expect((await until(jobs, job, 'done')).stages.map((one) => [one.stage, one.state])).toEqual([
    ['build', 'done'],
  ]);
});

test('runs on one target wait for each other, on two they go side by side', async () => {
  const jobs = new RunJobs(reported, clock);
  const [first, second, other] = [held(), held(), held()];
  jobs.start(asked('a'), first.carryOut);
  const waiting = jobs.start(asked('a'), second.carryOut);
  jobs.start(asked('b'), other.carryOut);
  await Promise.all([first.began, other.began]);
  expect(jobs.all().find((one) => one.job === waiting)?.state).toBe('waiting');
  first.end('agrees');
  await second.began;
  second.end('agrees');
  other.end('agrees');
  await jobs.close();
  expect(jobs.all().map((one) => one.state)).toEqual(['done', 'done', 'done']);
});

test('a run that is cancelled says so; one that waited never begins', async () => {
  const jobs = new RunJobs(reported, clock);
  const [first, second] = [held(), held()];
  const job = jobs.start(asked('a'), first.carryOut);
  const waiting = jobs.start(asked('a'), second.carryOut);
  await first.began;
  jobs.cancel(waiting);
  jobs.cancel(job);
  const ended = await until(jobs, job, 'cancelled');
  expect(ended.error?.code).toBe('run.cancelled');
  expect(ended.stages.at(-1)).toMatchObject({ stage: 'build', state: 'failed' });
  await jobs.close();
  const never = jobs.all().find((one) => one.job === waiting);
  expect([never?.state, never?.beganAt]).toEqual(['cancelled', null]);
});

test('what throws without being a LabError is our bug, with its stack', async () => {
  const jobs = new RunJobs(reported, clock);
  const job = jobs.start(asked('a'), () => Promise.reject(new TypeError('x is undefined')));
  const ended = await until(jobs, job, 'failed');
  expect(ended.error).toMatchObject({ code: 'internal.bug', problem: 'x is undefined' });
});

test('stages take the time between their beginnings; the log says when', async () => {
  const jobs = new RunJobs(reported, clock);
  elapsed_ms = 1_000;
  const job = jobs.start(asked('a'), async (progress) => {
    progress('build', 'compile');
    elapsed_ms += 300;
    progress('build', 'link');
    elapsed_ms += 200;
    progress('sign', 'sign');
    elapsed_ms += 50;
    return { run: 'r', verdict: 'agrees' };
  });
  const { stages, log } = await until(jobs, job, 'done');
  expect(stages.map((one) => [one.stage, one.text, one.took_ms])).toEqual([
    ['build', 'link', 500],
    ['sign', 'sign', 50],
  ]);
  expect(log).toEqual([
    { at_ms: 0, text: 'build: compile' },
    { at_ms: 300, text: 'build: link' },
    { at_ms: 500, text: 'sign: sign' },
  ]);
});
