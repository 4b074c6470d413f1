export const PAGE_BYTES = 4096;
export const noSections = () => ({ data: null, image: null });
export class ControlArea {
    kind;
    address;
    /** Every paging request names this one; it stays referenced as long as the control area lives. */
    file;
    pointers;
    /** By page number of the file, or of the image. */
    pages = new Map();
    /** Reads under way, for threads that want the same page (a collided fault). */
    reading = new Map();
    /** Empty for data. */
    segments;
    /** Section objects and views that refer to it: user references. */
    users = 0;
    constructor(kind, address, file, pointers, segments = []) {
        this.kind = kind;
        this.address = address;
        this.file = file;
        this.pointers = pointers;
        this.segments = segments;
    }
    get dirtyPages() {
        return [...this.pages].filter(([, page]) => page.dirty).sort(([a], [b]) => a - b);
    }
}
/** MmCanFileBeTruncated is FALSE, or MmFlushImageSection for deletion: somebody uses the mapping. */
export const isUserMapped = (area) => area !== null && area.users > 0;
/**
 * Cached transfers and mapped views use the same pages: what is in memory of the range replaces what
 * the file has on disk. Models: R-SECTION-28.
 * Differs: cached transfers bring no pages into memory, so that they cause no paging reads.
 */
export function readResident(memory, area, offset, into) {
    forEachResident(area, offset, into.length, (page, inPage, at, length) => {
        into.set(memory.bytes(page.address + inPage, length), at);
    });
}
/** The other direction. */
export function writeResident(memory, area, offset, from) {
    forEachResident(area, offset, from.length, (page, inPage, at, length) => {
        memory.bytes(page.address + inPage, length).set(from.subarray(at, at + length));
    });
}
function forEachResident(area, offset, length, visit) {
    if (area.pages.size === 0)
        return;
    for (let at = 0; at < length;) {
        const inPage = (offset + at) % PAGE_BYTES;
        const part = Math.min(PAGE_BYTES - inPage, length - at);
        const page = area.pages.get(Math.floor((offset + at) / PAGE_BYTES));
        if (page !== undefined)
            visit(page, inPage, at, part);
        at += part;
    }
}
