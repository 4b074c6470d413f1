// One open of a file, for as long as its file object lives: what NTFS calls a CCB. A file object's
// FsContext2.
import { assert } from '../../contract/assert.ts';
export class Open {
    fileObject;
    file;
    stream;
    entry;
    granted;
    sharing;
    oplockKey;
    /** FILE_DELETE_ON_CLOSE, or FILE_DISPOSITION_ON_CLOSE later. */
    deleteOnClose;
    /** This handle asked for POSIX deletion: the name goes with its own cleanup (R-IO-4). */
    posixDelete = false;
    /** FILE_NOTIFY_CHANGE_… that its cleanup has to report (R-NOTIFY-33, 37). */
    changes = 0;
    /** STREAM_… changes of its named stream that its cleanup has to report. */
    streamChanges = 0;
    /** Times that this handle asked to be left alone (-1 in FileBasicInformation). */
    frozen = { lastAccess: false, lastWrite: false, change: false };
    /** The enumeration of a directory handle, once begun. */
    scan = null;
    /** The enumeration of extended attributes, once begun. */
    eaScan = null;
    cleanedUp = false;
    constructor(open) {
        this.fileObject = open.fileObject;
        this.file = open.stream.file;
        this.stream = open.stream;
        this.entry = open.entry;
        this.granted = open.granted;
        this.sharing = open.sharing;
        this.deleteOnClose = open.deleteOnClose;
        this.oplockKey = open.oplockKey ?? open.fileObject;
    }
    /** Of the main stream, not of a named one. */
    get isMain() {
        return this.stream === this.file.main;
    }
    /** DeletePending as queries report it: a deleted file takes its open streams along (R-IO-7). */
    get deletePending() {
        return this.stream.deletePending || (this.entry !== null && isGoing(this.entry));
    }
}
const isGoing = (entry) => entry.deletePending || entry.removed;
/** False for a file object that some filter has opened by itself, without asking the file system. */
export function isOurs(fileObject) {
    if (fileObject === null || fileObject.fsContext2 instanceof Open)
        return true;
    return fileObject.fsContext === null && fileObject.fsContext2 === null;
}
/** The open behind a file object of this file system. */
export function openOf(fileObject) {
    const open = fileObject?.fsContext2;
    assert(open instanceof Open, 'requests after the create carry a file object of this file system');
    return open;
}
