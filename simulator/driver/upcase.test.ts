import { expect, test } from 'vitest';
import { compareText, downcaseText, upcaseText } from './upcase.ts';

test.each([
  ['abcÄ', 'ABCÄ'],
  ['straße', 'STRAßE'], // one unit gives one unit
  ['éà', 'ÉÀ'],
  ['\ud83d\ude00', '\ud83d\ude00'],
])('%s in upper case is %s', (text, upper) => {
  expect(upcaseText(text)).toBe(upper);
  expect(downcaseText(upper).length).toBe(upper.length);
});

test.each([
  ['a', 'A', true, 'same'],
  ['a', 'A', false, 'after'],
  ['a', 'b', true, 'before'],
  ['ab', 'a', true, 'after'],
  ['_', 'a', true, 'after'], // compared in upper case: '_' (5F) after 'A' (41)
  ['', '', true, 'same'],
] as const)('"%s" and "%s", ignoring case %s: %s', (a, b, ignoreCase, expected) => {
  const sign = Math.sign(compareText(a, b, ignoreCase));
  expect(['before', 'same', 'after'][sign + 1]).toBe(expected);
});
