// Whoever compiles this floor with another one must see the engine’s names too.
// eslint-disable-next-line @typescript-eslint/triple-slash-reference
/// <reference path="./webassembly.d.ts" />
// The memory of a simulation with drivers: one WebAssembly memory, its shadow, and the control block,
// as runtime/README.md lays them out. Everything else of the model sees it as `Memory`.
import { addressSpace, memoryPages, PAGE_BYTES, shadowKind } from '../image/addressSpace.ts';
import type { Memory, RangeKind } from '../kernel/memory.ts';

/** How many bytes one shadow byte speaks for. */
const GRAIN = 8;
const EIGHT_USABLE = 8;

/** Shadow bytes of the kinds whose ranges are whole grains of the same. */
const wholeGrains: Readonly<Record<Exclude<RangeKind, 'addressable' | 'paged'>, number>> = {
  'null-page': shadowKind.unowned,
  redzone: shadowKind.redZone,
  freed: shadowKind.freed,
  unowned: shadowKind.unowned,
  // Never addressable for driver code: each access asks the host (access.ts).
  user: shadowKind.unowned,
};

export class DriverMemory implements Memory {
  readonly memory = new WebAssembly.Memory({
    initial: memoryPages.initial,
    maximum: memoryPages.maximum,
  });
  private u8 = new Uint8Array(this.memory.buffer);
  private words = new DataView(this.memory.buffer);

  bytes(address: number, length: number): Uint8Array {
    return this.u8.subarray(address, address + length);
  }

  /** A copy of a range. */
  copy(address: number, length: number): Uint8Array {
    return this.u8.slice(address, address + length);
  }

  /** Whether the bytes from `address` on are these. */
  holds(address: number, expected: Uint8Array): boolean {
    const { u8 } = this;
    for (let at = 0; at < expected.length; at += 1) {
      if (u8[address + at] !== expected[at]) return false;
    }
    return true;
  }

  clear(address: number, length: number): void {
    fill(this.u8, 0, address, address + length);
  }

  map(address: number, length: number): void {
    const missing = address + length - this.u8.length;
    if (missing <= 0) return;
    const room = memoryPages.maximum - this.u8.length / PAGE_BYTES;
    const needed = Math.ceil(missing / PAGE_BYTES);
    // In steps, because every growth detaches the views.
    this.memory.grow(Math.min(Math.max(needed, GROWTH_PAGES), Math.max(room, needed)));
    this.u8 = new Uint8Array(this.memory.buffer);
    this.words = new DataView(this.memory.buffer);
  }

  mark(address: number, length: number, kind: RangeKind): void {
    const from = addressSpace.shadowBase + (address >>> 3);
    const grains = Math.ceil(length / GRAIN);
    if (kind !== 'addressable' && kind !== 'paged') {
      fill(this.u8, wholeGrains[kind], from, from + grains);
      return;
    }
    const base = kind === 'paged' ? shadowKind.pageable : shadowKind.plain;
    const whole = Math.floor(length / GRAIN);
    fill(this.u8, base + EIGHT_USABLE, from, from + whole);
    if (grains > whole) this.u8[from + whole] = base + (length % GRAIN);
  }

  /** The shadow byte that speaks for `address`. */
  shadowOf(address: number): number {
    if (address >= addressSpace.end) return shadowKind.unowned;
    return this.u8[addressSpace.shadowBase + (address >>> 3)] ?? shadowKind.unowned;
  }

  read8(address: number): number {
    return this.u8[address] as number;
  }

  write8(address: number, value: number): void {
    this.u8[address] = value;
  }

  read16(address: number): number {
    return this.words.getUint16(address, true);
  }

  write16(address: number, value: number): void {
    this.words.setUint16(address, value, true);
  }

  read32(address: number): number {
    return this.words.getUint32(address, true);
  }

  write32(address: number, value: number): void {
    this.words.setUint32(address, value, true);
  }

  read64(address: number): bigint {
    return this.words.getBigUint64(address, true);
  }

  write64(address: number, value: bigint): void {
    this.words.setBigUint64(address, value, true);
  }

  /** The same as a number: exact up to 2^53 either way. */
  write64Number(address: number, value: number): void {
    this.words.setUint32(address, value >>> 0, true);
    this.words.setUint32(address + 4, Math.floor(value / 0x1_0000_0000) >>> 0, true);
  }

  /** `units` UTF-16 code units. */
  readWide(address: number, units: number): string {
    let text = '';
    for (let index = 0; index < units; index += 1) {
      text += String.fromCharCode(this.words.getUint16(address + 2 * index, true));
    }
    return text;
  }

  /** The text's code units, without a terminator. */
  writeWide(address: number, text: string): void {
    for (let index = 0; index < text.length; index += 1) {
      this.words.setUint16(address + 2 * index, text.charCodeAt(index), true);
    }
  }
}

/** Below this a loop is faster than a call of the engine's own `fill`. */
const FILLED_BY_LOOP_MAX = 48;

function fill(bytes: Uint8Array, value: number, start: number, end: number): void {
  if (end - start > FILLED_BY_LOOP_MAX) bytes.fill(value, start, end);
  else for (let at = start; at < end; at += 1) bytes[at] = value;
}

/** 4 MiB. */
const GROWTH_PAGES = 64;
