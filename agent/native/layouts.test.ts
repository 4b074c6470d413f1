// Goal: every structure has the bytes that 64-bit Windows expects. Method: golden bytes, written by hand
// from the declarations in wdm.h, ntifs.h and winnt.h, eight bytes a group.
import { expect, test } from 'vitest';
import {
  fileBasicInformation,
  fileDispositionInformation,
  fileDispositionInformationEx,
  fileRenameInformation,
  largeInteger,
  objectAttributes,
  readDirectoryInformation,
  readIoStatusBlock,
  readVersionInformation,
  unicodeString,
  versionInformationRequest,
} from './layouts.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

const encoded: readonly (readonly [string, Buffer, string])[] = [
  [
    'UNICODE_STRING',
    unicodeString({ address: 0x1122334455667788n, length_bytes: 6 }),
    '0600 0600 00000000  8877665544332211',
  ],
  [
    'OBJECT_ATTRIBUTES',
    objectAttributes({ rootDirectory: 0x44, objectName: 0x7ff612345678n, attributes: 0x40 }),
    `30000000 00000000  44000000 00000000  78563412f67f0000
     40000000 00000000  0000000000000000  0000000000000000`,
  ],
  ['LARGE_INTEGER', largeInteger(-2n), 'feffffffffffffff'],
  [
    'FILE_BASIC_INFORMATION',
    fileBasicInformation({
      creationTime: 1n,
      lastAccessTime: 2n,
      lastWriteTime: -1n,
      changeTime: 0x0102030405060708n,
      attributes: 0x22,
    }),
    `0100000000000000  0200000000000000  ffffffffffffffff  0807060504030201
     22000000 00000000`,
  ],
  [
    'FILE_RENAME_INFORMATION of a long name',
    fileRenameInformation({ first: 1, rootDirectory: 0x10, name: 'foobar' }),
    '01000000 00000000  10000000 00000000  0c000000 66006f00 6f006200 61007200',
  ],
  [
    'FILE_RENAME_INFORMATION of one character: never shorter than the structure',
    fileRenameInformation({ first: 0x43, rootDirectory: 0, name: 'x' }),
    '43000000 00000000  0000000000000000  02000000 78000000',
  ],
  ['FILE_DISPOSITION_INFORMATION, delete', fileDispositionInformation(true), '01'],
  ['FILE_DISPOSITION_INFORMATION, keep', fileDispositionInformation(false), '00'],
  ['FILE_DISPOSITION_INFORMATION_EX', fileDispositionInformationEx(0x13), '13000000'],
];

test.each(encoded)('%s', (_title, bytes, golden) => {
  expect(bytes.toString('hex')).toBe(hex(golden).toString('hex'));
});

const untouched = 'a5a5a5a5a5a5a5a5 a5a5a5a5a5a5a5a5';
const blocks: readonly (readonly [string, string, ReturnType<typeof readIoStatusBlock>])[] = [
  ['untouched', untouched, undefined],
  [
    'written, with the upper half of the status left alone',
    '20010000 a5a5a5a5 1200000000000000',
    { status: 0x120, information: 0x12 },
  ],
  [
    'only the status written',
    '340000c0 a5a5a5a5 a5a5a5a5a5a5a5a5',
    { status: 0xc0000034, information: undefined },
  ],
  [
    'only the information written',
    'a5a5a5a5 a5a5a5a5 0000000000000000',
    { status: 0xa5a5a5a5, information: 0 },
  ],
];

test.each(blocks)('IO_STATUS_BLOCK %s', (_title, bytes, expected) => {
  expect(readIoStatusBlock(hex(bytes))).toEqual(expected);
});

test('FILE_DIRECTORY_INFORMATION: entries are followed by their offsets', () => {
  const entry = (next: number, attributes: number, name: string): Buffer => {
    const out = Buffer.alloc(next === 0 ? 64 + 2 * name.length : next);
    out.writeUInt32LE(next, 0);
    out.writeUInt32LE(attributes, 56);
    out.writeUInt32LE(2 * name.length, 60);
    out.write(name, 64, 'utf16le');
    return out;
  };
  const listing = Buffer.concat([entry(72, 0x10, 'abc'), entry(0, 0x420, 'link')]);
  expect(readDirectoryInformation(listing)).toEqual([
    { name: 'abc', attributes: 0x10 },
    { name: 'link', attributes: 0x420 },
  ]);
  expect(readDirectoryInformation(Buffer.alloc(0))).toEqual([]);
});

test('RTL_OSVERSIONINFOW says its size, and is read at the right places', () => {
  const information = versionInformationRequest();
  expect(information.length).toBe(276);
  expect(information.subarray(0, 4).toString('hex')).toBe('14010000');
  hex('0a000000 00000000 634a0000').copy(information, 4);
  expect(readVersionInformation(information)).toBe('10.0.19043');
});
