// Goal: the DER of a certificate is what X.690 says, byte for byte.
import { expect, test } from 'vitest';
import {
  bitString,
  boolean,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  time,
  utf8String,
} from './der.ts';

const rows: readonly [string, Buffer, string][] = [
  ['zero', integer(Buffer.from([0])), '020100'],
  ['an integer keeps its sign bit clear', integer(Buffer.from([0x80])), '02020080'],
  ['an integer has no leading zeros', integer(Buffer.from([0, 0, 1, 2])), '02020102'],
  ['TRUE', boolean(true), '0101ff'],
  ['a bit string of whole bytes', bitString(Buffer.from([1, 2])), '0303000102'],
  ['a bit string of one bit', bitString(Buffer.from([0x80]), 7), '03020780'],
  ['octets', octetString(Buffer.from([9])), '040109'],
  ['text', utf8String('Lab'), '0c034c6162'],
  ['an identifier, short arcs', objectIdentifier('2.5.29.15'), '0603551d0f'],
  ['an identifier, long arcs', objectIdentifier('1.2.840.113549'), '06062a864886f70d'],
  ['a sequence', sequence(boolean(true), integer(Buffer.from([5]))), '30060101ff020105'],
  ['an empty sequence', sequence(), '3000'],
  ['a set', set(boolean(false)), '3103010100'],
  ['an explicit tag', explicit(3, boolean(true)), 'a3030101ff'],
  ['an implicit tag', implicit(0, Buffer.from([7])), '800107'],
  [
    'a time before 2050',
    time(new Date('2026-11-21T08:07:06.500Z')),
    '170d3236313132313038303730365a',
  ],
  [
    'a time from 2050 on',
    time(new Date('2050-01-02T03:04:05Z')),
    '180f32303530303130323033303430355a',
  ],
];

test.each(rows)('%s', (_title, der, expected) => {
  expect(der.toString('hex')).toBe(expected);
});

test.each([
  [127, '7f'],
  [128, '8180'],
  [255, '81ff'],
  [256, '820100'],
  [65_536, '83010000'],
])('a length of %d', (length, expected) => {
  const der = octetString(Buffer.alloc(length));
  expect(der.subarray(1, der.length - length).toString('hex')).toBe(expected);
});
