// Goal: a run gets processes that can serve it, and none that is dead or may still hold something.
import { expect, test } from 'vitest';
import { FakeWorker } from '../testing/fakeWorker.ts';
import { WorkerPool } from './workerPool.ts';

function poolOf(): { readonly pool: WorkerPool; readonly made: FakeWorker[] } {
  const made: FakeWorker[] = [];
  const pool = new WorkerPool((blockingCalls) => {
    const worker = new FakeWorker(blockingCalls, () => ({ outcome: { status: 0 } }));
    made.push(worker);
    return worker;
  });
  return { pool, made };
}

test('warm workers are taken first, and taken back', () => {
  const { pool, made } = poolOf();
  pool.warm(2);
  const one = pool.take(1);
  const two = pool.take(1);
  expect([one, two]).toEqual(made);
  pool.giveBack(one);
  expect(pool.take(1)).toBe(one);
  expect(made.length).toBe(2);
});

test('a worker with too few threads for blocked calls is passed over', () => {
  const { pool, made } = poolOf();
  pool.warm(1);
  expect(pool.take(40).blockingCalls).toBe(40);
  expect(pool.take(1)).toBe(made[0]);
  expect(pool.take(5_000).blockingCalls, 'no more than libuv has').toBe(1_000);
});

test('a worker that died while idle, or in a run, is not given out', async () => {
  const { pool, made } = poolOf();
  pool.warm(1);
  await made[0]?.kill();
  const next = pool.take(1);
  expect(next).not.toBe(made[0]);
  await made[1]?.kill();
  pool.giveBack(next);
  expect(pool.take(1)).toBe(made[2]);
});

test('a worker that was ended does not come back', async () => {
  const { pool, made } = poolOf();
  const worker = pool.take(1);
  expect(await pool.end(worker)).toBe(true);
  pool.giveBack(worker);
  expect(pool.take(1)).toBe(made[1]);
  await pool.endAll();
  expect(made.map((one) => one.alive)).toEqual([false, false]);
});
