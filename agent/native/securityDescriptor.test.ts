// Goal: a DACL written in a workload becomes the descriptor that Windows expects. Method: golden bytes
// by hand from winnt.h and the structure of a SID.
import { expect, test } from 'vitest';
import { parseSid, selfRelativeDescriptor } from './securityDescriptor.ts';

const hex = (text: string): string => text.replaceAll(/\s/g, '');

test('everyone may, the administrators may not', () => {
  const descriptor = selfRelativeDescriptor([
    { sid: 'S-1-5-32-544', type: 'deny', mask: 0x00010000, flags: 3 },
    { sid: 'S-1-1-0', type: 'allow', mask: 0x001f01ff, flags: 0 },
  ]);
  expect(descriptor.toString('hex')).toBe(
    hex(`01 00 0480  00000000 00000000 00000000 14000000
         02 00 3400 0200 0000
         01 03 1800 00000100  01 02 000000000005 20000000 20020000
         00 00 1400 ff011f00  01 01 000000000001 00000000`),
  );
});

test('an empty DACL is a DACL: it allows nothing', () => {
  expect(selfRelativeDescriptor([]).toString('hex')).toBe(
    hex('01 00 0480 00000000 00000000 00000000 14000000  02 00 0800 0000 0000'),
  );
});

const sids: readonly (readonly [string, boolean])[] = [
  ['S-1-1-0', true],
  ['s-1-5-18', true],
  ['S-1-5-21-4294967295-1-2-500', true],
  ['S-1-5-21-4294967296', false],
  ['S-1-281474976710655', true],
  ['S-1-281474976710656', false],
  ['S-2-1-0', false],
  ['Everyone', false],
  ['', false],
  [`S-1-5${'-1'.repeat(15)}`, true],
  [`S-1-5${'-1'.repeat(16)}`, false],
];

test.each(sids)('%s is a SID: %s', (text, expected) => {
  expect(parseSid(text) !== undefined).toBe(expected);
});
