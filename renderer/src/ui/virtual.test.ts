// Goal: the row at a place is the row that is drawn there, whatever is open and however many there are.
import { expect, test } from 'vitest';
import { rowAt, spaceOf } from './virtual.ts';

test.each<[string, number, number, number, number]>([
  ['nothing open', 220, -1, 0, 10],
  ['above the open row', 100, 8, 90, 4],
  ['on the open row', 180, 8, 90, 8],
  ['in what belongs to it', 250, 8, 90, 8],
  ['right below it', 9 * 22 + 90, 8, 90, 9],
  ['further below', 9 * 22 + 90 + 45, 8, 90, 11],
])('%s', (_name, y, open, openHeight, row) => {
  expect(rowAt(y, 22, open, openHeight)).toBe(row);
});

test('few rows are as tall as they are; the last of a million is reached at the end of the bar', () => {
  expect(spaceOf(100, 22, 40, 500)).toEqual({ height: 2_240, scale: 1 });
  const { height, scale } = spaceOf(1_000_000, 22, 0, 500);
  const end = (height - 500) * scale;
  expect(rowAt(end + 499, 22, -1, 0)).toBe(999_999);
  expect(height).toBeLessThan(16_000_000);
});
