// Structures that queries return, as far as cases speak of them.
const view = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
export function textAt(bytes, offset, length_bytes) {
    let text = '';
    const end = Math.min(offset + length_bytes, bytes.length - 1);
    for (let at = offset; at < end; at += 2)
        text += String.fromCharCode(view(bytes).getUint16(at, true));
    return text;
}
/** Undefined where the bytes are too few to hold it. */
export const longAt = (bytes, offset) => offset + 4 <= bytes.length ? view(bytes).getUint32(offset, true) : undefined;
export const longLongAt = (bytes, offset) => offset + 8 <= bytes.length ? Number(view(bytes).getBigInt64(offset, true)) : undefined;
/** Offsets of FileNameLength and FileName, by information class. */
const directoryLayouts = {
    FileDirectoryInformation: [60, 64],
    FileFullDirectoryInformation: [60, 68],
    FileBothDirectoryInformation: [60, 94],
    FileNamesInformation: [8, 12],
    FileIdBothDirectoryInformation: [60, 104],
    FileIdFullDirectoryInformation: [60, 80],
    FileIdExtdDirectoryInformation: [60, 88],
    FileIdExtdBothDirectoryInformation: [60, 114],
};
/** The entries of a directory query; undefined for a class that is not known. */
export function directoryNames(bytes, className) {
    const layout = directoryLayouts[className];
    return layout === undefined ? undefined : chain(bytes, ...layout);
}
/** FileNameLength of the first entry, or of FILE_NAME_INFORMATION. */
export const firstNameLength = (bytes, className) => longAt(bytes, directoryLayouts[className]?.[0] ?? 0);
/** FILE_STREAM_INFORMATION: ":name:$DATA". */
export const streamNames = (bytes) => chain(bytes, 4, 24).map(({ name }) => name);
function chain(bytes, lengthAt, nameAt) {
    const names = [];
    let offset = 0;
    while (offset + nameAt <= bytes.length) {
        const next = longAt(bytes, offset) ?? 0;
        const length = longAt(bytes, offset + lengthAt) ?? 0;
        names.push({ name: textAt(bytes, offset + nameAt, length), next_entry_offset: next });
        if (next === 0)
            break;
        offset += next;
    }
    return names;
}
