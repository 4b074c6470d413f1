// What every service does once its IRP's parameters are known: lock, send, and wait as the file object
// and the service demand.
// Models: IopSynchronousServiceTail and the "synchronous API" variant of it; R-IO-1, R-IO-20, R-NOTIFY-7.
import { IrpFlag, irpMajorName, NtStatus } from '../../contract/windows/index.ts';
import { hex } from './completion.ts';
import { displayNameOf } from './fileObjectRecord.ts';
import { deviceOf, entryOf, isSynchronous } from './fileObjects.ts';
import { newIosb } from './irpRecord.ts';
const DO_BUFFERED_IO = 0x4;
const DO_DIRECT_IO = 0x10;
/** Normal priority (2) plus 1, in bits 17 to 19 (R-IO-22). */
const NORMAL_PRIORITY_HINT = 3 << 17;
const { IRP_BUFFERED_IO, IRP_DEALLOCATE_BUFFER, IRP_INPUT_OPERATION } = IrpFlag;
const bufferFlags = {
    'buffered-input': IRP_BUFFERED_IO | IRP_DEALLOCATE_BUFFER,
    'buffered-output': IRP_BUFFERED_IO | IRP_DEALLOCATE_BUFFER | IRP_INPUT_OPERATION,
    'buffered-both': IRP_BUFFERED_IO | IRP_DEALLOCATE_BUFFER | IRP_INPUT_OPERATION,
    neither: 0,
    direct: 0,
};
export async function send(io, request) {
    const { file } = request;
    if (!isSynchronous(file))
        return sendUnlocked(io, request);
    await lockFile(io, file);
    return sendUnlocked(io, request);
}
/** IopAcquireFileObjectLock: one request at a time on a file object opened for synchronous I/O. */
export async function lockFile(io, file) {
    const record = file;
    const { scheduler } = io.kernel;
    if (record.tryTake(scheduler.current))
        return;
    const holder = record.lockedBy;
    await scheduler.waitFor(record, {
        kind: 'file lock',
        what: `file object ${hex(file.address)} (${record.displayName})`,
        holder,
    });
}
export function unlockFile(io, file) {
    const record = file;
    const next = record.waiters.shift();
    record.lockedBy = next ?? null;
    if (next !== undefined)
        io.kernel.scheduler.grant(next);
}
/** For a file object whose lock is held, or that has none. Gives the lock back. */
export async function sendUnlocked(io, request) {
    const { file, event } = request;
    const synchronousFile = isSynchronous(file);
    event?.reset();
    const top = deviceOf(file);
    const method = methodOf(request, top.ioFlags ?? 0);
    const synchronousApi = request.synchronousApi && !synchronousFile;
    const irp = io.allocateIrp(top, {
        majorFunction: request.majorFunction,
        minorFunction: request.minorFunction ?? 0,
        flags: request.flags ?? 0,
        irpFlags: (request.irpFlags ?? 0) |
            (synchronousApi ? IrpFlag.IRP_SYNCHRONOUS_API : 0) |
            (io.kernel.profile.ioPriorityHint ? NORMAL_PRIORITY_HINT : 0) |
            bufferFlags[method],
        parameters: request.parameters,
        fileObject: file,
        requestorMode: request.requestorMode,
        entry: entryOf(file),
        ...buffersOf(io, request, method),
    });
    if (method === 'direct')
        lockPages(io, irp, request);
    const frame = io.kernel.debug?.enter('nt!IopSynchronousServiceTail', top.address, irp.address);
    // Waiting for a whole service on an asynchronous file object goes by a status block of its own.
    const iosb = synchronousApi ? newIosb() : request.iosb;
    irp.issuer = { fileObject: file, iosb, event, onDelivered: request.onDelivered ?? null };
    io.outstanding.add(irp);
    file.referenceCount += 1;
    const sent = io.callDriver(top, irp);
    const returned = typeof sent === 'number' ? sent : await sent;
    const status = await result(io, irp, request, returned);
    io.kernel.debug?.leave(frame);
    if (synchronousFile)
        unlockFile(io, file);
    if (synchronousApi && iosb?.written === true && request.iosb !== null) {
        Object.assign(request.iosb, iosb);
    }
    return status;
}
/** What the service returns: the final status wherever it waits. */
async function result(io, irp, { file, synchronousApi, majorFunction }, returned) {
    if (returned !== NtStatus.STATUS_PENDING) {
        const isDeferred = (irp.flags & IrpFlag.IRP_DEFER_IO_COMPLETION) !== 0;
        if (isDeferred && !irp.delivered && irp.completed)
            io.deliverHere(irp);
        return returned;
    }
    if (!isSynchronous(file) && !synchronousApi)
        return returned;
    if (!irp.delivered) {
        const { scheduler } = io.kernel;
        irp.deliveredEvent = scheduler.createEvent('notification', false);
        await scheduler.waitForEvent(irp.deliveredEvent, {
            kind: 'request',
            inside: 'nt!IopSynchronousServiceTail',
            what: `completion of ${irpMajorName(majorFunction)} of ${displayNameOf(file)} (IRP ${hex(irp.address)})`,
        });
    }
    return irp.ioStatus.status;
}
function methodOf({ method }, ioFlags) {
    if (method !== 'read' && method !== 'write')
        return method;
    if (ioFlags & DO_BUFFERED_IO)
        return method === 'read' ? 'buffered-output' : 'buffered-input';
    return ioFlags & DO_DIRECT_IO ? 'direct' : 'neither';
}
function buffersOf(io, { buffer, length, output }, method) {
    if (method === 'neither' || method === 'direct')
        return { userBuffer: buffer };
    const { memory, pool } = io.kernel;
    const systemBufferLength = Math.max(length, output?.length ?? 0);
    const systemBuffer = systemBufferLength === 0 ? 0 : pool.allocate('nonpaged', systemBufferLength, 'Io  ', 'system');
    if (method === 'buffered-output')
        return { userBuffer: buffer, systemBuffer, systemBufferLength };
    if (length > 0)
        memory.bytes(systemBuffer, length).set(memory.bytes(buffer, length));
    return { userBuffer: output?.buffer ?? 0, systemBuffer, systemBufferLength };
}
/**
 * IoAllocateMdl and MmProbeAndLockPages. Differs: there are no page tables, so that the system-space
 * alias is a copy, brought back into the caller's buffer when the request is delivered.
 */
export function lockPages(io, irp, { buffer, length }) {
    if (length === 0)
        return;
    const { memory, pool } = io.kernel;
    const address = pool.allocate('nonpaged', length, 'Mdl ', 'system');
    memory.bytes(address, length).set(memory.bytes(buffer, length));
    irp.ownMdl = { address, length };
    irp.mdl = irp.ownMdl;
}
