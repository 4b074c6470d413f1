// Goal: the agent's own files are kept as the lab relies on them.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StateFolder } from './stateFolder.ts';

let path = '';
let folder: StateFolder;

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'fltlab-state-'));
  folder = new StateFolder(path, () => new Date(0));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

test('a token is read once, and gone from the disk', () => {
  writeFileSync(join(path, 'token'), 'secret\n');
  expect(folder.takeToken()).toBe('secret');
  expect(existsSync(join(path, 'token'))).toBe(false);
  expect(folder.takeToken()).toBeUndefined();
});

test('an empty token is none', () => {
  writeFileSync(join(path, 'token'), '\n');
  expect(folder.takeToken()).toBeUndefined();
});

test('the announcement comes, comes again where it was taken away, and goes', () => {
  const file = join(path, 'agent.json');
  const announcement = { protocol: 1, port: 5, pid: 7 };
  folder.announce(announcement);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(announcement);
  rmSync(file);
  folder.announceAgain(announcement);
  expect(existsSync(file)).toBe(true);
  writeFileSync(file, 'of another');
  folder.announceAgain(announcement);
  expect(readFileSync(file, 'utf8'), 'what is there is left alone').toBe('of another');
  folder.withdraw();
  expect(existsSync(file)).toBe(false);
});

test('roots are remembered across agents, whatever their case', () => {
  expect(folder.ownsRoot('C:\\work')).toBe(false);
  folder.rememberRoot('C:\\Work');
  folder.rememberRoot('D:\\x');
  const next = new StateFolder(path, () => new Date(0));
  expect([next.ownsRoot('c:\\work'), next.ownsRoot('D:\\X'), next.ownsRoot('D:\\')]).toEqual([
    true,
    true,
    false,
  ]);
});

test('a log that has grown large is put aside, and one generation kept', () => {
  folder.log('first');
  expect(readFileSync(join(path, 'agent.log'), 'utf8')).toBe('1970-01-01T00:00:00.000Z first\n');
  writeFileSync(join(path, 'agent.log'), 'x'.repeat(1_100_000));
  folder.log('second');
  expect(readFileSync(join(path, 'agent.log'), 'utf8')).toBe('1970-01-01T00:00:00.000Z second\n');
  expect(readFileSync(join(path, 'agent.log.old'), 'utf8').length).toBe(1_100_000);
});

test('whoever has the lock has a folder for traces, also after an agent that took it away', () => {
  const next = new StateFolder(path, () => new Date(0));
  folder.lock()?.release();
  folder.removeRuns();
  const lock = next.lock();
  next.pruneRuns(1);
  expect(existsSync(next.runsPath)).toBe(true);
  lock?.release();
});

test('only the newest traces are kept; on leaving, none', () => {
  const lock = folder.lock();
  for (const [index, name] of ['oldest', 'older', 'newest'].entries()) {
    mkdirSync(join(folder.runsPath, name));
    utimesSync(join(folder.runsPath, name), index, index);
  }
  folder.pruneRuns(2);
  const there = (): boolean[] =>
    ['oldest', 'older', 'newest'].map((name) => existsSync(join(folder.runsPath, name)));
  expect(there()).toEqual([false, true, true]);
  folder.removeRuns();
  expect(there()).toEqual([false, false, false]);
  lock?.release();
});
