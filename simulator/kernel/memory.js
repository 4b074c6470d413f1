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
/** Bytes from a base address on, in an array that grows. */
class Region {
    base;
    store = new Uint8Array(0x10000);
    constructor(base) {
        this.base = base;
    }
    bytes(address, length) {
        const start = address - this.base;
        return this.store.subarray(start, start + length);
    }
    map(address, length) {
        const needed = address + length - this.base;
        if (needed <= this.store.length)
            return;
        const grown = new Uint8Array(Math.max(needed, this.store.length * 2));
        grown.set(this.store);
        this.store = grown;
    }
}
/** Memory for a simulation without any driver: user pages and pool, and nobody to check accesses. */
export class PlainMemory {
    user = new Region(0);
    pool = new Region(POOL_BASE);
    bytes(address, length) {
        return this.at(address).bytes(address, length);
    }
    map(address, length) {
        this.at(address).map(address, length);
    }
    mark(_address, _length, _kind) {
        // Nobody checks accesses where no driver code runs.
    }
    at(address) {
        return address < POOL_BASE ? this.user : this.pool;
    }
}
