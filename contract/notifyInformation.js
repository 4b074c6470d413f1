import { fileActionName } from './windows/index.ts';
/** Offset of FileName. */
const HEADER_BYTES = 12;
/**
 * The entries in `bytes`, in order. Reading stops, without an error, at the first entry that does not
 * fit: a filter may have written anything, and the bytes themselves stand beside the entries.
 */
export function decodeNotifyInformation(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const entries = [];
    let offset = 0;
    while (offset + HEADER_BYTES <= bytes.length) {
        const next = view.getUint32(offset, true);
        const length_bytes = view.getUint32(offset + 8, true);
        if (offset + HEADER_BYTES + length_bytes > bytes.length)
            break;
        entries.push({
            action: fileActionName(view.getUint32(offset + 4, true)),
            name: utf16(view, offset + HEADER_BYTES, length_bytes),
        });
        // An offset that does not lead past the header of this entry would be read for ever.
        if (next < HEADER_BYTES)
            break;
        offset += next;
    }
    return entries;
}
/** Lone surrogates stay as they are: NTFS allows them in names (R-IO-15). */
function utf16(view, offset, length_bytes) {
    let text = '';
    for (let at = 0; at + 1 < length_bytes; at += 2) {
        text += String.fromCharCode(view.getUint16(offset + at, true));
    }
    return text;
}
