// Goal: rows kept as objects and rows kept as text answer alike, window by window.
import { describe, expect, test } from 'vitest';
import type { ComparisonRow } from '../../contract/comparison.ts';
import { RowStore, toLines } from './rowStore.ts';

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
const speaking = Uint32Array.from(
  many.flatMap((one, at) => (one.verdict === 'agrees' ? [] : [at])),
);

describe.each<[string, RowStore, number]>([
  ['few', RowStore.of(many.slice(0, 40)), 40],
  ['many', RowStore.of(many), 6_000],
  ['lines', RowStore.ofLines(toLines(many), speaking), 6_000],
])('%s rows', (_name, store, total) => {
  test.each<[number, number, boolean, string[]]>([
    [0, 2, false, ['s0', 's1']],
    [38, 2, false, ['s38', 's39']],
    [0, 2, true, ['s3', 's13']],
    [3, 1, true, ['s33']],
  ])('from %i, %i of them, only what speaks: %s', (from, count, only, steps) => {
    expect(store.window(from, count, only).map((one) => one.row.step)).toEqual(steps);
  });

  test('a window past the end is empty', () => {
    expect(store.window(total, 10, false)).toEqual([]);
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
    expect(store.nextSpeaking(after, backwards)).toBe(next);
  });
});
