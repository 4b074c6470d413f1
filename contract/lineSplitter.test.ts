// Goal: lines come out whole however the pieces are cut, and a line too long is refused early.
import { expect, test } from 'vitest';
import { LineSplitter } from './lineSplitter.ts';

const rows: readonly (readonly [string, readonly string[], readonly (readonly string[])[]])[] = [
  ['a line in one piece', ['ab\n'], [['ab']]],
  ['a line in three pieces', ['a', 'b', '\n'], [[], [], ['ab']]],
  ['two lines and a half', ['a\nb\nc', 'd\n'], [['a', 'b'], ['cd']]],
  ['an empty line', ['\n'], [['']]],
];

test.each(rows)('%s', (_title, pieces, expected) => {
  const splitter = new LineSplitter(() => 8);
  expect(pieces.map((piece) => splitter.push(piece))).toEqual(expected);
});

test('a line beyond the limit is refused before its end has come', () => {
  const splitter = new LineSplitter(() => 4);
  expect(splitter.push('abcd')).toEqual([]);
  expect(splitter.push('e')).toBeUndefined();
  expect(splitter.push('\nok\n'), 'and nothing after it is read').toBeUndefined();
});

test('the limit may grow between two lines', () => {
  let limit = 2;
  const splitter = new LineSplitter(() => limit);
  expect(splitter.push('ab\n')).toEqual(['ab']);
  limit = 5;
  expect(splitter.push('abcde\n')).toEqual(['abcde']);
});
