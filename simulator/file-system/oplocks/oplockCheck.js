import { systemBuffer } from '../buffers.ts';
import { blockedBy } from '../outcome.ts';
import { AccessMask, ShareAccess } from '../../../contract/windows/index.ts';
/** REQUEST_OPLOCK_OUTPUT_BUFFER. */
export const OPLOCK_OUTPUT_BYTES = 24;
const CURRENT_VERSION = 1;
const ACK_REQUIRED = 1;
/**
 * Breaks the oplocks that the operation does not go with. Null when it may go on; else the outcome of
 * an operation that is carried out anew once the break is over, and that has changed nothing yet.
 * `key` is the oplock key of whoever does it: an own oplock stays.
 */
export function breakOplocks({ volume, consequences }, stream, operation, key, levels) {
    const { oplock } = stream;
    if (oplock.isEmpty)
        return null;
    const { told, waits } = oplock.check(operation, key, levels);
    tell(volume, told, consequences);
    return waits ? blockedBy(oplock) : null;
}
/** Completes requests of oplocks that are over. */
export function tell({ io, kernel }, told, consequences) {
    for (const one of told) {
        // No routine left to take back: it is being cancelled, and whoever does that completes it.
        if (io.setCancelRoutine(one.irp, null) === null)
            continue;
        const { irp, caching } = one;
        let { information } = one;
        if (caching !== null) {
            const output = systemBuffer(kernel, irp, OPLOCK_OUTPUT_BYTES);
            encodeOutput(output, caching);
            information = OPLOCK_OUTPUT_BYTES;
        }
        consequences.add(() => complete(io, one, information));
    }
}
export function encodeOutput(output, caching) {
    const view = new DataView(output.buffer, output.byteOffset, output.byteLength);
    view.setUint16(0, CURRENT_VERSION, true);
    view.setUint16(2, OPLOCK_OUTPUT_BYTES, true);
    view.setUint32(4, caching.original, true);
    view.setUint32(8, caching.now, true);
    view.setUint32(12, caching.acknowledge ? ACK_REQUIRED : 0, true);
    // Access and share mode of a conflicting open are optional and left out.
    view.setUint32(16, 0, true);
    view.setUint32(20, 0, true);
}
async function complete(io, { irp, status }, information) {
    irp.ioStatus.status = status;
    irp.ioStatus.information = information;
    await io.completeRequest(irp);
}
/** At cleanup: the oplocks of the handle end, and breaks of them are over. */
export function releaseOplocks(volume, open, consequences) {
    const { oplock } = open.stream;
    if (oplock.isEmpty)
        return;
    const { told, ended } = oplock.close(open);
    tell(volume, told, consequences);
    if (ended)
        endBreak(open.stream, { volume, consequences });
}
/** Who waited for the end of a break goes on, each in a thread of the system. */
export function endBreak(stream, { volume, consequences }) {
    tell(volume, stream.oplock.takeWatching(), consequences);
    const waiting = stream.oplock.takeWaiting();
    for (const irp of waiting)
        consequences.add(() => volume.resume(irp));
}
/** What an open may ask for without disturbing any oplock. */
const ASIDE = AccessMask.FILE_READ_ATTRIBUTES | AccessMask.FILE_WRITE_ATTRIBUTES | AccessMask.SYNCHRONIZE;
/** The oplocks of Windows 7 stand this as well ([MS-FSA] 2.1.4.12). */
const ASIDE_OF_CACHING = ASIDE | AccessMask.READ_CONTROL;
const READING = ASIDE_OF_CACHING | AccessMask.FILE_READ_DATA | AccessMask.FILE_READ_EA | AccessMask.FILE_EXECUTE;
/**
 * The levels that an open of an existing stream concerns at all. Filter oplocks stand readers that
 * share reading; that an open which does not share it breaks them is grade I.
 */
export function concernedByOpen(access, share) {
    const within = (mask) => (access & ~mask) === 0;
    if (within(ASIDE))
        return () => false;
    const readsOnly = within(READING) && (share & ShareAccess.FILE_SHARE_READ) !== 0;
    return (level) => {
        if (level === 'filter')
            return !readsOnly;
        const isLegacy = level === 'level-1' || level === 'level-2' || level === 'batch';
        return isLegacy || !within(ASIDE_OF_CACHING);
    };
}
