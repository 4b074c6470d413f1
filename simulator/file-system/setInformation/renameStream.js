// FileRenameInformation with a name that begins with a colon: a stream of the same file.
import { FileAction, FileNotifyChange, NtStatus } from '../../../contract/windows/index.ts';
import { parseStream, upcase } from '../names.ts';
import { failed, succeeded } from '../outcome.ts';
import { removeStream } from '../removal.ts';
import { Stream } from '../stream.ts';
/**
 * Models: R-IO-19. The unnamed stream can be given a name, and leaves an empty one behind; a named
 * stream can become the unnamed one, if it may replace it. `written` begins with the colon.
 */
export function renameStream(request, written, replace) {
    const { file, stream, isMain } = request.open;
    const parsed = parseStream(written.slice(1));
    if ('invalid' in parsed)
        return failed(NtStatus.STATUS_INVALID_PARAMETER);
    // A directory has no unnamed data, to be given a name or to be replaced.
    const needsData = isMain || parsed.name === '';
    if (needsData && file.directory !== null)
        return failed(NtStatus.STATUS_INVALID_PARAMETER);
    const existing = file.stream(parsed.name);
    if (existing !== undefined && existing !== stream) {
        if (!replace)
            return failed(NtStatus.STATUS_OBJECT_NAME_COLLISION);
        // Grade I: as a file that is open cannot be replaced (R-IO-10).
        if (existing.openCount > 0)
            return failed(NtStatus.STATUS_ACCESS_DENIED);
    }
    takeOver(request, parsed.name);
    return succeeded();
}
/** Gives the handle's stream the name; what had it before is gone. */
function takeOver(request, name) {
    const { open, consequences } = request;
    const { file, stream, isMain } = open;
    const entry = open.entry ?? file.links[0];
    const existing = file.stream(name);
    if (existing !== undefined && existing !== stream && name !== '') {
        removeStream(existing, entry, consequences);
    }
    if (isMain && name === '')
        return;
    if (isMain)
        file.main = new Stream(file, '');
    else
        removeStream(stream, entry, consequences);
    stream.name = name;
    if (name === '')
        file.main = stream;
    else
        file.named.set(upcase(name), stream);
    if (name === '' || entry === undefined || entry.removed)
        return;
    consequences.report(entry, {
        streamName: name,
        action: FileAction.FILE_ACTION_ADDED_STREAM,
        filterMatch: FileNotifyChange.FILE_NOTIFY_CHANGE_STREAM_NAME,
        rules: ['R-NOTIFY-46'],
    });
}
