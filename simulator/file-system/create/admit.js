// Lets an open in: access check, share access, and the records that stay while it lives.
import { AccessMask, FileAttribute, FileObjectFlag, NtStatus, } from '../../../contract/windows/index.ts';
import { Open } from '../open.ts';
import { checkAccess } from '../security.ts';
import { sharingOf } from '../shareAccess.ts';
/** What writes to a file, and what FILE_ATTRIBUTE_READONLY therefore takes away. */
const WRITES_DATA = AccessMask.FILE_WRITE_DATA | AccessMask.FILE_APPEND_DATA;
/** Access to what exists, then its sharing: in this order (R-IO-8). Changes nothing. */
export function admit(request, admission) {
    const admitted = grantAccess(request, admission);
    if (typeof admitted === 'number')
        return admitted;
    const shares = isSharedWell(request, admission, admitted);
    return shares ? admitted : NtStatus.STATUS_SHARING_VIOLATION;
}
export function isSharedWell(request, { stream, alsoShared }, { granted }) {
    return sharesWell(stream, sharingOf(granted | alsoShared, request.share));
}
export function grantAccess(request, { stream, entry, ignoreReadOnly, alsoNeeded }) {
    const { file } = stream;
    const answer = checkAccess({
        desired: request.desired,
        alsoNeeded,
        dacl: file.dacl,
        parentDacl: parentOf(file, entry)?.dacl ?? null,
        withheld: !ignoreReadOnly && isReadOnlyFile(file) ? WRITES_DATA : 0,
        privileged: request.privileged,
        unchecked: request.unchecked,
    });
    if ('status' in answer)
        return answer.status;
    const { granted } = answer;
    return { granted, sharing: sharingOf(granted, request.share) };
}
export const isReadOnlyFile = (file) => file.directory === null && file.has(FileAttribute.FILE_ATTRIBUTE_READONLY);
/** Whoever opens a file to delete it would take its streams along: all of them must allow it. */
function sharesWell(stream, sharing) {
    if (!stream.share.admits(sharing))
        return false;
    const { file } = stream;
    if (stream !== file.main || !sharing.deletes)
        return true;
    return [...file.named.values()].every((named) => named.share.sharesDelete);
}
const parentOf = (file, entry) => (entry ?? file.links[0])?.parent ?? null;
/** Makes the open real: its records, its place in the share counters, the file object's fields. */
export function establish(request, stream, entry, { granted, sharing }) {
    const { fileObject, volume, oplockKey } = request;
    // A handle opened by file id never deletes: it knows no name (R-IO-14).
    const deleteOnClose = request.deleteOnClose && entry !== null;
    const open = new Open({ fileObject, stream, entry, granted, sharing, deleteOnClose, oplockKey });
    stream.share.add(sharing);
    stream.openCount += 1;
    stream.file.openCount += 1;
    if (entry !== null)
        entry.openCount += 1;
    volume.openFiles.add(fileObject);
    fileObject.fsContext = stream;
    fileObject.fsContext2 = open;
    const isDirectory = stream === stream.file.main && stream.file.directory !== null;
    fileObject.sectionObjectPointer = isDirectory ? null : stream.sections;
    fileObject.grantedAccess = granted;
    fileObject.readAccess = sharing.reads;
    fileObject.writeAccess = sharing.writes;
    fileObject.deleteAccess = sharing.deletes;
    fileObject.sharedRead = sharing.sharesRead;
    fileObject.sharedWrite = sharing.sharesWrite;
    fileObject.sharedDelete = sharing.sharesDelete;
    if (deleteOnClose)
        fileObject.flags |= FileObjectFlag.FO_DELETE_ON_CLOSE;
    return open;
}
