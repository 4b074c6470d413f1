// Two labs, one lock: the second waits; a holder that is dead does not count.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireLock } from './lock.ts';
import { identityOf, isSameProcess, parseProcStat } from './processIdentity.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fltlab-lock-'));
  file = path.join(folder, 'wine.lock');
});
afterEach(() => rm(folder, { recursive: true }));

test('a second holder waits for the first, and is told for whom', async () => {
  const first = await acquireLock(file);
  const order: string[] = [];
  const second = acquireLock(file, {
    onWait: ({ pid }) => {
      order.push(`waits for ${pid === process.pid ? 'us' : pid}`);
      void first.release().then(() => order.push('released'));
    },
  }).then((lock) => {
    order.push('acquired');
    return lock;
  });
  await (await second).release();
  expect(order).toEqual(['waits for us', 'released', 'acquired']);
  expect(await readdir(folder), 'nothing is left').toEqual([]);
});

test('many at once have it one after the other', async () => {
  let [inside, most] = [0, 0];
  const worker = async (): Promise<void> => {
    const lock = await acquireLock(file);
    most = Math.max(most, (inside += 1));
    await readdir(folder);
    inside -= 1;
    await lock.release();
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  expect(most).toBe(1);
});

test('an abort ends the wait', async () => {
  const held = await acquireLock(file);
  const abort = new AbortController();
  const waiting = acquireLock(file, { signal: abort.signal, onWait: () => abort.abort() });
  await expect(waiting).rejects.toMatchObject({ code: 'run.cancelled' });
  await held.release();
  expect(await readdir(folder)).toEqual([]);
});

test('release is safe to repeat, and releases only its own', async () => {
  const first = await acquireLock(file);
  await first.release();
  const second = await acquireLock(file);
  await first.release();
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ pid: process.pid });
  await second.release();
});

const leftovers: readonly [string, () => Promise<string>][] = [
  ['of a process that ended', async () => claimOf(await deadProcess(), '1')],
  ['of an earlier process with a number that lives', async () => claimOf(process.pid, '1')],
  ['that is damaged', async () => '{"pid":'],
  ['that is empty', async () => ''],
];

test.each(leftovers)('a lock %s is taken over', async (_name, content) => {
  await writeFile(file, await content());
  const lock = await acquireLock(file, {
    onWait: () => expect.unreachable('there is nobody to wait for'),
  });
  await lock.release();
  expect(await readdir(folder)).toEqual([]);
});

const claimOf = (pid: number, started: string): string =>
  JSON.stringify({ pid, started, token: 'ab' });

async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

test.runIf(process.platform === 'linux')('a process is known by its number and start', async () => {
  const self = await identityOf(process.pid);
  expect(self?.started).toMatch(/^\d+$/);
  expect(self && (await isSameProcess(self))).toBe(true);
  expect(await isSameProcess({ pid: process.pid, started: '1' })).toBe(false);
});

const stat = (state: string, command = 'node'): string =>
  `42 (${command}) ${state} 1 42 42 0 -1 4194560 1 0 0 0 1 2 0 0 20 0 11 0 987654 9 9 18446744`;

test.each([
  ['running', stat('R'), { pid: 42, started: '987654' }],
  ['a name with blanks and parentheses', stat('S', 'a) R (b'), { pid: 42, started: '987654' }],
  ['a zombie', stat('Z'), undefined],
  ['dead', stat('X'), undefined],
  ['cut off', '42 (node) S 1', undefined],
])('/proc/PID/stat: %s', (_name, text, expected) => {
  expect(parseProcStat(42, text)).toEqual(expected);
});
