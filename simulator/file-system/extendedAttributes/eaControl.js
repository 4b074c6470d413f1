// IRP_MJ_QUERY_EA and IRP_MJ_SET_EA.
import { assert } from '../../../contract/assert.ts';
import { decodeEaNames, decodeFullEas, encodeFullEas, fullEaBytes, } from '../../../contract/extendedAttributes.ts';
import { FileAction, FileNotifyChange, NtStatus, StackLocation as Sl, } from '../../../contract/windows/index.ts';
import { currentStackLocation } from '../../io/irp.ts';
import { callerBuffer } from '../buffers.ts';
import { openOf } from '../open.ts';
import { failed, succeeded } from '../outcome.ts';
import { isLegalEaName } from './eaSet.ts';
export function queryEa(volume, irp) {
    const { parameters, fileObject, flags } = currentStackLocation(irp);
    assert(parameters.kind === 'query-ea', 'a query of extended attributes has its parameters');
    const open = openOf(fileObject);
    if (open.cleanedUp)
        return failed(NtStatus.STATUS_FILE_CLOSED);
    const buffer = callerBuffer(volume.kernel, irp, parameters.length);
    if (buffer === null)
        return failed(NtStatus.STATUS_INVALID_USER_BUFFER);
    const single = (flags & Sl.SL_RETURN_SINGLE_ENTRY) !== 0;
    if (parameters.eaList.length > 0)
        return listed(open, parameters.eaList, buffer, single);
    const scan = scanOf(open, flags, parameters.eaIndex);
    return typeof scan === 'number' ? failed(scan) : scanned(open, scan, buffer, single);
}
/** Attributes asked for by name, in that order; one that is not there has an empty value. */
function listed(open, eaList, buffer, single) {
    const names = decodeEaNames(eaList);
    if ('badOffset' in names) {
        return { status: NtStatus.STATUS_EA_LIST_INCONSISTENT, information: names.badOffset };
    }
    if (!names.every(isLegalEaName))
        return failed(NtStatus.STATUS_INVALID_EA_NAME);
    const keys = [...new Set(names.map((name) => name.toUpperCase()))];
    const found = keys
        .slice(0, single ? 1 : keys.length)
        .map((name) => open.file.extendedAttributes.find(name) ?? missing(name));
    const bytes = encodeFullEas(found);
    // Choice: nothing is returned where not all of them fit.
    if (bytes.length > buffer.length) {
        const none = fullEaBytes(found[0] ?? missing('')) > buffer.length;
        return failed(none ? NtStatus.STATUS_BUFFER_TOO_SMALL : NtStatus.STATUS_BUFFER_OVERFLOW);
    }
    buffer.set(bytes);
    return succeeded(bytes.length);
}
const missing = (name) => ({ name, flags: 0, value: new Uint8Array(0) });
/**
 * Where to begin: at an index (1 is the first), at the beginning, or where the last query stopped,
 * unless the attributes have changed since.
 */
function scanOf(open, flags, index) {
    const { all, changes } = open.file.extendedAttributes;
    if ((flags & Sl.SL_INDEX_SPECIFIED) !== 0) {
        open.eaScan = { next: 0, changes };
        if (index === 0 || index > all.length + 1)
            return NtStatus.STATUS_NONEXISTENT_EA_ENTRY;
        open.eaScan = { next: index - 1, changes };
        // One beyond the last, also of a file without any.
        return index > all.length ? NtStatus.STATUS_NO_MORE_EAS : open.eaScan;
    }
    if ((flags & Sl.SL_RESTART_SCAN) !== 0)
        open.eaScan = null;
    const scan = (open.eaScan ??= { next: 0, changes });
    return scan.changes === changes ? scan : NtStatus.STATUS_EA_CORRUPT_ERROR;
}
function scanned(open, scan, buffer, single) {
    const { all } = open.file.extendedAttributes;
    if (all.length === 0)
        return failed(NtStatus.STATUS_NO_EAS_ON_FILE);
    if (scan.next >= all.length)
        return failed(NtStatus.STATUS_NO_MORE_EAS);
    const rest = all.slice(scan.next, single ? scan.next + 1 : all.length);
    let count = rest.length;
    while (count > 0 && encodeFullEas(rest.slice(0, count)).length > buffer.length)
        count -= 1;
    if (count === 0)
        return failed(NtStatus.STATUS_BUFFER_TOO_SMALL);
    const bytes = encodeFullEas(rest.slice(0, count));
    buffer.set(bytes);
    scan.next += count;
    if (count === rest.length)
        return succeeded(bytes.length);
    return { status: NtStatus.STATUS_BUFFER_OVERFLOW, information: bytes.length };
}
export function setEa(volume, irp, consequences) {
    const { parameters, fileObject } = currentStackLocation(irp);
    assert(parameters.kind === 'set-ea', 'setting extended attributes has its parameters');
    const open = openOf(fileObject);
    if (open.cleanedUp)
        return failed(NtStatus.STATUS_FILE_CLOSED);
    const buffer = callerBuffer(volume.kernel, irp, parameters.length);
    if (buffer === null)
        return failed(NtStatus.STATUS_INVALID_USER_BUFFER);
    const list = decodeFullEas(buffer);
    if ('badOffset' in list) {
        return { status: NtStatus.STATUS_EA_LIST_INCONSISTENT, information: list.badOffset };
    }
    const status = open.file.extendedAttributes.set(list);
    if (status !== NtStatus.STATUS_SUCCESS)
        return failed(status);
    if (!open.frozen.change)
        open.file.times.change = volume.kernel.clock.now();
    const entry = open.entry ?? open.file.links[0];
    if (entry !== undefined && !entry.removed)
        consequences.report(entry, changed);
    return succeeded();
}
const changed = {
    action: FileAction.FILE_ACTION_MODIFIED,
    filterMatch: FileNotifyChange.FILE_NOTIFY_CHANGE_EA,
    rules: ['R-NOTIFY-30'],
};
