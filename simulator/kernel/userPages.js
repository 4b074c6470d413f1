// User-mode buffers. Each page belongs to one process, so that an address of another process is
// simply not mapped; small buffers share the pages of their process.
import { assert } from '../../contract/assert.ts';
import { NotModelledSignal } from './kernel.ts';
import { NULL_PAGE_LIMIT, USER_LIMIT } from './memory.ts';
const PAGE_LENGTH = 4096;
/** MmHighestUserAddress: the last 64 KiB below USER_LIMIT are nobody's. */
const USER_END = USER_LIMIT - 0x10000;
const PAGE_COUNT = (USER_END - NULL_PAGE_LIMIT) / PAGE_LENGTH;
/** The smallest buffer takes this much; sizes are powers of two of it up to a page. */
const SMALLEST_LENGTH = 16;
export class UserPages {
    memory;
    owners = new Array(PAGE_COUNT).fill(null);
    buffers = new Map();
    /** Free buffers by process and span. */
    spare = new Map();
    constructor(memory) {
        this.memory = memory;
    }
    allocate(process, length) {
        const span = spanFor(length);
        const address = span < PAGE_LENGTH ? this.small(process, span) : this.pages(process, span);
        this.buffers.set(address, { process, span });
        this.memory.bytes(address, length).fill(0);
        return address;
    }
    free(address) {
        const buffer = this.buffers.get(address);
        assert(buffer !== undefined, `no user buffer begins at 0x${address.toString(16)}`);
        this.buffers.delete(address);
        if (buffer.span < PAGE_LENGTH) {
            this.freeList(buffer.process, buffer.span).push(address);
            return;
        }
        const first = pageOf(address);
        this.owners.fill(null, first, first + buffer.span / PAGE_LENGTH);
        this.memory.mark(address, buffer.span, 'unowned');
    }
    ownerOf(address) {
        return this.owners[pageOf(address)] ?? null;
    }
    small(process, span) {
        const list = this.freeList(process, span);
        if (list.length === 0) {
            const page = this.pages(process, PAGE_LENGTH);
            for (let offset = PAGE_LENGTH - span; offset >= 0; offset -= span)
                list.push(page + offset);
        }
        return list.pop();
    }
    /** The first run of free pages that is long enough. */
    pages(process, span) {
        const count = span / PAGE_LENGTH;
        let run = 0;
        for (let page = 0; page < PAGE_COUNT; page += 1) {
            run = this.owners[page] === null ? run + 1 : 0;
            if (run < count)
                continue;
            const first = page + 1 - count;
            this.owners.fill(process, first, page + 1);
            const address = NULL_PAGE_LIMIT + first * PAGE_LENGTH;
            this.memory.map(address, span);
            this.memory.mark(address, span, 'user');
            return address;
        }
        throw new NotModelledSignal(`user buffers of more than ${USER_END - NULL_PAGE_LIMIT} bytes`);
    }
    freeList(process, span) {
        let spans = this.spare.get(process);
        if (spans === undefined)
            this.spare.set(process, (spans = new Map()));
        let list = spans.get(span);
        if (list === undefined)
            spans.set(span, (list = []));
        return list;
    }
}
const pageOf = (address) => Math.floor((address - NULL_PAGE_LIMIT) / PAGE_LENGTH);
function spanFor(length) {
    if (length > PAGE_LENGTH / 2)
        return Math.ceil(length / PAGE_LENGTH) * PAGE_LENGTH;
    let span = SMALLEST_LENGTH;
    while (span < length)
        span *= 2;
    return span;
}
