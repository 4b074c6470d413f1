// Goal: bytes that a workload writes down are the bytes that the agent's Node would make of them.
import { expect, test } from 'vitest';
import type { Bytes } from '../../contract/workload.ts';
import { encodeBytes, toHex } from './bytes.ts';

const rows: readonly [Bytes, Buffer][] = [
  [{ text: '' }, Buffer.alloc(0)],
  [{ text: 'aé€😀' }, Buffer.from('aé€😀', 'utf8')],
  [{ text: 'x\ud800y' }, Buffer.from('x\ud800y', 'utf8')],
  [{ utf16: 'aé😀\ud800' }, Buffer.from('aé😀\ud800', 'utf16le')],
  [{ hex: '00fFa0' }, Buffer.from('00ffa0', 'hex')],
  [{ fill: 0xab, length: 3 }, Buffer.alloc(3, 0xab)],
];

test.each(rows)('%j', (written, expected) => {
  expect(toHex(encodeBytes(written))).toBe(expected.toString('hex'));
});
