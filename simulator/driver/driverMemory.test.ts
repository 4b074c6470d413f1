// Goal: the shadow says to the byte what driver code may touch, and host code reads it as the runtime does.
import { expect, test } from 'vitest';
import { shadowKind } from '../image/index.ts';
import type { RangeKind } from '../kernel/memory.ts';
import { Irql } from '../kernel/thread.ts';
import { firstBadByte, type Machine } from './access.ts';
import { DriverMemory } from './driverMemory.ts';

const BASE = 0x1000100;

/** Only what `firstBadByte` looks at. */
const machine = (memory: DriverMemory, irql: number): Machine =>
  ({ memory, kernel: { scheduler: { current: { irql } } } }) as unknown as Machine;

type Row = readonly [
  marked: readonly (readonly [offset: number, length: number, kind: RangeKind])[],
  offset: number,
  size: number,
  access: 'read' | 'write',
  irql: number,
  /** Offset of the first byte that may not be touched. */
  bad: number | null,
];
const { PASSIVE_LEVEL, DISPATCH_LEVEL } = Irql;
const block = [[0, 61, 'addressable']] as const;
const rows: readonly Row[] = [
  [[], 0, 1, 'read', PASSIVE_LEVEL, 0],
  [block, 0, 61, 'write', PASSIVE_LEVEL, null],
  [block, 60, 1, 'read', PASSIVE_LEVEL, null],
  [block, 61, 1, 'read', PASSIVE_LEVEL, 61],
  [block, 57, 8, 'read', PASSIVE_LEVEL, 61],
  [block, 0, 64, 'read', PASSIVE_LEVEL, 61],
  [block, 3, 70, 'read', PASSIVE_LEVEL, 61],
  [block, -4, 8, 'read', PASSIVE_LEVEL, -4],
  [[[0, 24, 'paged']], 4, 20, 'write', PASSIVE_LEVEL, null],
  [[[0, 24, 'paged']], 4, 20, 'read', DISPATCH_LEVEL, 4],
  [[[0, 20, 'paged']], 16, 8, 'read', PASSIVE_LEVEL, 20],
  [
    [
      [0, 64, 'addressable'],
      [0, 64, 'freed'],
    ],
    8,
    1,
    'read',
    PASSIVE_LEVEL,
    8,
  ],
  [
    [
      [0, 16, 'redzone'],
      [16, 8, 'addressable'],
    ],
    15,
    2,
    'read',
    PASSIVE_LEVEL,
    15,
  ],
  [
    [
      [0, 16, 'addressable'],
      [16, 16, 'user'],
    ],
    12,
    8,
    'read',
    PASSIVE_LEVEL,
    16,
  ],
];

test.each(rows)('%j: [%i, +%i) %s at IRQL %i', (marked, offset, size, access, irql, bad) => {
  const memory = new DriverMemory();
  for (const [from, length, kind] of marked) memory.mark(BASE + from, length, kind);
  const found = firstBadByte(machine(memory, irql), BASE + offset, size, access === 'write');
  expect(found === null ? null : found - BASE).toBe(bad);
});

test('an address beyond all memory is bad, and so is one with the top bit set', () => {
  const memory = new DriverMemory();
  expect(firstBadByte(machine(memory, 0), 0xdeadbeec, 4, false)).toBe(0xdeadbeec);
  expect(firstBadByte(machine(memory, 0), 0xfffffffc, 4, true)).toBe(0xfffffffc);
});

test('memory grows where it is mapped, and keeps what it held', () => {
  const memory = new DriverMemory();
  memory.write32(BASE, 0x12345678);
  memory.map(0x2000000, 0x10000);
  memory.bytes(0x2000000, 0x10000).fill(1);
  expect(memory.read32(BASE)).toBe(0x12345678);
  expect(memory.shadowOf(0x2000000)).toBe(shadowKind.unowned);
});
