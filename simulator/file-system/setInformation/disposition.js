// FileDispositionInformation and FileDispositionInformationEx: to delete, or not.
import { FileDispositionFlag, FileObjectFlag, NtStatus } from '../../../contract/windows/index.ts';
import { isReadOnlyFile } from '../create/admit.ts';
import { breakOplocks } from '../oplocks/oplockCheck.ts';
import { failed, succeeded } from '../outcome.ts';
import { canBeDeleted } from '../mappings.ts';
const plain = {
    posix: false,
    onClose: false,
    ignoreReadOnly: false,
    forceImageCheck: false,
};
/** Models: R-IO-2: only the low byte counts. */
export function setDisposition(request) {
    const deletes = request.buffer[0] !== 0;
    return apply(request, { ...plain, deletes });
}
/** Models: R-IO-4. */
export function setDispositionEx(request) {
    const { buffer } = request;
    const flags = new DataView(buffer.buffer, buffer.byteOffset).getUint32(0, true);
    const has = (flag) => (flags & flag) !== 0;
    return apply(request, {
        deletes: has(FileDispositionFlag.FILE_DISPOSITION_DELETE),
        posix: has(FileDispositionFlag.FILE_DISPOSITION_POSIX_SEMANTICS),
        onClose: has(FileDispositionFlag.FILE_DISPOSITION_ON_CLOSE),
        ignoreReadOnly: has(FileDispositionFlag.FILE_DISPOSITION_IGNORE_READONLY_ATTRIBUTE),
        forceImageCheck: has(FileDispositionFlag.FILE_DISPOSITION_FORCE_IMAGE_SECTION_CHECK),
    });
}
/** Models: R-IO-2 to 7, 14. */
function apply(request, disposition) {
    const { open } = request;
    const { entry } = open;
    if (entry === null)
        return failed(NtStatus.STATUS_INVALID_PARAMETER);
    if (entry.removed)
        return failed(NtStatus.STATUS_FILE_DELETED);
    if (disposition.deletes) {
        const refusal = refuse(request, disposition);
        if (refusal !== null)
            return failed(refusal);
        const blocked = breakOplocks(request, open.stream, 'delete', open.oplockKey);
        if (blocked !== null)
            return blocked;
    }
    if (disposition.onClose) {
        // What the open did not ask for cannot be asked for later.
        const asked = open.fileObject.flags & FileObjectFlag.FO_DELETE_ON_CLOSE;
        if (asked === 0)
            return failed(NtStatus.STATUS_NOT_SUPPORTED);
        open.deleteOnClose = disposition.deletes;
        return succeeded();
    }
    if (open.isMain)
        markName(request, entry, disposition);
    // A handle of a stream speaks for the stream only: its file stays marked (R-IO-7).
    else
        open.stream.deletePending = disposition.deletes;
    open.fileObject.deletePending = disposition.deletes;
    return succeeded();
}
function refuse({ volume, open }, disposition) {
    const { file } = open;
    if (file === volume.root)
        return NtStatus.STATUS_CANNOT_DELETE;
    if (isReadOnlyFile(file) && !disposition.ignoreReadOnly)
        return NtStatus.STATUS_CANNOT_DELETE;
    if (!canBeDeleted(open, disposition.forceImageCheck))
        return NtStatus.STATUS_CANNOT_DELETE;
    if (open.isMain && file.directory !== null && !file.directory.isEmpty) {
        return NtStatus.STATUS_DIRECTORY_NOT_EMPTY;
    }
    return null;
}
function markName({ volume, open, consequences }, entry, { deletes, posix }) {
    const { file } = open;
    entry.deletePending = deletes;
    open.posixDelete = deletes && posix;
    // Who watches the directory learns it at once (R-NOTIFY-48; grade C: FAT does it here).
    if (deletes && file.directory !== null) {
        consequences.add(() => volume.notify.directoryDeleted(file.main));
    }
}
