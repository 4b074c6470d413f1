import { expect, test } from 'vitest';
import { ByteReader, decodeUtf8 } from './byteReader.ts';
import { md5Low64 } from './md5.ts';
import { samplePath } from './samplePath.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

test.each([
  [[0x00], 0],
  [[0x7f], 127],
  [[0x80, 0x01], 128],
  [[0xe5, 0x8e, 0x26], 624485],
  [[0xff, 0xff, 0xff, 0xff, 0x0f], 0xffff_ffff],
])('unsigned LEB128 %j is %i', (encoded, value) => {
  expect(new ByteReader(bytes(...encoded)).uleb()).toBe(value);
});

test.each([
  [[0x00], 0],
  [[0x3f], 63],
  [[0x40], -64],
  [[0x7f], -1],
  [[0x9b, 0xf1, 0x59], -624485],
  [[0x80, 0x80, 0x80, 0x02], 0x40_0000],
])('signed LEB128 %j is %i', (encoded, value) => {
  expect(new ByteReader(bytes(...encoded)).sleb()).toBe(value);
});

test('numbers are little-endian, and a window is stepped over as a whole', () => {
  const reader = new ByteReader(bytes(1, 2, 3, 4, 5, 6, 7, 8, 9));
  const window = reader.window(4);
  expect([window.u16(), window.i8(), window.u8(), window.atEnd]).toEqual([0x0201, 3, 4, true]);
  expect(reader.u32()).toBe(0x0807_0605);
});

test('a read beyond the end is refused', () => {
  const reader = new ByteReader(bytes(0x80));
  expect(() => reader.uleb()).toThrow(RangeError);
  expect(() => new ByteReader(bytes(1, 2)).u32()).toThrow(RangeError);
  expect(() => new ByteReader(bytes(5, 65)).name()).toThrow(RangeError);
});

test.each([
  ['ASCII', [0x61, 0x62], 'ab'],
  ['two bytes', [0xc3, 0xa4], 'ä'],
  ['three bytes', [0xe2, 0x82, 0xac], '€'],
  ['four bytes', [0xf0, 0x9f, 0x98, 0x80], '😀'],
  ['a stray continuation', [0x80, 0x61], '\ufffda'],
  ['a cut sequence', [0xe2, 0x82], '\ufffd\ufffd'],
  ['an overlong one', [0xc0, 0x80], '\ufffd\ufffd'],
])('UTF-8: %s', (_what, encoded, text) => {
  expect(decodeUtf8(bytes(...encoded))).toBe(text);
});

// From RFC 1321, appendix A.5: the first eight bytes of each digest, read as a little-endian number.
test.each([
  ['', 0x04b2008fd98c1dd4n],
  ['abc', 0xb04fd23c98500190n],
  ['abcdefghijklmnopqrstuvwxyz', 0x00e49261d7d3fcc3n],
  [
    '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
    0x55c9e32ba2f4ed57n,
  ],
])('MD5 of "%s"', (text, digest) => {
  expect(md5Low64(Uint8Array.from(text, (letter) => letter.charCodeAt(0)))).toBe(digest);
});

test.each([
  ['', 'src/a.c', 'src/a.c'],
  ['/', 'src/a.c', 'src/a.c'],
  ['src', '../inc/b.h', 'inc/b.h'],
  ['src', '/inc/./b.h', 'inc/b.h'],
  ['/src', 'b.h', 'src/b.h'],
])('a name in %j: %s', (folder, file, path) => {
  expect(samplePath(folder, file)).toBe(path);
});
