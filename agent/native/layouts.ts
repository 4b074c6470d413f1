// The structures that ntdll takes and gives, as 64-bit Windows lays them out (x64 and arm64 alike).
// Every offset of the agent stands here; the golden bytes of layouts.test.ts are written by hand.

/** An address in the process that makes the call. */
export type Address = bigint;
/** A HANDLE; the values that Windows hands out are small. */
export type Handle = number;

export const NULL_ADDRESS: Address = 0n;
export const POINTER_BYTES = 8;

const bytes = (length: number): Buffer => Buffer.alloc(length);

/** UTF-16 without an end, as UNICODE_STRING and the FILE_…_INFORMATION structures hold it. */
export const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

/** A UNICODE_STRING counts bytes in 16 bits, and Windows wants the count even. */
export const UNICODE_STRING_LIMIT_UNITS = 0xfffe / 2;

export function unicodeString(text: { address: Address; length_bytes: number }): Buffer {
  const out = bytes(16);
  out.writeUInt16LE(text.length_bytes, 0);
  out.writeUInt16LE(text.length_bytes, 2);
  out.writeBigUInt64LE(text.address, 8);
  return out;
}

export function objectAttributes(given: {
  rootDirectory: Handle;
  objectName: Address;
  attributes: number;
}): Buffer {
  const out = bytes(48);
  out.writeUInt32LE(48, 0);
  out.writeBigUInt64LE(BigInt(given.rootDirectory), 8);
  out.writeBigUInt64LE(given.objectName, 16);
  out.writeUInt32LE(given.attributes, 24);
  return out;
}

/** A block after a call has written to it. */
export interface IoStatusBlock {
  readonly status: number;
  /** Undefined where only the status was written: Wine does so when a create fails. */
  readonly information: number | undefined;
}

export const IO_STATUS_BLOCK_BYTES = 16;

/** What every I/O status block holds before a call, so that "not written" can be seen. */
export const untouchedIoStatusBlock: Buffer = Buffer.alloc(IO_STATUS_BLOCK_BYTES, 0xa5);

/** `undefined` while the block is as it was before the call. */
export function readIoStatusBlock(block: Buffer): IoStatusBlock | undefined {
  const untouched = (from: number, to: number): boolean =>
    block.compare(untouchedIoStatusBlock, from, to, from, to) === 0;
  const information = untouched(8, 16) ? undefined : Number(block.readBigUInt64LE(8));
  // Status shares its eight bytes with a pointer; Windows writes the lower four only.
  if (untouched(0, 4) && information === undefined) return undefined;
  return { status: block.readUInt32LE(0), information };
}

export function largeInteger(value: bigint): Buffer {
  const out = bytes(8);
  out.writeBigInt64LE(value, 0);
  return out;
}

export function fileBasicInformation(given: {
  creationTime: bigint;
  lastAccessTime: bigint;
  lastWriteTime: bigint;
  changeTime: bigint;
  attributes: number;
}): Buffer {
  const out = bytes(40);
  out.writeBigInt64LE(given.creationTime, 0);
  out.writeBigInt64LE(given.lastAccessTime, 8);
  out.writeBigInt64LE(given.lastWriteTime, 16);
  out.writeBigInt64LE(given.changeTime, 24);
  out.writeUInt32LE(given.attributes, 32);
  return out;
}

/** sizeof(FILE_RENAME_INFORMATION): Windows refuses a shorter buffer, however short the name. */
const RENAME_INFORMATION_BYTES_MIN = 24;

/**
 * FILE_RENAME_INFORMATION, its Ex form and FILE_LINK_INFORMATION: one layout. `first` is
 * ReplaceIfExists (0 or 1) in the plain forms and Flags in the Ex form.
 */
export function fileRenameInformation(given: {
  first: number;
  rootDirectory: Handle;
  name: string;
}): Buffer {
  const name = utf16(given.name);
  const out = bytes(Math.max(RENAME_INFORMATION_BYTES_MIN, 20 + name.length));
  out.writeUInt32LE(given.first, 0);
  out.writeBigUInt64LE(BigInt(given.rootDirectory), 8);
  out.writeUInt32LE(name.length, 16);
  name.copy(out, 20);
  return out;
}

/** FILE_DISPOSITION_INFORMATION: one BOOLEAN. */
export const fileDispositionInformation = (remove: boolean): Buffer =>
  Buffer.from([remove ? 1 : 0]);

/** FILE_DISPOSITION_INFORMATION_EX: one ULONG. */
export function fileDispositionInformationEx(flags: number): Buffer {
  const out = bytes(4);
  out.writeUInt32LE(flags, 0);
  return out;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly attributes: number;
}

/** FILE_DIRECTORY_INFORMATION entries, as far as a clean-up needs them. */
export function readDirectoryInformation(buffer: Buffer): DirectoryEntry[] {
  const entries: DirectoryEntry[] = [];
  for (let at = 0; at + 64 <= buffer.length;) {
    const next = buffer.readUInt32LE(at);
    const name_bytes = buffer.readUInt32LE(at + 60);
    entries.push({
      name: buffer.toString('utf16le', at + 64, at + 64 + name_bytes),
      attributes: buffer.readUInt32LE(at + 56),
    });
    if (next === 0) break;
    at += next;
  }
  return entries;
}

export const RTL_OSVERSIONINFOW_BYTES = 276;

/** Before the call: dwOSVersionInfoSize only. */
export function versionInformationRequest(): Buffer {
  const out = bytes(RTL_OSVERSIONINFOW_BYTES);
  out.writeUInt32LE(RTL_OSVERSIONINFOW_BYTES, 0);
  return out;
}

/** "10.0.19043". */
export const readVersionInformation = (buffer: Buffer): string =>
  [4, 8, 12].map((offset) => buffer.readUInt32LE(offset)).join('.');
