// Names and streams that go, with what has to be told about it.
import { FileAction, FileNotifyChange } from '../../contract/windows/index.ts';
import { upcase } from './names.ts';
/**
 * Takes a name away. Models: R-NOTIFY-31, 45 (reported when the name really goes), 48 (who watches a
 * directory that goes is told).
 */
export function removeLink(volume, entry, consequences) {
    const { file } = entry;
    const isDirectory = file.directory !== null;
    consequences.report(entry, {
        action: FileAction.FILE_ACTION_REMOVED,
        filterMatch: isDirectory
            ? FileNotifyChange.FILE_NOTIFY_CHANGE_DIR_NAME
            : FileNotifyChange.FILE_NOTIFY_CHANGE_FILE_NAME,
        rules: ['R-NOTIFY-31', 'R-NOTIFY-45'],
    });
    const parent = entry.parent?.links[0];
    volume.removeName(entry);
    consequences.reportDirectoryTimes(parent);
    // Handles on a directory may outlive it: when it is replaced, or deleted the POSIX way.
    if (isDirectory)
        consequences.add(() => volume.notify.directoryDeleted(file.main));
}
/** Takes a named stream away, unless somebody has done so already. Handles on it may live on. */
export function removeStream(stream, entry, consequences) {
    const { file } = stream;
    const key = upcase(stream.name);
    if (file.named.get(key) !== stream)
        return;
    file.named.delete(key);
    if (entry === undefined || entry.removed)
        return;
    consequences.report(entry, {
        streamName: stream.name,
        action: FileAction.FILE_ACTION_REMOVED_STREAM,
        filterMatch: FileNotifyChange.FILE_NOTIFY_CHANGE_STREAM_NAME,
        rules: ['R-NOTIFY-46'],
    });
}
