// Goal: the reader says what an image is, and says why a file is none; it never fails otherwise.
// Method: images are made here, field by field, so that every row can damage exactly one thing.
import { expect, test } from 'vitest';
import { isLabError } from '../../contract/errors/labError.ts';
import { parsePe, type PeImage } from './pe.ts';

const at = {
  peHeader: 0x80,
  machine: 0x84,
  sectionCount: 0x86,
  optionalSize: 0x94,
  magic: 0x98,
  entryPoint: 0xa8,
  headersSize: 0x98 + 60,
  checksum: 0x98 + 64,
  directoryCount: 0x98 + 108,
  exportDirectory: 0x98 + 112,
  importDirectory: 0x98 + 120,
  certificateDirectory: 0x98 + 112 + 4 * 8,
  firstSection: 0x98 + 240,
} as const;

/** File offset of an address in the one section that has content. */
const offset = (address: number): number => address - 0x1000 + 0x400;

/** An x64 native image of two sections that imports three names and exports two. */
function goodImage(): Uint8Array {
  const bytes = new Uint8Array(0x800);
  const view = new DataView(bytes.buffer);
  const u16 = (where: number, value: number): void => view.setUint16(where, value, true);
  const u32 = (where: number, value: number): void => view.setUint32(where, value, true);
  const u64 = (where: number, value: bigint): void => view.setBigUint64(where, value, true);
  const text = (where: number, value: string): void =>
    void bytes.set(Buffer.from(`${value}\0`, 'latin1'), where);
  u16(0, 0x5a4d);
  u32(0x3c, at.peHeader);
  u32(at.peHeader, 0x4550);
  u16(at.machine, 0x8664);
  u16(at.sectionCount, 2);
  u32(at.peHeader + 8, 0x1234abcd);
  u16(at.optionalSize, 240);
  u16(at.peHeader + 22, 0x22);
  u16(at.magic, 0x20b);
  u32(at.entryPoint, 0x1000);
  u64(at.magic + 24, 0x1_4000_0000n);
  u16(at.magic + 48, 6);
  u16(at.magic + 50, 1);
  u32(at.magic + 56, 0x3000);
  u32(at.headersSize, 0x400);
  u16(at.magic + 68, 1);
  u16(at.magic + 70, 0x160);
  u32(at.directoryCount, 16);
  section(0, '.text', 0x1000, 0x400, 0x60000020);
  section(1, '.bss', 0x2000, 0, 0xc0000080);
  function section(
    index: number,
    name: string,
    address: number,
    size: number,
    flags: number,
  ): void {
    const header = at.firstSection + index * 40;
    text(header, name);
    u32(header + 8, 0x1000);
    u32(header + 12, address);
    u32(header + 16, size);
    u32(header + 20, size === 0 ? 0 : 0x400);
    u32(header + 36, flags);
  }
  u32(at.importDirectory, 0x1100);
  u32(at.importDirectory + 4, 60);
  u32(offset(0x1100), 0x1180);
  u32(offset(0x1100) + 12, 0x1200);
  u32(offset(0x1100) + 16, 0x11c0);
  u32(offset(0x1114) + 12, 0x1210);
  u32(offset(0x1114) + 16, 0x11a0);
  u64(offset(0x1180), 0x1220n);
  u64(offset(0x1188), 0x1240n);
  u64(offset(0x11a0), (1n << 63n) | 7n);
  text(offset(0x1200), 'FLTMGR.SYS');
  text(offset(0x1210), 'HAL.dll');
  text(offset(0x1222), 'FltRegisterFilter');
  text(offset(0x1242), 'FltStartFiltering');
  u32(at.exportDirectory, 0x1280);
  u32(at.exportDirectory + 4, 0x80);
  u32(offset(0x1280) + 24, 2);
  u32(offset(0x1280) + 32, 0x12b0);
  u32(offset(0x12b0), 0x12c0);
  u32(offset(0x12b4), 0x12d0);
  text(offset(0x12c0), 'DllInitialize');
  text(offset(0x12d0), 'DllUnload');
  return bytes;
}

function damaged(damage: (view: DataView) => void): Uint8Array {
  const bytes = goodImage();
  damage(new DataView(bytes.buffer));
  return bytes;
}

test('a good image is read whole', () => {
  expect(parsePe(goodImage(), 'good.sys')).toEqual({
    machine: 0x8664,
    characteristics: 0x22,
    timeDateStamp: 0x1234abcd,
    subsystem: 1,
    subsystemVersion: '6.01',
    dllCharacteristics: 0x160,
    imageBase: 0x1_4000_0000n,
    entryPoint: 0x1000,
    imageSize_bytes: 0x3000,
    checksum: { stored: 0, computed: 0xe50c },
    sections: [
      {
        name: '.text',
        characteristics: 0x60000020,
        virtualAddress: 0x1000,
        virtualSize_bytes: 0x1000,
        fileOffset: 0x400,
        fileSize_bytes: 0x400,
      },
      {
        name: '.bss',
        characteristics: 0xc0000080,
        virtualAddress: 0x2000,
        virtualSize_bytes: 0x1000,
        fileOffset: 0,
        fileSize_bytes: 0,
      },
    ],
    imports: [
      { dll: 'FLTMGR.SYS', names: ['FltRegisterFilter', 'FltStartFiltering'], ordinals: [] },
      { dll: 'HAL.dll', names: [], ordinals: [7] },
    ],
    exports: ['DllInitialize', 'DllUnload'],
  } satisfies PeImage);
});

test('a certificate table is told by its place in the file', () => {
  const signed = damaged((view) => {
    view.setUint32(at.certificateDirectory, 0x700, true);
    view.setUint32(at.certificateDirectory + 4, 0x100, true);
  });
  expect(parsePe(signed, 'x').certificateTable).toEqual({ offset: 0x700, size_bytes: 0x100 });
});

const rows: readonly [string, Uint8Array, RegExp][] = [
  ['an empty file', new Uint8Array(0), /ends within the DOS header/],
  ['a text', Buffer.from('#!/bin/sh\necho not a driver\n'), /does not begin with "MZ"/],
  ['a DOS program', damaged((view) => view.setUint32(at.peHeader, 0, true)), /no PE signature/],
  ['a header far away', damaged((view) => view.setUint32(0x3c, 0xfffffff0, true)), /PE header/],
  ['32 bits', damaged((view) => view.setUint16(at.magic, 0x10b, true)), /32-bit image/],
  ['a ROM image', damaged((view) => view.setUint16(at.magic, 0x107, true)), /no known kind/],
  ['no sections', damaged((view) => view.setUint16(at.sectionCount, 0, true)), /0 sections/],
  ['too many sections', damaged((view) => view.setUint16(at.sectionCount, 999, true)), /999 sect/],
  [
    'a section beyond the end',
    damaged((view) => view.setUint32(at.firstSection + 16, 0x500, true)),
    /ends within section \.text/,
  ],
  [
    'too many directories',
    damaged((view) => view.setUint32(at.directoryCount, 17, true)),
    /more than 16/,
  ],
  [
    'an optional header without room for them',
    damaged((view) => view.setUint16(at.optionalSize, 200, true)),
    /too short/,
  ],
  [
    'imports outside of the image',
    damaged((view) => view.setUint32(at.importDirectory, 0x9000, true)),
    /import directory lies outside/,
  ],
  [
    'a module without a name',
    damaged((view) => view.setUint8(offset(0x1200), 0)),
    /name of an imported module is empty/,
  ],
  [
    'a name that is no text',
    damaged((view) => view.setUint8(offset(0x1222), 0x01)),
    /name from FLTMGR\.SYS is not text/,
  ],
  [
    'an import table without an end',
    damaged((view) => {
      for (let where = offset(0x1180); where + 8 <= 0x800; where += 8) {
        view.setBigUint64(where, (1n << 63n) | 1n, true);
      }
      new Uint8Array(view.buffer).set(Buffer.from('A\0'), offset(0x1010));
      view.setUint32(offset(0x1100) + 12, 0x1010, true);
    }),
    /imports from A lies outside/,
  ],
  [
    'a count of exports that nobody has',
    damaged((view) => view.setUint32(offset(0x1280) + 24, 0xffffffff, true)),
    /4294967295 exported names/,
  ],
  [
    'a certificate table beyond the end',
    damaged((view) => {
      view.setUint32(at.certificateDirectory, 0x700, true);
      view.setUint32(at.certificateDirectory + 4, 0x101, true);
    }),
    /ends within the certificate table/,
  ],
];

test.each(rows)('%s is refused with its reason', (_title, bytes, reason) => {
  expect(() => parsePe(bytes, 'bad.sys')).toThrow(reason);
  expect(() => parsePe(bytes, 'bad.sys')).toThrow(/^bad\.sys is not a 64-bit Windows image/);
});

test('the same long name a hundred thousand times does not cost gigabytes', () => {
  const bytes = new Uint8Array(0x100000);
  bytes.set(goodImage());
  const view = new DataView(bytes.buffer);
  view.setUint32(at.firstSection + 8, 0xff000, true);
  view.setUint32(at.firstSection + 16, bytes.length - 0x400, true);
  bytes.fill(0x41, offset(0x2000), offset(0x2f00));
  view.setUint32(offset(0x1280) + 24, 131_072, true);
  view.setUint32(offset(0x1280) + 32, 0x4000, true);
  for (let index = 0; index < 131_072; index++) {
    view.setUint32(offset(0x4000) + index * 4, 0x2000, true);
  }
  expect(() => parsePe(bytes, 'x')).toThrow(/more text than any driver/);
});

/** mulberry32: the same numbers on every machine. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test('twenty thousand damaged files end in an image or in the one error', () => {
  const seed = 20261121;
  const next = random(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  const edges = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff8, 0x1000, 0x10000];
  let refused = 0;
  for (let round = 0; round < 20_000; round++) {
    let bytes = goodImage();
    const view = new DataView(bytes.buffer);
    for (let times = 1 + below(4); times > 0; times--) {
      // Half of the damage goes to the headers, where it says most.
      const where = below(next() < 0.5 ? 0x1e0 : bytes.length - 4);
      if (next() < 0.5) view.setUint8(where, below(256));
      else view.setUint32(where, edges[below(edges.length)] ?? 0, true);
    }
    if (next() < 0.3) bytes = bytes.slice(0, below(bytes.length));
    try {
      parsePe(bytes, 'fuzz');
    } catch (error) {
      const fine = isLabError(error) && error.code === 'build.not-a-pe';
      expect(fine, `seed ${seed}, round ${round}: ${String(error)}`).toBe(true);
      refused++;
    }
  }
  // Both outcomes must be common, or the damage says nothing.
  expect(refused).toBeGreaterThan(4_000);
  expect(refused).toBeLessThan(19_000);
});
