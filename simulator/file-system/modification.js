// What writing to a stream leaves behind: times, the archive attribute, and what the handle's cleanup
// has to report.
import { FileAttribute, FileNotifyChange, FileObjectFlag } from '../../contract/windows/index.ts';
const ofFile = FileNotifyChange.FILE_NOTIFY_CHANGE_LAST_WRITE | FileNotifyChange.FILE_NOTIFY_CHANGE_ATTRIBUTES;
/**
 * Models: R-NOTIFY-37, 39: one MODIFIED at the cleanup of the handle that wrote; grade U for the time,
 * the choice is the cleanup. Differs: a file whose handle stays open is not reported by a lazy flush;
 * writing to a named stream is told as a stream's change only.
 */
export function noteModified(open, sizeChanged, now) {
    const { file, frozen, fileObject } = open;
    if (!frozen.lastWrite)
        file.times.lastWrite = now;
    if (!frozen.change)
        file.times.change = now;
    fileObject.flags |= FileObjectFlag.FO_FILE_MODIFIED;
    if (sizeChanged)
        fileObject.flags |= FileObjectFlag.FO_FILE_SIZE_CHANGED;
    if (open.isMain) {
        file.attributes |= FileAttribute.FILE_ATTRIBUTE_ARCHIVE;
        open.changes |= ofFile;
        if (sizeChanged)
            open.changes |= FileNotifyChange.FILE_NOTIFY_CHANGE_SIZE;
    }
    else {
        open.streamChanges |= FileNotifyChange.FILE_NOTIFY_CHANGE_STREAM_WRITE;
        if (sizeChanged)
            open.streamChanges |= FileNotifyChange.FILE_NOTIFY_CHANGE_STREAM_SIZE;
    }
}
