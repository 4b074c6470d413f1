// FILE_NOTIFY_INFORMATION entries that wait to be delivered, and the bytes they become.
const HEADER_BYTES = 12;
const roundUpTo4 = (length) => (length + 3) & ~3;
/**
 * A list of changes in the order in which they happened, with the exact length that it takes in a
 * buffer. Models: R-NOTIFY-24 (layout), R-NOTIFY-25 (entries start on 4-byte boundaries, the last one
 * is not padded), R-NOTIFY-18 (appended while nobody waits).
 */
export class EntryList {
    entries = [];
    length_bytes = 0;
    get byteLength() {
        return this.length_bytes;
    }
    /** What the list would take with one more name in it. */
    byteLengthWith(name) {
        return roundUpTo4(this.length_bytes) + HEADER_BYTES + 2 * name.length;
    }
    append(action, name) {
        this.length_bytes = this.byteLengthWith(name);
        this.entries.push({ action, name });
    }
    clear() {
        this.entries.length = 0;
        this.length_bytes = 0;
    }
    /** Writes the whole list to the start of `bytes`, which must have room for it. */
    encodeInto(bytes) {
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        let offset = 0;
        this.entries.forEach(({ action, name }, index) => {
            const length_bytes = HEADER_BYTES + 2 * name.length;
            const isLast = index === this.entries.length - 1;
            view.setUint32(offset, isLast ? 0 : roundUpTo4(length_bytes), true);
            view.setUint32(offset + 4, action, true);
            view.setUint32(offset + 8, 2 * name.length, true);
            for (let at = 0; at < name.length; at += 1) {
                view.setUint16(offset + HEADER_BYTES + 2 * at, name.charCodeAt(at), true);
            }
            offset += roundUpTo4(length_bytes);
        });
    }
}
