// FileLinkInformation: one more name for a file.
import { FileAction, FileNotifyChange, NtStatus } from '../../../contract/windows/index.ts';
import { failed, succeeded } from '../outcome.ts';
import { removeLink } from '../removal.ts';
import { breakForNewName } from './breakOplocks.ts';
import { newNameOf } from './newName.ts';
import { refuseReplacement, replacementOf } from './replacement.ts';
export const setLink = (request) => link(request, { replace: request.buffer[0] !== 0, posix: false, ignoreReadOnly: false });
/** FILE_LINK_… flags are those of FILE_RENAME_…. */
export const setLinkEx = (request) => link(request, replacementOf(request.buffer));
/** Models: R-IO-13. The handle keeps the name it was opened by. */
function link(request, how) {
    const { open, volume, consequences } = request;
    const { file } = open;
    if (file.directory !== null)
        return failed(NtStatus.STATUS_FILE_IS_A_DIRECTORY);
    const isOrphan = file.links.length === 0;
    if (isOrphan)
        return failed(NtStatus.STATUS_FILE_DELETED);
    const target = newNameOf(request);
    if (typeof target === 'number')
        return failed(target);
    const { directory, name } = target;
    const existing = directory.directory?.find(name);
    if (existing !== undefined) {
        const { replace } = how;
        // A link over itself has nothing to do.
        if (replace && existing.file === file)
            return succeeded();
        const blocked = breakForNewName(request, target, { renames: false, replaces: replace });
        if (blocked !== null)
            return blocked;
        const refusal = refuseReplacement(existing, file, how);
        if (refusal !== null)
            return failed(refusal);
        removeLink(volume, existing, consequences);
    }
    const entry = volume.addName(file, directory, name);
    file.times.change = volume.kernel.clock.now();
    consequences.report(entry, {
        action: FileAction.FILE_ACTION_ADDED,
        filterMatch: FileNotifyChange.FILE_NOTIFY_CHANGE_FILE_NAME,
        rules: ['R-NOTIFY-31'],
    });
    consequences.reportDirectoryTimes(directory.links[0]);
    return succeeded();
}
