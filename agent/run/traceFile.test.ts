// Goal: every line is read back once and in order, from wherever a follower begins, while lines are
// being written; a trace that was cut short by a crash is still good up to its last whole line.
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TraceFile } from './traceFile.ts';

let folder = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fltlab-trace-'));
  path = join(folder, 'trace.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const forever = new AbortController().signal;

async function collect(file: TraceFile, from: number, signal = forever): Promise<string[]> {
  const lines: string[] = [];
  for await (const { index, text } of file.follow(from, signal)) lines.push(`${index} ${text}`);
  return lines;
}

/** Enough that several index entries and several chunks are needed. */
const many = Array.from(
  { length: 1_500 },
  (_one, index) => `line ${index} ${'x'.repeat(index % 97)}`,
);
const numbered = (from: number): string[] =>
  many.slice(from).map((text, index) => `${from + index} ${text}`);

test.each([0, 1, 255, 256, 257, 1_499])('a finished trace from line %i', async (from) => {
  const file = TraceFile.create(path);
  for (const line of many) file.append(line);
  file.seal();
  expect(await collect(file, from)).toEqual(numbered(from));
  file.close();
});

test('from the end, and from beyond it: nothing, and no waiting', async () => {
  const file = TraceFile.create(path);
  file.append('only');
  file.seal();
  expect(await collect(file, 1)).toEqual([]);
  expect(await collect(file, 99)).toEqual([]);
  file.close();
});

test('a follower that came first gets the lines as they are written', async () => {
  const file = TraceFile.create(path);
  const following = collect(file, 0);
  for (const line of many) {
    file.append(line);
    if (line.startsWith('line 7')) await new Promise((resolve) => setImmediate(resolve));
  }
  file.seal();
  expect(await following).toEqual(numbered(0));
  file.close();
});

test('a follower that asked for a line to come gets that one first', async () => {
  const file = TraceFile.create(path);
  file.append('0');
  const following = collect(file, 2);
  file.append('1');
  file.append('2');
  file.seal();
  expect(await following).toEqual(['2 2']);
  file.close();
});

test('a line larger than a chunk, with characters of several bytes', async () => {
  const long = 'é€😀'.repeat(40_000);
  const file = TraceFile.create(path);
  file.append('short');
  file.append(long);
  file.append('after');
  file.seal();
  expect(await collect(file, 0)).toEqual(['0 short', `1 ${long}`, '2 after']);
  file.close();
});

test('a follower that gives up ends, and leaves the others alone', async () => {
  const file = TraceFile.create(path);
  const stop = new AbortController();
  const leaving = collect(file, 0, stop.signal);
  const staying = collect(file, 0);
  file.append('one');
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  expect((await leaving).length).toBeLessThanOrEqual(1);
  file.append('two');
  file.seal();
  expect(await staying).toEqual(['0 one', '1 two']);
  file.close();
});

test('after a crash: the whole lines are there, half a line is not', async () => {
  const file = TraceFile.create(path);
  for (const line of many) file.append(line);
  file.close();
  appendFileSync(path, '{"kind":"st');
  const again = TraceFile.reopen(path);
  expect(again.lines).toBe(many.length);
  expect(await collect(again, 1_400)).toEqual(numbered(1_400));
  again.close();
});

test('a trace is never written over', () => {
  TraceFile.create(path).close();
  expect(() => TraceFile.create(path)).toThrow('EEXIST');
});
