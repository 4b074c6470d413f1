// FileBasicInformation: times and attributes.
import { FileAttribute, FileNotifyChange, FileAction, NtStatus, } from '../../../contract/windows/index.ts';
import { failed, succeeded } from '../outcome.ts';
export const BASIC_INFORMATION_BYTES = 40;
/** Leave the time alone, now and in what this handle still does; and the end of that. */
const FREEZE = -1n;
const THAW = -2n;
/** In the order of FILE_BASIC_INFORMATION. Models: R-NOTIFY-36. */
const timeFields = [
    { offset: 0, time: 'creation', change: FileNotifyChange.FILE_NOTIFY_CHANGE_CREATION },
    { offset: 8, time: 'lastAccess', change: FileNotifyChange.FILE_NOTIFY_CHANGE_LAST_ACCESS },
    { offset: 16, time: 'lastWrite', change: FileNotifyChange.FILE_NOTIFY_CHANGE_LAST_WRITE },
    { offset: 24, time: 'change', change: 0 },
];
const SETTABLE = FileAttribute.FILE_ATTRIBUTE_READONLY |
    FileAttribute.FILE_ATTRIBUTE_HIDDEN |
    FileAttribute.FILE_ATTRIBUTE_SYSTEM |
    FileAttribute.FILE_ATTRIBUTE_ARCHIVE |
    FileAttribute.FILE_ATTRIBUTE_TEMPORARY |
    FileAttribute.FILE_ATTRIBUTE_OFFLINE |
    FileAttribute.FILE_ATTRIBUTE_NOT_CONTENT_INDEXED;
/** 0 leaves a field as it is. Reported at once, one MODIFIED for all fields (R-NOTIFY-36). */
export function setBasic({ volume, open, buffer, consequences }) {
    const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    const requested = view.getUint32(32, true);
    const refusal = refuse(open, view, requested);
    if (refusal !== null)
        return failed(refusal);
    let filterMatch = 0;
    for (const field of timeFields) {
        filterMatch |= setTime(open, field, view.getBigInt64(field.offset, true));
    }
    if (requested !== 0) {
        const { file } = open;
        file.attributes = (file.attributes & ~SETTABLE) | (requested & SETTABLE);
        filterMatch |= FileNotifyChange.FILE_NOTIFY_CHANGE_ATTRIBUTES;
    }
    if (filterMatch === 0)
        return succeeded();
    const changeTimeGiven = view.getBigInt64(24, true) !== 0n;
    if (!changeTimeGiven && !open.frozen.change)
        open.file.times.change = volume.kernel.clock.now();
    const entry = open.entry ?? open.file.links[0];
    if (entry !== undefined && !entry.removed) {
        consequences.report(entry, { action: FileAction.FILE_ACTION_MODIFIED, filterMatch, rules });
    }
    return succeeded();
}
const rules = ['R-NOTIFY-36'];
function refuse(open, view, requested) {
    const isDirectory = open.file.directory !== null;
    if (!isDirectory && (requested & FileAttribute.FILE_ATTRIBUTE_DIRECTORY) !== 0) {
        return NtStatus.STATUS_INVALID_PARAMETER;
    }
    if (isDirectory && (requested & FileAttribute.FILE_ATTRIBUTE_TEMPORARY) !== 0) {
        return NtStatus.STATUS_INVALID_PARAMETER;
    }
    const tooEarly = timeFields.some(({ offset }) => view.getBigInt64(offset, true) < THAW);
    return tooEarly ? NtStatus.STATUS_INVALID_PARAMETER : null;
}
/** Returns what has to be reported. */
function setTime(open, { time, change }, value) {
    if (value === 0n)
        return 0;
    if (value > 0n) {
        open.file.times[time] = value;
        return change;
    }
    if (time !== 'creation')
        open.frozen[time] = value === FREEZE;
    return 0;
}
