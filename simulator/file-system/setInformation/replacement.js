// What stands in the way of a rename or a link, and whether it may be replaced.
import { AccessMask, FileAttribute, FileRenameFlag, NtStatus, } from '../../../contract/windows/index.ts';
import { isRunning } from '../mappings.ts';
import { checkAccess } from '../security.ts';
/** Flags of FILE_RENAME_INFORMATION_EX and FILE_LINK_INFORMATION_EX. */
export function replacementOf(buffer) {
    const flags = new DataView(buffer.buffer, buffer.byteOffset).getUint32(0, true);
    return {
        replace: (flags & FileRenameFlag.FILE_RENAME_REPLACE_IF_EXISTS) !== 0,
        posix: (flags & FileRenameFlag.FILE_RENAME_POSIX_SEMANTICS) !== 0,
        ignoreReadOnly: (flags & FileRenameFlag.FILE_RENAME_IGNORE_READONLY_ATTRIBUTE) !== 0,
    };
}
/**
 * Null when `target` may go. Models: R-IO-10, R-IO-11, R-IO-13. `mover` is the file that takes the
 * name.
 */
export function refuseReplacement(target, mover, how) {
    if (!how.replace)
        return NtStatus.STATUS_OBJECT_NAME_COLLISION;
    const { file } = target;
    if (file.directory !== null) {
        // Only the POSIX way, and only a directory over an empty one.
        if (!how.posix || mover.directory === null)
            return NtStatus.STATUS_ACCESS_DENIED;
        if (!file.directory.isEmpty)
            return NtStatus.STATUS_DIRECTORY_NOT_EMPTY;
    }
    else if (mover.directory !== null) {
        return NtStatus.STATUS_ACCESS_DENIED;
    }
    if (file.has(FileAttribute.FILE_ATTRIBUTE_READONLY) && !how.ignoreReadOnly) {
        return NtStatus.STATUS_ACCESS_DENIED;
    }
    // Models: R-SECTION-29, R-SECTION-30: a data mapping is no obstacle, an image is.
    if (isRunning(file))
        return NtStatus.STATUS_ACCESS_DENIED;
    if (target.deletePending)
        return NtStatus.STATUS_DELETE_PENDING;
    if (!mayDelete(target))
        return NtStatus.STATUS_ACCESS_DENIED;
    return refuseOpenTarget(file, how.posix);
}
/** An open target: never, or, the POSIX way, where every open shares deletion. */
function refuseOpenTarget(file, posix) {
    if (file.openCount === 0)
        return null;
    if (!posix)
        return NtStatus.STATUS_ACCESS_DENIED;
    const streams = [file.main, ...file.named.values()];
    const shared = streams.every((stream) => stream.share.sharesDelete);
    return shared ? null : NtStatus.STATUS_SHARING_VIOLATION;
}
function mayDelete({ file, parent }) {
    const answer = checkAccess({
        desired: AccessMask.DELETE,
        alsoNeeded: 0,
        dacl: file.dacl,
        parentDacl: parent?.dacl ?? null,
        withheld: 0,
        unchecked: false,
    });
    return 'granted' in answer;
}
