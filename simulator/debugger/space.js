import { IMAGE_BASE, NULL_PAGE_LIMIT, POOL_BASE, POOL_LIMIT, USER_LIMIT, } from '../kernel/memory.ts';
/** The image's data ends before the shadow begins (simulator/runtime/README.md). */
const IMAGE_LIMIT = 0x800000;
export class Space {
    kernel;
    process;
    regions = [];
    sorted = true;
    /** User-mode addresses are those of `process`. */
    constructor(kernel, process) {
        this.kernel = kernel;
        this.process = process;
    }
    /** A later one lies over an earlier one. */
    put(start, bytes) {
        const place = this.regions.findIndex((one) => one.start === start);
        if (place === -1)
            this.regions.push({ start, bytes });
        else
            this.regions[place] = { start, bytes };
        this.sorted = false;
    }
    /** One byte; undefined where nothing is mapped. */
    byteAt(address) {
        const region = this.regionAt(address);
        if (region !== undefined)
            return region.bytes[address - region.start];
        return this.isMapped(address) ? this.kernel.memory.bytes(address, 1)[0] : undefined;
    }
    /** Undefined where a byte of it is not mapped. */
    bytes(address, length) {
        const bytes = new Uint8Array(length);
        for (let index = 0; index < length; index += 1) {
            const byte = this.byteAt((address + index) >>> 0);
            if (byte === undefined)
                return undefined;
            bytes[index] = byte;
        }
        return bytes;
    }
    /** Little-endian, unsigned. */
    number(address, size) {
        const bytes = this.bytes(address, size);
        if (bytes === undefined)
            return undefined;
        if (size === 8)
            return new DataView(bytes.buffer).getBigUint64(0, true);
        return bytes.reduceRight((value, byte) => value * 0x100 + byte, 0);
    }
    u32(address) {
        const value = this.number(address, 4);
        return value === undefined ? undefined : Number(value);
    }
    /** `length` bytes of UTF-16 text. */
    text(address, length) {
        const bytes = this.bytes(address, length & ~1);
        if (bytes === undefined)
            return undefined;
        let text = '';
        for (let at = 0; at + 1 < bytes.length; at += 2) {
            text += String.fromCharCode((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
        }
        return text;
    }
    regionAt(address) {
        if (!this.sorted) {
            this.regions.sort((left, right) => left.start - right.start);
            this.sorted = true;
        }
        let [low, high] = [0, this.regions.length];
        while (low < high) {
            const middle = (low + high) >>> 1;
            if (this.regions[middle].start <= address)
                low = middle + 1;
            else
                high = middle;
        }
        // Images may lie inside one another's range: the one that starts last is the innermost.
        for (let index = low - 1; index >= 0 && index >= low - 8; index -= 1) {
            const region = this.regions[index];
            if (address < region.start + region.bytes.length)
                return region;
        }
        return undefined;
    }
    isMapped(address) {
        const { user, pool } = this.kernel;
        if (address < NULL_PAGE_LIMIT)
            return false;
        if (address < USER_LIMIT)
            return user.ownerOf(address) === this.process;
        if (address >= IMAGE_BASE && address < IMAGE_LIMIT)
            return true;
        return address >= POOL_BASE && address < POOL_LIMIT && pool.blockAt(address) !== null;
    }
}
