// A file or directory, whatever its names are: what NTFS calls an FCB and its record in the MFT.
import { reparseTagOf } from '../../contract/reparsePoint.ts';
import { FileAttribute } from '../../contract/windows/index.ts';
import { EaSet } from './extendedAttributes/eaSet.ts';
import { upcase } from './names.ts';
import { Stream } from './stream.ts';
export class FileRecord {
    id;
    /** The names in a directory; null for a file. */
    directory;
    /** FILE_ATTRIBUTE_…, with DIRECTORY; never NORMAL. */
    attributes;
    times;
    dacl;
    extendedAttributes = new EaSet();
    reparsePoint = null;
    /** In the order in which they were made. */
    links = [];
    /** The unnamed data stream, or the index of a directory. A rename may put another one there. */
    main;
    /** Other data streams, by upcased name. */
    named = new Map();
    /** Handles of all its streams that have not been cleaned up. */
    openCount = 0;
    constructor(file) {
        this.id = file.id;
        this.directory = file.isDirectory ? new Directory() : null;
        const kind = file.isDirectory ? FileAttribute.FILE_ATTRIBUTE_DIRECTORY : 0;
        this.attributes = file.attributes | kind;
        const { now } = file;
        this.times = { creation: now, lastAccess: now, lastWrite: now, change: now };
        this.dacl = file.dacl;
        this.main = new Stream(this, '');
    }
    has(attribute) {
        return (this.attributes & attribute) !== 0;
    }
    /** FILE_ATTRIBUTE_NORMAL stands for "none", as queries report it. */
    get reportedAttributes() {
        return this.attributes === 0 ? FileAttribute.FILE_ATTRIBUTE_NORMAL : this.attributes;
    }
    /** As directory entries show it: of a reparse point the tag stands in its place (R-REDIRECT-53). */
    get listedEaSize() {
        const { reparsePoint } = this;
        return reparsePoint === null
            ? this.extendedAttributes.packed_bytes
            : reparseTagOf(reparsePoint);
    }
    stream(name) {
        return name === '' ? this.main : this.named.get(upcase(name));
    }
    addStream(name) {
        const stream = new Stream(this, name);
        this.named.set(upcase(name), stream);
        return stream;
    }
}
/** The names in one directory, found by upper case and listed in the order that NTFS collates. */
export class Directory {
    byName = new Map();
    /** Upcased names in order; null after a change, until somebody lists. */
    sorted = null;
    get isEmpty() {
        return this.byName.size === 0;
    }
    find(name) {
        return this.byName.get(upcase(name));
    }
    /** By upcased name. */
    get(key) {
        return this.byName.get(key);
    }
    add(entry) {
        this.byName.set(upcase(entry.name), entry);
        this.sorted = null;
    }
    remove(entry) {
        this.byName.delete(upcase(entry.name));
        this.sorted = null;
    }
    entries() {
        return this.byName.values();
    }
    /** Upcased names, in ordinal order of their UTF-16 units. */
    get keys() {
        this.sorted ??= [...this.byName.keys()].sort(ordinal);
        return this.sorted;
    }
}
/** JavaScript compares strings by UTF-16 unit, as NTFS collates file names. */
const ordinal = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
