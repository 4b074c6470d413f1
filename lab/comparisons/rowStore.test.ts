// Goal: rows kept in memory and rows kept in a file answer alike, window by window.
import { mkdtemp, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ComparisonRow } from '../../contract/comparison.ts';
import { RowsFile, writeRows } from '../run/rowsFile.ts';
import { RowStore } from './rowStore.ts';

const row = (index: number): ComparisonRow => ({
  actor: 'a',
  step: `s${index}`,
  phase: 'return',
  operation: 'créate €',
  verdict: index % 10 === 3 ? 'differs' : 'agrees',
  predicted: null,
  observed: null,
  differences: [],
  rules: [],
});
const many = Array.from({ length: 6_000 }, (_, index) => row(index));
let folder: string;
let inFile: RowStore;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fltlab-rows-'));
  await writeRows(folder, many);
  inFile = RowStore.ofFile(await RowsFile.open(folder));
});
afterAll(async () => {
  await inFile.close();
  await rm(folder, { recursive: true });
});

test('an index that does not fit its rows is refused', async () => {
  const other = await mkdtemp(join(tmpdir(), 'fltlab-rows-'));
  await writeRows(other, many.slice(0, 3));
  await truncate(join(other, 'comparison.rows'), 10);
  await expect(RowsFile.open(other)).rejects.toMatchObject({ code: 'file.invalid' });
  await truncate(join(other, 'comparison.index'), 20);
  await expect(RowsFile.open(other)).rejects.toMatchObject({ code: 'file.invalid' });
  await rm(other, { recursive: true });
});

describe.each<[string, () => RowStore, number]>([
  ['few', () => RowStore.of(many.slice(0, 40)), 40],
  ['many', () => RowStore.of(many), 6_000],
  ['filed', () => inFile, 6_000],
])('%s rows', (_name, store, total) => {
  test.each<[number, number, boolean, string[]]>([
    [0, 2, false, ['s0', 's1']],
    [38, 2, false, ['s38', 's39']],
    [0, 2, true, ['s3', 's13']],
    [3, 1, true, ['s33']],
  ])('from %i, %i of them, only what speaks: %s', async (from, count, only, steps) => {
    const rows = await store().window(from, count, only);
    expect(rows.map((one) => one.row.step)).toEqual(steps);
  });

  test('a window past the end is empty', async () => {
    expect(await store().window(total, 10, false)).toEqual([]);
  });

  test.each<[number, boolean, number | null]>([
    [-1, false, 3],
    [3, false, 13],
    [4, false, 13],
    [13, true, 3],
    [3, true, null],
    [total, false, null],
    [total, true, total - 7],
  ])('next after %i, backwards: %s', (after, backwards, next) => {
    expect(store().nextSpeaking(after, backwards)).toBe(next);
  });
});
