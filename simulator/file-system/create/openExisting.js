// A create that meets something: it opens, overwrites or supersedes it, or is refused.
import { unreachable } from '../../../contract/assert.ts';
import { AccessMask, CreateResult, FileAction, FileAttribute, FileNotifyChange, NtStatus, } from '../../../contract/windows/index.ts';
import { removeReparsePoint } from '../fsControl/reparsePoint.ts';
import { isUserMapped } from '../../io/sections/controlArea.ts';
import { canBeTruncated } from '../mappings.ts';
import { removeStream } from '../removal.ts';
import { roundUpToCluster } from '../stream.ts';
import { establish, grantAccess, isReadOnlyFile } from './admit.ts';
import { newAttributes, newExtendedAttributes } from './createNew.ts';
import { decide } from './decisions.ts';
import { admitPastOplocks } from './pastOplocks.ts';
import { failed, succeeded } from '../outcome.ts';
export function openExisting(request, existing) {
    const { stream, entry } = existing;
    if (isGoing(stream, entry))
        return failed(NtStatus.STATUS_DELETE_PENDING);
    const verdict = decide(request.disposition, true);
    switch (verdict) {
        case 'collision':
            return failed(NtStatus.STATUS_OBJECT_NAME_COLLISION);
        case 'open':
            return open(request, existing);
        case 'overwrite':
        case 'supersede':
            return replace(request, existing, verdict);
        case undefined:
        case 'create':
        case 'not-found':
            return failed(NtStatus.STATUS_INVALID_PARAMETER);
        default:
            return unreachable(verdict);
    }
}
/** Models: R-IO-3, R-IO-4: no new opens of what is marked for deletion or has lost its last name. */
function isGoing(stream, entry) {
    if (stream.deletePending)
        return true;
    if (entry !== null)
        return entry.deletePending || entry.removed;
    return stream.file.links.every((link) => link.deletePending);
}
function open(request, existing) {
    const { stream, entry } = existing;
    const refusal = refuseKind(request, existing) ??
        refuseDeleteOnClose(request, stream.file) ??
        refuseUnknowing(request, stream.file);
    if (refusal !== null)
        return failed(refusal);
    const past = admitPastOplocks(request, { ...plain, stream, entry }, false);
    if ('outcome' in past)
        return past.outcome;
    const mapped = refuseMapped(request, stream, past.admitted.sharing.writes);
    if (mapped !== null)
        return failed(mapped);
    establish(request, stream, entry, past.admitted);
    return opened(past, CreateResult.FILE_OPENED);
}
const opened = ({ breaking }, information) => breaking
    ? { status: NtStatus.STATUS_OPLOCK_BREAK_IN_PROGRESS, information }
    : succeeded(information);
const plain = { alsoNeeded: 0, alsoShared: 0, ignoreReadOnly: false };
/** What the caller believed it to be. */
function refuseKind(request, existing) {
    const { stream, trailingBackslash } = existing;
    const isDirectory = stream === stream.file.main && stream.file.directory !== null;
    if (isDirectory) {
        return request.nonDirectoryFile ? NtStatus.STATUS_FILE_IS_A_DIRECTORY : null;
    }
    if (request.directoryFile)
        return NtStatus.STATUS_NOT_A_DIRECTORY;
    // Grade I: "file\" names a directory that is not there.
    return trailingBackslash ? NtStatus.STATUS_OBJECT_NAME_INVALID : null;
}
/** Models: R-IO-5. */
function refuseDeleteOnClose(request, file) {
    if (!request.deleteOnClose)
        return null;
    const isRoot = file === request.volume.root;
    return isRoot || isReadOnlyFile(file) ? NtStatus.STATUS_CANNOT_DELETE : null;
}
/** Who knows nothing of extended attributes stays away from a file that needs them understood. */
const refuseUnknowing = ({ eaKnowledge }, file) => !eaKnowledge && file.extendedAttributes.needsKnowledge ? NtStatus.STATUS_ACCESS_DENIED : null;
/** Models: R-IO-9. */
function replace(request, existing, verdict) {
    const { stream, entry } = existing;
    const { file } = stream;
    const isMain = stream === file.main;
    if (isMain && file.directory !== null) {
        // Grade T for "one of the two": the other one is STATUS_ACCESS_DENIED.
        return failed(request.nonDirectoryFile
            ? NtStatus.STATUS_FILE_IS_A_DIRECTORY
            : NtStatus.STATUS_OBJECT_NAME_COLLISION);
    }
    const refusal = refuseKind(request, existing) ??
        refuseUnknowing(request, file) ??
        refuseReplacing(request, stream, verdict);
    if (refusal !== null)
        return failed(refusal);
    const eas = newExtendedAttributes(request);
    if (typeof eas === 'number') {
        const access = grantAccess(request, { ...replacing[verdict], stream, entry });
        return failed(typeof access === 'number' ? access : eas);
    }
    const past = admitPastOplocks(request, { ...replacing[verdict], stream, entry }, true);
    if ('outcome' in past)
        return past.outcome;
    const mapped = refuseMapped(request, stream, true);
    if (mapped !== null)
        return failed(mapped);
    if (!canBeTruncated(stream))
        return failed(NtStatus.STATUS_USER_MAPPED_FILE);
    emptyStream(request, stream, entry, verdict);
    if (isMain) {
        removeReparsePoint(file);
        file.extendedAttributes.clear();
        if (eas.length > 0)
            file.extendedAttributes.set(eas);
    }
    establish(request, stream, entry, past.admitted);
    return opened(past, verdict === 'supersede' ? CreateResult.FILE_SUPERSEDED : CreateResult.FILE_OVERWRITTEN);
}
/**
 * MmFlushImageSection: a file that runs is neither opened for writing nor deleted on close.
 * Models: R-SECTION-30; for opens that only write, FastFat (grade C).
 */
function refuseMapped({ deleteOnClose }, stream, writes) {
    if (!isUserMapped(stream.sections.image))
        return null;
    if (writes)
        return NtStatus.STATUS_SHARING_VIOLATION;
    return deleteOnClose ? NtStatus.STATUS_CANNOT_DELETE : null;
}
/** An overwrite counts as writing, a supersede as deleting: for access and for sharing. */
const replacing = {
    overwrite: {
        alsoNeeded: AccessMask.FILE_WRITE_DATA | AccessMask.FILE_WRITE_EA | AccessMask.FILE_WRITE_ATTRIBUTES,
        alsoShared: AccessMask.FILE_WRITE_DATA,
        ignoreReadOnly: false,
    },
    supersede: {
        alsoNeeded: AccessMask.DELETE,
        alsoShared: AccessMask.DELETE,
        ignoreReadOnly: true,
    },
};
function refuseReplacing(request, stream, verdict) {
    const { file } = stream;
    if (verdict === 'overwrite' && isReadOnlyFile(file))
        return NtStatus.STATUS_ACCESS_DENIED;
    if (stream !== file.main)
        return refuseDeleteOnClose(request, file);
    // HIDDEN and SYSTEM have to be asked for again, or somebody overwrites what he did not see.
    const guarded = FileAttribute.FILE_ATTRIBUTE_HIDDEN | FileAttribute.FILE_ATTRIBUTE_SYSTEM;
    const dropped = file.attributes & guarded & ~request.attributes;
    if (dropped !== 0)
        return NtStatus.STATUS_ACCESS_DENIED;
    const readOnly = (request.attributes & FileAttribute.FILE_ATTRIBUTE_READONLY) !== 0;
    return request.deleteOnClose && readOnly ? NtStatus.STATUS_CANNOT_DELETE : null;
}
/**
 * The old data goes; with the unnamed stream go the other streams and the attributes. The name stays
 * as it was written before. Reported at once, as FAT does (choice, grade I for NTFS).
 */
function emptyStream(request, stream, entry, verdict) {
    const { file } = stream;
    const { volume, consequences } = request;
    const now = volume.kernel.clock.now();
    stream.setSize(0);
    stream.allocation = roundUpToCluster(request.allocation);
    file.times.lastWrite = now;
    file.times.change = now;
    const name = entry ?? file.links[0];
    if (stream !== file.main) {
        if (name !== undefined)
            consequences.report(name, { ...streamEmptied, streamName: stream.name });
        return;
    }
    file.attributes = newAttributes(request.attributes, false);
    if (verdict === 'supersede')
        file.times.creation = now;
    for (const named of [...file.named.values()])
        removeStream(named, name, consequences);
    if (name !== undefined)
        consequences.report(name, emptied);
}
const emptied = {
    action: FileAction.FILE_ACTION_MODIFIED,
    filterMatch: FileNotifyChange.FILE_NOTIFY_CHANGE_ATTRIBUTES |
        FileNotifyChange.FILE_NOTIFY_CHANGE_SIZE |
        FileNotifyChange.FILE_NOTIFY_CHANGE_LAST_WRITE,
    rules: ['R-NOTIFY-36', 'R-NOTIFY-37'],
};
const streamEmptied = {
    action: FileAction.FILE_ACTION_MODIFIED_STREAM,
    filterMatch: FileNotifyChange.FILE_NOTIFY_CHANGE_STREAM_SIZE |
        FileNotifyChange.FILE_NOTIFY_CHANGE_STREAM_WRITE,
    rules: ['R-NOTIFY-46'],
};
