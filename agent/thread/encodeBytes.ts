// Bytes that a workload writes down, as bytes.
import type { Bytes } from '../../contract/workload.ts';

export function encodeBytes(written: Bytes): Buffer {
  if ('text' in written) return Buffer.from(written.text, 'utf8');
  if ('utf16' in written) return Buffer.from(written.utf16, 'utf16le');
  if ('hex' in written) return Buffer.from(written.hex, 'hex');
  return Buffer.alloc(written.length, written.fill);
}
