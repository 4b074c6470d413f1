import { expect, test } from 'vitest';
import { compareAltitudes, isAltitude } from './altitude.ts';

const rows = [
  // a, b, how a stands to b (R-FLT-3)
  ['370030', '135000', 'above'],
  ['45000', '370030', 'below'],
  ['370000.5', '370000', 'above'],
  ['370000.10', '370000.1', 'same'],
  ['0370000', '370000', 'same'],
  ['370000.09', '370000.1', 'below'],
  // Doubles cannot tell these apart.
  ['370030.00000000000000000001', '370030.00000000000000000002', 'below'],
  ['9007199254740993', '9007199254740992', 'above'],
] as const;

test.each(rows)('%s against %s: %s', (a, b, expected) => {
  const sign = Math.sign(compareAltitudes(a, b));
  expect(['below', 'same', 'above'][sign + 1]).toBe(expected);
  expect(Math.sign(compareAltitudes(b, a)) + sign).toBe(0);
});

test.each(['', 'x', '1.', '.5', '1.2.3', '-1', ' 1'])('"%s" is no altitude', (text) => {
  expect(isAltitude(text)).toBe(false);
});
