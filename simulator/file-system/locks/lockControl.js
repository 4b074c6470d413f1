// IRP_MJ_LOCK_CONTROL, and what byte-range locks mean to reads, writes and cleanup.
import { assert } from '../../../contract/assert.ts';
import { IrpMinor, NtStatus } from '../../../contract/windows/index.ts';
import { currentStackLocation } from '../../io/irp.ts';
import { openOf } from '../open.ts';
import { breakOplocks } from '../oplocks/oplockCheck.ts';
import { failed, pending, succeeded } from '../outcome.ts';
import { isValidRange } from './byteRangeLocks.ts';
const ownerOf = (irp, fileObject, key) => ({
    fileObject,
    process: irp.thread.process,
    key,
});
/** What a filter has changed is known as a number only. */
function rangeOf({ byteOffset, length, exact }) {
    return {
        offset: Number(exact.byteOffset) === byteOffset ? exact.byteOffset : BigInt(byteOffset),
        length: Number(exact.length) === length ? exact.length : BigInt(length),
    };
}
/** Models: FsRtlProcessFileLock on the stream; a directory has no bytes to lock. */
export function lockControl(volume, irp, consequences) {
    const { parameters, minorFunction, fileObject } = currentStackLocation(irp);
    assert(parameters.kind === 'lock' && fileObject !== null, 'a lock request has its parameters');
    const open = openOf(fileObject);
    if (open.isMain && open.file.directory !== null)
        return failed(NtStatus.STATUS_INVALID_PARAMETER);
    if (open.cleanedUp)
        return failed(NtStatus.STATUS_FILE_CLOSED);
    const { locks } = open.stream;
    const owner = ownerOf(irp, fileObject, parameters.key);
    const range = rangeOf(parameters);
    switch (minorFunction) {
        case IrpMinor.IRP_MN_LOCK: {
            const surroundings = { volume, consequences };
            const blocked = breakOplocks(surroundings, open.stream, 'lock', open.oplockKey);
            return blocked ?? lock(volume, irp, open, range, owner, parameters);
        }
        case IrpMinor.IRP_MN_UNLOCK_SINGLE:
            if (!locks.unlock(range, owner))
                return failed(NtStatus.STATUS_RANGE_NOT_LOCKED);
            break;
        case IrpMinor.IRP_MN_UNLOCK_ALL:
        case IrpMinor.IRP_MN_UNLOCK_ALL_BY_KEY: {
            const byKey = minorFunction === IrpMinor.IRP_MN_UNLOCK_ALL_BY_KEY;
            const ended = locks.unlockAll(fileObject, (one) => one.owner.process === owner.process && (!byKey || one.owner.key === owner.key));
            end(volume.io, ended, consequences);
            break;
        }
        default:
            return failed(NtStatus.STATUS_INVALID_DEVICE_REQUEST);
    }
    end(volume.io, locks.grantWaiting(), consequences);
    return succeeded();
}
function lock({ io }, irp, { stream }, range, owner, how) {
    if (!isValidRange(range))
        return failed(NtStatus.STATUS_INVALID_LOCK_RANGE);
    const { locks } = stream;
    const wanted = { ...range, owner, exclusive: how.exclusive };
    if (locks.tryLock(wanted))
        return succeeded();
    if (how.failImmediately)
        return failed(NtStatus.STATUS_LOCK_NOT_GRANTED);
    // Cancelled on its way here, before there was a routine to call.
    if (irp.cancel)
        return failed(NtStatus.STATUS_CANCELLED);
    locks.wait(irp, wanted);
    io.markPending(irp);
    io.setCancelRoutine(irp, async (cancelled) => {
        locks.forget(cancelled);
        await complete(io, { irp: cancelled, status: NtStatus.STATUS_CANCELLED });
    });
    return pending;
}
/** At cleanup: what the file object has locked is free again. Models: FsRtlFastUnlockAll. */
export function releaseLocks({ io }, { stream, fileObject }, consequences) {
    const { locks } = stream;
    end(io, locks.unlockAll(fileObject), consequences);
    end(io, locks.grantWaiting(), consequences);
}
function end(io, ended, consequences) {
    for (const one of ended) {
        // No routine left to take back: it is being cancelled, and whoever does that completes it.
        if (io.setCancelRoutine(one.irp, null) !== null)
            consequences.add(() => complete(io, one));
    }
}
async function complete(io, { irp, status }) {
    irp.ioStatus.status = status;
    irp.ioStatus.information = 0;
    await io.completeRequest(irp);
}
/** Whether a lock keeps this transfer out: STATUS_FILE_LOCK_CONFLICT. */
export function isLockedOut(irp, open, offset, length) {
    const { locks } = open.stream;
    if (locks.isEmpty)
        return false;
    const { parameters } = currentStackLocation(irp);
    const isRead = parameters.kind === 'read';
    const key = isRead || parameters.kind === 'write' ? parameters.key : 0;
    const owner = ownerOf(irp, open.fileObject, key);
    const range = { offset: BigInt(offset), length: BigInt(length) };
    return !(isRead ? locks.mayRead(range, owner) : locks.mayWrite(range, owner));
}
