// What a program does with mapped memory: reads and writes of a view, page by page, with a page fault
// where a page is not there. Models: NtReadVirtualMemory and NtWriteVirtualMemory on the caller's own
// process, which a workload uses so that a fault that fails is a status and not the end of the program.
import { NtStatus } from '../../../contract/windows/index.ts';
import { isCopied, mayWriteTo } from '../services/sectionServices.ts';
import { PAGE_BYTES } from './controlArea.ts';
import { faultIn } from './paging.ts';
export async function readView(io, view, offset, length) {
    const bytes = new Uint8Array(length);
    for (const part of partsOf(view, offset, length)) {
        const page = await pageOf(io, view, part.number);
        if (typeof page === 'number') {
            return { status: NtStatus.STATUS_PARTIAL_COPY, bytes: bytes.subarray(0, part.at) };
        }
        bytes.set(page.subarray(part.inPage, part.inPage + part.length), part.at);
    }
    const reached = view.size - offset >= length;
    const status = reached ? NtStatus.STATUS_SUCCESS : NtStatus.STATUS_PARTIAL_COPY;
    return { status, bytes: bytes.subarray(0, Math.max(0, Math.min(length, view.size - offset))) };
}
/** The status, and how many bytes were written. */
export async function writeView(io, view, offset, from) {
    if (!mayWriteTo(view))
        return { status: NtStatus.STATUS_PARTIAL_COPY, written: 0 };
    for (const part of partsOf(view, offset, from.length)) {
        const page = await pageOf(io, view, part.number);
        if (typeof page === 'number') {
            return { status: NtStatus.STATUS_PARTIAL_COPY, written: part.at };
        }
        const own = ownPage(view, part.number, page);
        own.set(from.subarray(part.at, part.at + part.length), part.inPage);
    }
    const written = Math.max(0, Math.min(from.length, view.size - offset));
    const status = written < from.length ? NtStatus.STATUS_PARTIAL_COPY : NtStatus.STATUS_SUCCESS;
    return { status, written };
}
function partsOf(view, offset, length) {
    const parts = [];
    const end = Math.min(length, view.size - offset);
    for (let at = 0; at < end;) {
        const place = view.offset + offset + at;
        const inPage = place % PAGE_BYTES;
        const part = Math.min(PAGE_BYTES - inPage, end - at);
        parts.push({ number: Math.floor(place / PAGE_BYTES), inPage, at, length: part });
        at += part;
    }
    return parts;
}
async function pageOf(io, view, number) {
    const copied = view.copies.get(number);
    if (copied !== undefined)
        return copied;
    const page = await faultIn(io, view.section.area, number);
    return typeof page === 'number' ? page : io.kernel.memory.bytes(page.address, PAGE_BYTES);
}
/** The page to write to: the view's copy, or the shared one, which is dirty then. */
function ownPage(view, number, page) {
    if (!isCopied(view)) {
        const shared = view.section.area.pages.get(number);
        if (shared !== undefined)
            shared.dirty = true;
        return page;
    }
    const known = view.copies.get(number);
    if (known !== undefined)
        return known;
    const copy = page.slice();
    view.copies.set(number, copy);
    return copy;
}
