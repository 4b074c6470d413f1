// Whoever compiles this floor with another one must see the engine’s names too.
// eslint-disable-next-line @typescript-eslint/triple-slash-reference
/// <reference path="./webassembly.d.ts" />
// The memory of a simulation with drivers: one WebAssembly memory, its shadow, and the control block,
// as runtime/README.md lays them out. Everything else of the model sees it as `Memory`.
import { addressSpace, memoryPages, PAGE_BYTES, shadowKind } from '../image/addressSpace.ts';
/** How many bytes one shadow byte speaks for. */
const GRAIN = 8;
const EIGHT_USABLE = 8;
/** Shadow bytes of the kinds whose ranges are whole grains of the same. */
const wholeGrains = {
    'null-page': shadowKind.unowned,
    redzone: shadowKind.redZone,
    freed: shadowKind.freed,
    unowned: shadowKind.unowned,
    // Never addressable for driver code: each access asks the host (access.ts).
    user: shadowKind.unowned,
};
export class DriverMemory {
    memory = new WebAssembly.Memory({
        initial: memoryPages.initial,
        maximum: memoryPages.maximum,
    });
    u8 = new Uint8Array(this.memory.buffer);
    words = new DataView(this.memory.buffer);
    bytes(address, length) {
        return this.u8.subarray(address, address + length);
    }
    map(address, length) {
        const missing = address + length - this.u8.length;
        if (missing <= 0)
            return;
        const room = memoryPages.maximum - this.u8.length / PAGE_BYTES;
        const needed = Math.ceil(missing / PAGE_BYTES);
        // In steps, because every growth detaches the views.
        this.memory.grow(Math.min(Math.max(needed, GROWTH_PAGES), Math.max(room, needed)));
        this.u8 = new Uint8Array(this.memory.buffer);
        this.words = new DataView(this.memory.buffer);
    }
    mark(address, length, kind) {
        const from = addressSpace.shadowBase + (address >>> 3);
        const grains = Math.ceil(length / GRAIN);
        if (kind !== 'addressable' && kind !== 'paged') {
            this.u8.fill(wholeGrains[kind], from, from + grains);
            return;
        }
        const base = kind === 'paged' ? shadowKind.pageable : shadowKind.plain;
        const whole = Math.floor(length / GRAIN);
        this.u8.fill(base + EIGHT_USABLE, from, from + whole);
        if (grains > whole)
            this.u8[from + whole] = base + (length % GRAIN);
    }
    /** The shadow byte that speaks for `address`. */
    shadowOf(address) {
        if (address >= addressSpace.end)
            return shadowKind.unowned;
        return this.u8[addressSpace.shadowBase + (address >>> 3)] ?? shadowKind.unowned;
    }
    read8(address) {
        return this.u8[address];
    }
    write8(address, value) {
        this.u8[address] = value;
    }
    read16(address) {
        return this.words.getUint16(address, true);
    }
    write16(address, value) {
        this.words.setUint16(address, value, true);
    }
    read32(address) {
        return this.words.getUint32(address, true);
    }
    write32(address, value) {
        this.words.setUint32(address, value, true);
    }
    read64(address) {
        return this.words.getBigUint64(address, true);
    }
    write64(address, value) {
        this.words.setBigUint64(address, value, true);
    }
    /** `units` UTF-16 code units. */
    readWide(address, units) {
        let text = '';
        for (let index = 0; index < units; index += 1) {
            text += String.fromCharCode(this.words.getUint16(address + 2 * index, true));
        }
        return text;
    }
    /** The text's code units, without a terminator. */
    writeWide(address, text) {
        for (let index = 0; index < text.length; index += 1) {
            this.words.setUint16(address + 2 * index, text.charCodeAt(index), true);
        }
    }
}
/** 4 MiB. */
const GROWTH_PAGES = 64;
