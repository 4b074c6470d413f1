// FileRenameInformation and FileRenameInformationEx, of files and directories.
import { FileAction, FileAttribute, FileNotifyChange, NtStatus, } from '../../../contract/windows/index.ts';
import { failed, succeeded } from '../outcome.ts';
import { removeLink } from '../removal.ts';
import { breakBelow, breakForNewName } from './breakOplocks.ts';
import { newNameOf, writtenName } from './newName.ts';
import { refuseReplacement, replacementOf } from './replacement.ts';
import { renameStream } from './renameStream.ts';
export function setRename(request) {
    const replace = request.buffer[0] !== 0;
    return rename(request, { replace, posix: false, ignoreReadOnly: false });
}
export function setRenameEx(request) {
    return rename(request, replacementOf(request.buffer));
}
/** Models: R-IO-10 to 12, 14, 19. */
function rename(request, how) {
    const { open, parentOfTarget, buffer, volume } = request;
    const { entry, file } = open;
    if (parentOfTarget === null) {
        const written = writtenName(buffer);
        if (typeof written === 'number')
            return failed(written);
        if (written.startsWith(':'))
            return renameStream(request, written, how.replace);
    }
    // A stream is renamed by ":name" only; a file id knows no name to change.
    if (!open.isMain || entry === null || file === volume.root) {
        return failed(NtStatus.STATUS_INVALID_PARAMETER);
    }
    if (entry.removed)
        return failed(NtStatus.STATUS_FILE_DELETED);
    const target = newNameOf(request);
    // The holder of a handle below may close it now.
    const held = breakBelow(request, file);
    if (held !== null)
        return held;
    if (hasOpenDescendant(file) || hasOpenStream(file)) {
        return failed(NtStatus.STATUS_ACCESS_DENIED);
    }
    if (typeof target === 'number')
        return failed(target);
    const blocked = breakForNewName(request, target, { renames: true, replaces: how.replace });
    if (blocked !== null)
        return blocked;
    const refusal = refuseTarget(entry, target, how);
    if (refusal !== null)
        return failed(refusal);
    move(request, entry, target);
    return succeeded();
}
function refuseTarget(entry, { directory, name }, how) {
    if (entry.deletePending)
        return NtStatus.STATUS_DELETE_PENDING;
    if (isWithin(directory, entry.file))
        return NtStatus.STATUS_INVALID_PARAMETER;
    const existing = directory.directory?.find(name);
    // The same name, or the same written in another case, is not in its own way.
    if (existing === undefined || existing === entry)
        return null;
    // Two names of one file: the other one makes room without being asked.
    if (existing.file === entry.file)
        return null;
    return refuseReplacement(existing, entry.file, how);
}
function move(request, entry, target) {
    const { volume, consequences, open } = request;
    const { directory, name } = target;
    const { file } = entry;
    const from = entry.parent;
    if (from === directory && entry.name === name)
        return;
    const existing = directory.directory?.find(name);
    // What is replaced goes first (R-NOTIFY-40; grade U for NTFS, the choice is REMOVED).
    if (existing !== undefined && existing !== entry)
        removeLink(volume, existing, consequences);
    const filterMatch = file.directory === null
        ? FileNotifyChange.FILE_NOTIFY_CHANGE_FILE_NAME
        : FileNotifyChange.FILE_NOTIFY_CHANGE_DIR_NAME;
    const pair = from === directory ? withinDirectory : betweenDirectories;
    consequences.report(entry, { action: pair.before, filterMatch, rules: pair.rules });
    volume.moveName(entry, directory, name);
    consequences.report(entry, { action: pair.after, filterMatch, rules: pair.rules });
    consequences.reportDirectoryTimes(from?.links[0]);
    if (from !== directory)
        consequences.reportDirectoryTimes(directory.links[0]);
    if (file.directory !== null)
        return;
    // NTFS sets the archive bit; the cleanup of this handle reports it (R-NOTIFY-33).
    file.attributes |= FileAttribute.FILE_ATTRIBUTE_ARCHIVE;
    open.changes |= FileNotifyChange.FILE_NOTIFY_CHANGE_ATTRIBUTES;
}
const withinDirectory = {
    before: FileAction.FILE_ACTION_RENAMED_OLD_NAME,
    after: FileAction.FILE_ACTION_RENAMED_NEW_NAME,
    rules: ['R-NOTIFY-32'],
};
const betweenDirectories = {
    before: FileAction.FILE_ACTION_REMOVED,
    after: FileAction.FILE_ACTION_ADDED,
    rules: ['R-NOTIFY-34'],
};
/** Models: R-IO-12. */
function hasOpenDescendant({ directory }) {
    if (directory === null)
        return false;
    for (const { file } of directory.entries()) {
        if (file.openCount > 0 || hasOpenDescendant(file))
            return true;
    }
    return false;
}
/** A handle of a named stream keeps its file where it is. Grade T: smbtorture, smb2.streams. */
const hasOpenStream = ({ named }) => [...named.values()].some(({ openCount }) => openCount > 0);
/**
 * Whether `directory` is `ancestor` or lies below it. From user mode sharing is in the way before; a
 * driver may bring any target directory.
 */
function isWithin(directory, ancestor) {
    let at = directory;
    while (at !== null && at !== undefined) {
        if (at === ancestor)
            return true;
        at = at.links[0]?.parent;
    }
    return false;
}
