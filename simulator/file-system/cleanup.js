// IRP_MJ_CLEANUP and IRP_MJ_CLOSE: what happens when the last handle of a file object goes, and when
// the last reference does.
import { FileAction, FileNotifyChange, FileObjectFlag } from '../../contract/windows/index.ts';
import { releaseLocks } from './locks/lockControl.ts';
import { releaseOplocks } from './oplocks/oplockCheck.ts';
import { openOf } from './open.ts';
import { removeLink, removeStream } from './removal.ts';
/**
 * Ends what the handle stood for, in this order: its watch (R-NOTIFY-47), FILE_DELETE_ON_CLOSE, the
 * names and streams that wait for this cleanup, the changes it has to report, its sharing.
 * Models: R-IO-4 to 7, R-NOTIFY-33, 37, 39, 45, 48.
 */
export function cleanup(volume, fileObject, consequences) {
    const open = openOf(fileObject);
    const { file, stream, entry } = open;
    fileObject.flags |= FileObjectFlag.FO_CLEANUP_COMPLETE;
    fileObject.privateCacheMap = null;
    open.cleanedUp = true;
    if (file.directory !== null)
        consequences.add(() => volume.notify.cleanup(open));
    releaseLocks(volume, open, consequences);
    releaseOplocks(volume, open, consequences);
    if (open.deleteOnClose)
        markForDeletion(volume, open, consequences);
    leave(open);
    const streamGoes = stream.deletePending && stream.openCount === 0;
    const nameGoes = entry !== null && !entry.removed && loses(open);
    if (!nameGoes)
        reportChanges(open, streamGoes, consequences);
    if (streamGoes)
        removeStream(stream, entry ?? undefined, consequences);
    if (nameGoes)
        removeLink(volume, entry, consequences);
    volume.forgetIfGone(file);
}
/** The name goes with its last open, or, deleted the POSIX way, with the handle that asked for it. */
const loses = ({ entry, posixDelete }) => entry !== null && entry.deletePending && (posixDelete || entry.openCount === 0);
/** What FILE_DELETE_ON_CLOSE comes to; a directory that is not empty simply stays (R-IO-6). */
function markForDeletion(volume, open, consequences) {
    const { entry, file, stream } = open;
    if (!open.isMain) {
        stream.deletePending = true;
        return;
    }
    if (entry === null || (file.directory !== null && !file.directory.isEmpty))
        return;
    entry.deletePending = true;
    if (file.directory !== null)
        consequences.add(() => volume.notify.directoryDeleted(file.main));
}
function leave({ stream, file, entry, sharing }) {
    stream.share.remove(sharing);
    stream.openCount -= 1;
    file.openCount -= 1;
    if (entry !== null)
        entry.openCount -= 1;
    if (stream.openCount === 0)
        stream.locks.everHeld = false;
}
/**
 * One MODIFIED for all that this handle has done to the file, one for its stream. Under the name the
 * file has now: a renamed file appears with its new one (R-NOTIFY-33).
 */
function reportChanges(open, streamGoes, consequences) {
    const entry = open.entry ?? open.file.links[0];
    if (entry === undefined || entry.removed)
        return;
    if (open.streamChanges !== 0 && !streamGoes) {
        consequences.report(entry, {
            streamName: open.stream.name,
            action: FileAction.FILE_ACTION_MODIFIED_STREAM,
            filterMatch: open.streamChanges,
            rules: ['R-NOTIFY-46'],
        });
    }
    if (open.changes === 0)
        return;
    consequences.report(entry, {
        action: FileAction.FILE_ACTION_MODIFIED,
        filterMatch: open.changes,
        rules: rulesOfChanges(open.changes),
    });
}
const rulesOfChanges = (changes) => changes === FileNotifyChange.FILE_NOTIFY_CHANGE_ATTRIBUTES
    ? ['R-NOTIFY-33']
    : ['R-NOTIFY-37', 'R-NOTIFY-39'];
/** Nobody refers to the file object any more. */
export function close(volume, fileObject) {
    volume.openFiles.delete(fileObject);
    fileObject.fsContext = null;
    fileObject.fsContext2 = null;
    fileObject.sectionObjectPointer = null;
}
