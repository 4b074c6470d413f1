// REPARSE_DATA_BUFFER and REPARSE_GUID_DATA_BUFFER, the same on all Windows.
import { ReparseTag } from './windows/index.ts';
/** Tag, ReparseDataLength, Reserved. */
export const REPARSE_HEADER_BYTES = 8;
/** The same with a GUID behind it. */
export const REPARSE_GUID_HEADER_BYTES = 24;
const SYMLINK_FLAG_RELATIVE = 1;
/** Tags of Microsoft's own have no GUID. */
const MICROSOFT_TAG = 0x8000_0000;
export const headerBytes = (tag) => (tag & MICROSOFT_TAG) === 0 ? REPARSE_GUID_HEADER_BYTES : REPARSE_HEADER_BYTES;
/** Where the path buffer begins: after four USHORTs, and after the flags of a symbolic link. */
const pathAt = (tag) => REPARSE_HEADER_BYTES + (tag === ReparseTag.IO_REPARSE_TAG_SYMLINK ? 12 : 8);
/** The buffer of a mount point or a symbolic link. The print name is the substitute name. */
export function encodeReparseName(tag, { substitute, relative }) {
    const at = pathAt(tag);
    const length = 2 * substitute.length;
    const separator = 2;
    const bytes = new Uint8Array(at + 2 * (length + separator));
    const view = new DataView(bytes.buffer);
    view.setUint32(0, tag, true);
    view.setUint16(4, bytes.length - REPARSE_HEADER_BYTES, true);
    view.setUint16(10, length, true);
    view.setUint16(12, length + separator, true);
    view.setUint16(14, length, true);
    if (tag === ReparseTag.IO_REPARSE_TAG_SYMLINK) {
        view.setUint32(16, relative ? SYMLINK_FLAG_RELATIVE : 0, true);
    }
    for (let index = 0; index < substitute.length; index += 1) {
        view.setUint16(at + 2 * index, substitute.charCodeAt(index), true);
        view.setUint16(at + length + separator + 2 * index, substitute.charCodeAt(index), true);
    }
    return bytes;
}
/** Any other tag; without data it is what deletes a reparse point. `guid` is its 16 bytes. */
export function encodeReparseData(tag, data, guid) {
    const at = guid === null ? REPARSE_HEADER_BYTES : REPARSE_GUID_HEADER_BYTES;
    const bytes = new Uint8Array(at + data.length);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, tag, true);
    view.setUint16(4, data.length, true);
    if (guid !== null)
        bytes.set(guid, REPARSE_HEADER_BYTES);
    bytes.set(data, at);
    return bytes;
}
export const reparseTagOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
/** Undefined where the buffer is no mount point or symbolic link, or its names lie outside of it. */
export function decodeReparseName(bytes) {
    if (bytes.length < REPARSE_HEADER_BYTES)
        return undefined;
    const tag = reparseTagOf(bytes);
    const isSymlink = tag === ReparseTag.IO_REPARSE_TAG_SYMLINK;
    if (!isSymlink && tag !== ReparseTag.IO_REPARSE_TAG_MOUNT_POINT)
        return undefined;
    const at = pathAt(tag);
    if (bytes.length < at)
        return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const offset = view.getUint16(8, true);
    const length = view.getUint16(10, true);
    const printEnd = view.getUint16(12, true) + view.getUint16(14, true);
    const room = bytes.length - at;
    if (length === 0 || (offset | length) & 1 || offset + length > room || printEnd > room) {
        return undefined;
    }
    let substitute = '';
    for (let index = 0; index < length; index += 2) {
        substitute += String.fromCharCode(view.getUint16(at + offset + index, true));
    }
    const relative = isSymlink && (view.getUint32(16, true) & SYMLINK_FLAG_RELATIVE) !== 0;
    return { substitute, relative };
}
/** The header that FSCTL_DELETE_REPARSE_POINT takes, cut or padded to `length` where one is given. */
export function encodeReparseHeader(tag, guid, length) {
    const header = encodeReparseData(tag, new Uint8Array(0), guid);
    if (length === undefined)
        return header;
    const sized = new Uint8Array(length);
    sized.set(header.subarray(0, length));
    return sized;
}
