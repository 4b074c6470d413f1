// The memory of the simulated machine, as the kernel model sees it: ranges of bytes at 32-bit
// addresses. User-mode addresses lie below USER_LIMIT, images and pool above. With a driver loaded
// the bytes are WebAssembly memory, which only driver/ knows; without one they are a plain array.

/** Below it lies the null page: never mapped. */
export const NULL_PAGE_LIMIT = 0x10000;
/** User-mode addresses of every process lie in [NULL_PAGE_LIMIT, USER_LIMIT). */
export const USER_LIMIT = 0x300000;
/** Driver images are placed from here on, each at its own base. */
export const IMAGE_BASE = 0x400000;
/** Pool and kernel objects lie in [POOL_BASE, POOL_LIMIT); what follows is the driver room's. */
export const POOL_BASE = 0x1000000;
export const POOL_LIMIT = 0x3000000;

/**
 * What a range of addresses is good for when driver code touches it directly. The numbers are the
 * shadow bytes that simulator/runtime's checker reads.
 */
export type RangeKind =
  'addressable' | 'null-page' | 'redzone' | 'freed' | 'unowned' | 'user' | 'paged';

export interface Memory {
  /** The bytes of a range; valid until the next allocation. The range must be mapped. */
  bytes(address: number, length: number): Uint8Array;
  /** Zeroes a range. The range must be mapped. */
  clear(address: number, length: number): void;
  /** Makes sure that [address, address + length) exists; new bytes are zero. */
  map(address: number, length: number): void;
  /** Tells the checker of driver code what the range is. Ranges start on 8-byte boundaries. */
  mark(address: number, length: number, kind: RangeKind): void;
}

/** Bytes from a base address on, in an array that grows. */
class Region {
  private readonly base: number;
  private store = new Uint8Array(0x10000);

  constructor(base: number) {
    this.base = base;
  }

  bytes(address: number, length: number): Uint8Array {
    const start = address - this.base;
    return this.store.subarray(start, start + length);
  }

  map(address: number, length: number): void {
    const needed = address + length - this.base;
    if (needed <= this.store.length) return;
    const grown = new Uint8Array(Math.max(needed, this.store.length * 2));
    grown.set(this.store);
    this.store = grown;
  }
}

/** Memory for a simulation without any driver: user pages and pool, and nobody to check accesses. */
export class PlainMemory implements Memory {
  private readonly user = new Region(0);
  private readonly pool = new Region(POOL_BASE);

  bytes(address: number, length: number): Uint8Array {
    return this.at(address).bytes(address, length);
  }

  clear(address: number, length: number): void {
    this.bytes(address, length).fill(0);
  }

  map(address: number, length: number): void {
    this.at(address).map(address, length);
  }

  mark(_address: number, _length: number, _kind: RangeKind): void {
    // Nobody checks accesses where no driver code runs.
  }

  private at(address: number): Region {
    return address < POOL_BASE ? this.user : this.pool;
  }
}
