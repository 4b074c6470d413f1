// Paging I/O: pages in and out of memory through the whole device stack of their volume, in the thread
// that touches them. Models: IoPageRead and IoSynchronousPageWrite; R-SECTION-16, R-SECTION-33.
import { IrpFlag, IrpMajor, NtStatus, ntError } from '../../../contract/windows/index.ts';
import { lowerTo, raiseTo } from '../../kernel/apcBarriers.ts';
import { Irql, ofSystem } from '../../kernel/thread.ts';
import { hex } from '../completion.ts';
import { displayNameOf } from '../fileObjectRecord.ts';
import { deviceOf } from '../fileObjects.ts';
import { PAGE_BYTES } from './controlArea.ts';
/** For paging I/O this bit says that somebody waits for it; for the rest it is IRP_INPUT_OPERATION. */
const IRP_SYNCHRONOUS_PAGING_IO = IrpFlag.IRP_INPUT_OPERATION;
const PAGING = IrpFlag.IRP_PAGING_IO | IrpFlag.IRP_NOCACHE | IRP_SYNCHRONOUS_PAGING_IO;
const NORMAL_PRIORITY_HINT = 3 << 17;
/** Sends it and waits; the completion sets an event, without any APC. */
export async function pagingIo(io, { kind, file, offset, buffer, length }) {
    const { scheduler, profile, debug } = io.kernel;
    const top = deviceOf(file);
    const routine = kind === 'read' ? 'nt!IoPageRead' : 'nt!IoSynchronousPageWrite';
    const irp = io.allocateIrp(top, {
        majorFunction: kind === 'read' ? IrpMajor.IRP_MJ_READ : IrpMajor.IRP_MJ_WRITE,
        irpFlags: PAGING | (profile.ioPriorityHint ? NORMAL_PRIORITY_HINT : 0),
        parameters: { kind, length, key: 0, byteOffset: offset },
        fileObject: file,
        requestorMode: 'kernel',
        userBuffer: buffer,
    });
    irp.mdl = { address: buffer, length };
    irp.issuer = { fileObject: file, iosb: null, event: null, onDelivered: null };
    file.referenceCount += 1;
    const frame = debug?.enter(routine, file.address, irp.address);
    const sent = io.callDriver(top, irp);
    if (typeof sent !== 'number')
        await sent;
    if (!irp.delivered) {
        irp.deliveredEvent = scheduler.createEvent('notification', false);
        await scheduler.waitForEvent(irp.deliveredEvent, {
            kind: 'page',
            inside: routine,
            what: `paging ${kind} of ${displayNameOf(file)} at ${hex(offset)} (IRP ${hex(irp.address)})`,
        });
    }
    debug?.leave(frame);
    return { status: irp.ioStatus.status, information: irp.ioStatus.information };
}
/**
 * The page of a control area, brought into memory where it is not.
 * Grade I: a hard fault sends its read at APC_LEVEL, where special kernel APCs are held back; what the
 * documentation says is that paging reads may arrive there.
 */
export async function faultIn(io, area, number) {
    const { scheduler } = io.kernel;
    for (;;) {
        const resident = area.pages.get(number);
        if (resident !== undefined)
            return resident;
        const collided = area.reading.get(number);
        if (collided === undefined)
            return readPage(io, area, number);
        await scheduler.waitForEvent(collided, {
            kind: 'page',
            what: `a page of ${displayNameOf(area.file)} that another thread reads`,
        });
    }
}
async function readPage(io, area, number) {
    const { scheduler, pool, debug } = io.kernel;
    const thread = scheduler.current;
    const done = scheduler.createEvent('notification', false);
    area.reading.set(number, done);
    const address = pool.allocate('nonpaged', PAGE_BYTES, 'MmSt', 'system');
    const frame = debug?.enter('nt!KiTrap0E');
    debug?.enter('nt!MmAccessFault');
    debug?.enter('nt!MiDispatchFault');
    const before = raiseTo(thread, Irql.APC_LEVEL, ofSystem('nt!MmAccessFault, a page fault'));
    const status = await fill(io, area, number, address);
    lowerTo(thread, before);
    debug?.leave(frame);
    area.reading.delete(number);
    done.set();
    if (scheduler.apcDeliverable)
        await scheduler.deliverApcs();
    if (ntError(status)) {
        pool.free(address);
        return status;
    }
    const page = { address, dirty: false };
    area.pages.set(number, page);
    return page;
}
/** Past the end of the file, or of what an image has in it, a page is zero. */
async function fill(io, area, number, address) {
    const start = number * PAGE_BYTES;
    const source = area.kind === 'data' ? { offset: start, length: PAGE_BYTES } : inFile(area, start);
    if (source === null)
        return NtStatus.STATUS_SUCCESS;
    const { file } = area;
    const transfer = { kind: 'read', file, buffer: address, ...source };
    const { status, information } = await pagingIo(io, transfer);
    if (status === NtStatus.STATUS_END_OF_FILE)
        return NtStatus.STATUS_SUCCESS;
    if (!ntError(status)) {
        io.kernel.memory.bytes(address + information, PAGE_BYTES - information).fill(0);
    }
    return status;
}
function inFile({ segments }, start) {
    const holds = ({ virtualAddress, virtualSize, fileSize }) => start >= virtualAddress && start < virtualAddress + Math.max(virtualSize, fileSize);
    const segment = segments.find(holds);
    if (segment === undefined)
        return null;
    const into = start - segment.virtualAddress;
    const length = Math.min(PAGE_BYTES, segment.fileSize - into);
    return length <= 0 ? null : { offset: segment.fileOffset + into, length };
}
/** Writes the dirty pages of a data mapping, in the order of the file; the first error ends it. */
export async function writeDirty(io, area) {
    for (const [number, page] of area.dirtyPages) {
        page.dirty = false;
        const { status } = await pagingIo(io, {
            kind: 'write',
            file: area.file,
            offset: number * PAGE_BYTES,
            buffer: page.address,
            length: PAGE_BYTES,
        });
        if (ntError(status)) {
            page.dirty = true;
            return status;
        }
    }
    return NtStatus.STATUS_SUCCESS;
}
