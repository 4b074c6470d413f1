// IRP_MJ_READ, IRP_MJ_WRITE and IRP_MJ_FLUSH_BUFFERS.
import { assert } from '../../contract/assert.ts';
import { AccessMask, FileObjectFlag, IrpFlag, NtStatus } from '../../contract/windows/index.ts';
import { currentStackLocation } from '../io/irp.ts';
import { readResident, writeResident } from '../io/sections/controlArea.ts';
import { callerBuffer } from './buffers.ts';
import { isLockedOut } from './locks/lockControl.ts';
import { noteModified } from './modification.ts';
import { openOf } from './open.ts';
import { breakOplocks } from './oplocks/oplockCheck.ts';
import { failed, succeeded } from './outcome.ts';
import { FILE_SIZE_LIMIT } from './stream.ts';
const SECTOR_BYTES = 512;
/** FILE_WRITE_TO_END_OF_FILE, as a 64-bit offset. */
const END_OF_FILE = -1;
/**
 * Models: R-IO-17, R-SECTION-28. Differs: there is no cache; every transfer completes at once, with
 * what is mapped of the stream in the place of what lies on the disk.
 */
export function read(volume, irp, consequences) {
    const transfer = transferOf(irp);
    const refusal = refuse(transfer);
    if (refusal !== null)
        return failed(refusal);
    const { open, offset, length, paging } = transfer;
    if (length === 0)
        return succeeded();
    if (!paging) {
        const blocked = breakOplocks({ volume, consequences }, open.stream, 'read', open.oplockKey);
        if (blocked !== null)
            return blocked;
        if (isLockedOut(irp, open, offset, length))
            return failed(NtStatus.STATUS_FILE_LOCK_CONFLICT);
    }
    if (offset >= open.stream.size)
        return failed(NtStatus.STATUS_END_OF_FILE);
    const count = Math.min(length, open.stream.size - offset);
    const buffer = callerBuffer(volume.kernel, irp, count);
    if (buffer === null)
        return failed(NtStatus.STATUS_INVALID_USER_BUFFER);
    open.stream.read(offset, buffer);
    if (paging)
        return succeeded(count);
    beginCaching(open);
    const { data } = open.stream.sections;
    if (data !== null)
        readResident(volume.kernel.memory, data, offset, buffer);
    movePosition(open, offset + count);
    return succeeded(count);
}
/** Models: R-IO-17: a handle with FILE_APPEND_DATA only always writes at the end. */
export function write(volume, irp, consequences) {
    const written = transferOf(irp);
    if (written.paging)
        return pageOut(volume, irp, written);
    const { open, length } = written;
    const atEnd = written.offset === END_OF_FILE || appendsOnly(open);
    const offset = atEnd ? open.stream.size : written.offset;
    const refusal = refuse({ open, offset, length, paging: false });
    if (refusal !== null)
        return failed(refusal);
    if (length === 0)
        return succeeded();
    const blocked = breakOplocks({ volume, consequences }, open.stream, 'write', open.oplockKey);
    if (blocked !== null)
        return blocked;
    if (isLockedOut(irp, open, offset, length))
        return failed(NtStatus.STATUS_FILE_LOCK_CONFLICT);
    if (offset + length > FILE_SIZE_LIMIT)
        return failed(NtStatus.STATUS_INVALID_PARAMETER);
    const buffer = callerBuffer(volume.kernel, irp, length);
    if (buffer === null)
        return failed(NtStatus.STATUS_INVALID_USER_BUFFER);
    const sizeBefore = open.stream.size;
    open.stream.write(offset, buffer);
    beginCaching(open);
    const { data } = open.stream.sections;
    if (data !== null)
        writeResident(volume.kernel.memory, data, offset, buffer);
    movePosition(open, offset + length);
    noteModified(open, open.stream.size !== sizeBefore, volume.kernel.clock.now());
    return succeeded(length);
}
/** A paging write never extends the file: what lies beyond its end is dropped. */
function pageOut(volume, irp, { open, offset, length }) {
    const { stream } = open;
    const count = Math.min(length, stream.size - offset);
    const buffer = count <= 0 ? null : callerBuffer(volume.kernel, irp, count);
    if (buffer === null)
        return succeeded(length);
    stream.write(offset, buffer);
    if (!open.cleanedUp)
        noteModified(open, false, volume.kernel.clock.now());
    return succeeded(length);
}
/** What a mapping has modified has been written before; else nothing is unwritten. */
export function flush(volume, irp, consequences) {
    const open = openOf(currentStackLocation(irp).fileObject);
    if (open.cleanedUp)
        return failed(NtStatus.STATUS_FILE_CLOSED);
    const { stream, oplockKey } = open;
    return breakOplocks({ volume, consequences }, stream, 'read', oplockKey) ?? succeeded();
}
function transferOf(irp) {
    const { parameters, fileObject } = currentStackLocation(irp);
    const isTransfer = parameters.kind === 'read' || parameters.kind === 'write';
    assert(isTransfer, 'a transfer has its parameters');
    const { byteOffset: offset, length } = parameters;
    const paging = (irp.flags & IrpFlag.IRP_PAGING_IO) !== 0;
    return { open: openOf(fileObject), offset, length, paging };
}
function refuse({ open, offset, length, paging }) {
    if (paging)
        return null;
    if (open.cleanedUp)
        return NtStatus.STATUS_FILE_CLOSED;
    if (open.isMain && open.file.directory !== null)
        return NtStatus.STATUS_INVALID_DEVICE_REQUEST;
    if (offset < 0)
        return NtStatus.STATUS_INVALID_PARAMETER;
    const uncached = open.fileObject.flags & FileObjectFlag.FO_NO_INTERMEDIATE_BUFFERING;
    if (uncached !== 0 && (offset % SECTOR_BYTES !== 0 || length % SECTOR_BYTES !== 0)) {
        return NtStatus.STATUS_INVALID_PARAMETER;
    }
    return null;
}
const appendsOnly = ({ granted }) => (granted & AccessMask.FILE_APPEND_DATA) !== 0 && (granted & AccessMask.FILE_WRITE_DATA) === 0;
/** CcInitializeCacheMap, at the first cached transfer: fast I/O is tried from the next one on. */
function beginCaching({ fileObject, stream }) {
    const uncached = fileObject.flags & FileObjectFlag.FO_NO_INTERMEDIATE_BUFFERING;
    if (uncached === 0)
        fileObject.privateCacheMap ??= stream;
}
function movePosition({ fileObject }, position) {
    if ((fileObject.flags & FileObjectFlag.FO_SYNCHRONOUS_IO) !== 0) {
        fileObject.currentByteOffset = position;
    }
}
