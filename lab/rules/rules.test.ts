// Goal: whoever mistypes the id of a rule, or knows only what it is about, is led to it.
import { expect, test } from 'vitest';
import { nearRules } from './index.ts';

test.each([
  ['NOTIFY-57', ['R-NOTIFY-57']],
  ['r-notfy-57', ['R-NOTIFY-57']],
  ['R-FILTER-12', []],
  ['R-FLT-99', ['R-FLT-9']],
  ['FltCancelFileOpen', ['R-REDIRECT-27']],
  ['0x00100000', ['R-NOTIFY-57']],
  ['no such words', []],
  ['', []],
])('"%s" is near %j', (text, expected) => {
  expect(nearRules(text).slice(0, Math.max(expected.length, 1))).toEqual(expected);
});

test('never more than five', () => {
  expect(nearRules('R-NOTIFY-1')).toHaveLength(5);
});
