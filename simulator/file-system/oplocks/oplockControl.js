// FSCTL_REQUEST_…OPLOCK… and the acknowledgments of their breaks.
// Models: FsRtlOplockFsctrl; DDI "Granting Oplocks" and "Acknowledging Oplock Breaks".
import { FileObjectFlag, FsControlCode, NtStatus } from '../../../contract/windows/index.ts';
import { isAtLeast } from '../../windows/profiles.ts';
import { openOf } from '../open.ts';
import { failed, pending, succeeded } from '../outcome.ts';
import { isExclusive, levelOfCaching } from './decisions.ts';
import { encodeOutput, endBreak, OPLOCK_OUTPUT_BYTES, tell } from './oplockCheck.ts';
export const oplockControls = [
    [FsControlCode.FSCTL_REQUEST_OPLOCK_LEVEL_1, (control) => request(control, 'level-1')],
    [FsControlCode.FSCTL_REQUEST_OPLOCK_LEVEL_2, (control) => request(control, 'level-2')],
    [FsControlCode.FSCTL_REQUEST_BATCH_OPLOCK, (control) => request(control, 'batch')],
    [FsControlCode.FSCTL_REQUEST_FILTER_OPLOCK, (control) => request(control, 'filter')],
    [FsControlCode.FSCTL_OPLOCK_BREAK_ACKNOWLEDGE, (control) => acknowledge(control, 'accept')],
    [FsControlCode.FSCTL_OPLOCK_BREAK_ACK_NO_2, (control) => acknowledge(control, 'none')],
    [
        FsControlCode.FSCTL_OPBATCH_ACK_CLOSE_PENDING,
        (control) => acknowledge(control, 'close-pending'),
    ],
    [FsControlCode.FSCTL_OPLOCK_BREAK_NOTIFY, breakNotify],
    [FsControlCode.FSCTL_REQUEST_OPLOCK, requestCaching],
];
const isDirectory = ({ open }) => open.isMain && open.file.directory !== null;
function request(control, level) {
    if (isDirectory(control))
        return failed(NtStatus.STATUS_INVALID_PARAMETER);
    return grant(control, level);
}
/** STATUS_PENDING is the answer that grants; the request completes when the oplock is broken. */
function grant(control, level) {
    const { open, volume, consequences, irp } = control;
    const { stream, fileObject } = open;
    const { profile } = volume.kernel;
    const isSynchronous = (fileObject.flags & FileObjectFlag.FO_SYNCHRONOUS_IO) !== 0;
    if (isSynchronous || open.deletePending)
        return failed(NtStatus.STATUS_OPLOCK_NOT_GRANTED);
    if (!isExclusive(level)) {
        // Before Windows 7 a lock that is gone counts as well.
        const locked = isAtLeast(profile, '6.1') ? !stream.locks.isEmpty : stream.locks.everHeld;
        if (locked)
            return failed(NtStatus.STATUS_OPLOCK_NOT_GRANTED);
    }
    const isAlone = opensOf(volume, open).every((one) => isCompanion(one, open, level));
    const { granted, told } = stream.oplock.request(open, level, irp, { isAlone });
    if (!granted)
        return failed(NtStatus.STATUS_OPLOCK_NOT_GRANTED);
    tell(volume, told, consequences);
    return pend(volume, open, irp);
}
/** Legacy oplocks want to be the only open; the others the only oplock key. */
const isCompanion = (one, open, level) => one === open || ((level === 'RW' || level === 'RWH') && one.oplockKey === open.oplockKey);
function opensOf(volume, { stream }) {
    return [...volume.openFiles]
        .map((fileObject) => openOf(fileObject))
        .filter((one) => one.stream === stream && !one.cleanedUp);
}
function pend(volume, open, irp) {
    const { io } = volume;
    const { oplock } = open.stream;
    if (irp.cancel) {
        oplock.forget(irp);
        return failed(NtStatus.STATUS_CANCELLED);
    }
    io.markPending(irp);
    io.setCancelRoutine(irp, async (cancelled) => {
        oplock.forget(cancelled);
        cancelled.ioStatus.status = NtStatus.STATUS_CANCELLED;
        cancelled.ioStatus.information = 0;
        await io.completeRequest(cancelled);
    });
    return pending;
}
function acknowledge(control, how) {
    const { open, volume, consequences, irp, output } = control;
    const { oplock } = open.stream;
    const answer = oplock.acknowledge(open, how, irp);
    if (answer.ended)
        endBreak(open.stream, { volume, consequences });
    if (answer.granted)
        return pend(volume, open, irp);
    if (answer.caching !== undefined && answer.caching !== null) {
        encodeOutput(output, answer.caching);
        return { status: answer.status, information: OPLOCK_OUTPUT_BYTES };
    }
    return { status: answer.status, information: answer.information };
}
/** Waits for the end of the break that is under way, if there is one. */
function breakNotify({ open, volume, irp }) {
    const { oplock } = open.stream;
    if (!oplock.isBreaking)
        return succeeded();
    oplock.watch(irp);
    return pend(volume, open, irp);
}
/** REQUEST_OPLOCK_INPUT_BUFFER. */
const INPUT_BYTES = 12;
const CURRENT_VERSION = 1;
const FLAG_REQUEST = 1;
const FLAG_ACK = 2;
/** FSCTL_REQUEST_OPLOCK, from Windows 7 on: asks for caching, or acknowledges a break. */
function requestCaching(control) {
    const { input, output, volume } = control;
    const { profile } = volume.kernel;
    if (!isAtLeast(profile, '6.1'))
        return failed(NtStatus.STATUS_INVALID_DEVICE_REQUEST);
    if (input.length < INPUT_BYTES || output.length < OPLOCK_OUTPUT_BYTES) {
        return failed(NtStatus.STATUS_BUFFER_TOO_SMALL);
    }
    const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
    const level = levelOfCaching(view.getUint32(4, true));
    const flags = view.getUint32(8, true);
    const asks = (flags & FLAG_REQUEST) !== 0;
    const answers = (flags & FLAG_ACK) !== 0;
    const isWellFormed = view.getUint16(0, true) === CURRENT_VERSION && asks !== answers;
    if (!isWellFormed || level === undefined)
        return failed(NtStatus.STATUS_INVALID_PARAMETER);
    if (answers)
        return acknowledge(control, { caching: view.getUint32(4, true) });
    // Directories: from Windows 8 on, and nobody writes into one.
    const isShared = level === 'R' || level === 'RH';
    if (level === 'none' || (isDirectory(control) && !(isShared && isAtLeast(profile, '6.3')))) {
        return failed(NtStatus.STATUS_INVALID_PARAMETER);
    }
    return grant(control, level);
}
