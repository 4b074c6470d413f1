// FILE_FULL_EA_INFORMATION and FILE_GET_EA_INFORMATION: the lists in which extended attributes travel.
// The same on all Windows: entries begin on 4-byte boundaries, the last one is not padded.
/** Bytes before the name of a FILE_FULL_EA_INFORMATION; its terminating zero follows the name. */
const FULL_HEADER_BYTES = 8;
const GET_HEADER_BYTES = 5;
const roundUpTo4 = (length) => (length + 3) & ~3;
export const fullEaBytes = ({ name, value }) => FULL_HEADER_BYTES + name.length + 1 + value.length;
function putName(bytes, at, name) {
    for (let index = 0; index < name.length; index += 1)
        bytes[at + index] = name.charCodeAt(index);
}
/** One entry at the start of `bytes`, without the link to the next one. */
function putFullEa(bytes, { name, value, flags }) {
    bytes[4] = flags;
    bytes[5] = name.length;
    bytes[6] = value.length & 0xff;
    bytes[7] = value.length >>> 8;
    putName(bytes, FULL_HEADER_BYTES, name);
    bytes.set(value, FULL_HEADER_BYTES + name.length + 1);
}
/** A chain of entries, each made by `put` in as many bytes as `lengthOf` says. */
function chain(items, lengthOf, put) {
    const starts = [];
    let end = 0;
    for (const item of items) {
        starts.push(roundUpTo4(end));
        end = roundUpTo4(end) + lengthOf(item);
    }
    const bytes = new Uint8Array(end);
    const view = new DataView(bytes.buffer);
    items.forEach((item, index) => {
        const start = starts[index] ?? 0;
        put(bytes.subarray(start), item);
        const next = starts[index + 1];
        if (next !== undefined)
            view.setUint32(start, next - start, true);
    });
    return bytes;
}
export const encodeFullEas = (list) => chain(list, fullEaBytes, putFullEa);
export const encodeEaNames = (names) => chain(names, (name) => GET_HEADER_BYTES + name.length + 1, (bytes, name) => {
    bytes[4] = name.length;
    putName(bytes, GET_HEADER_BYTES, name);
});
function* entries(bytes) {
    let start = 0;
    for (;;) {
        if (start + 4 > bytes.length)
            return yield { start, next: -1 };
        const next = new DataView(bytes.buffer, bytes.byteOffset + start).getUint32(0, true);
        yield { start, next };
        if (next === 0)
            return;
        start += next;
    }
}
const textOf = (bytes) => Array.from(bytes, (one) => String.fromCharCode(one)).join('');
/** Models: IoCheckEaBufferValidity. */
export function decodeFullEas(bytes) {
    const list = [];
    for (const { start, next } of entries(bytes)) {
        const entry = bytes.subarray(start);
        if (next < 0 || entry.length < FULL_HEADER_BYTES)
            return { badOffset: start };
        const [flags = 0, nameLength = 0, low = 0, high = 0] = entry.subarray(4);
        const valueAt = FULL_HEADER_BYTES + nameLength + 1;
        const end = valueAt + low + 256 * high;
        const linked = next === 0 || (next % 4 === 0 && next >= end);
        if (end > entry.length || entry[valueAt - 1] !== 0 || !linked)
            return { badOffset: start };
        const name = textOf(entry.subarray(FULL_HEADER_BYTES, valueAt - 1));
        list.push({ name, flags, value: entry.slice(valueAt, end) });
    }
    return list;
}
export function decodeEaNames(bytes) {
    const names = [];
    for (const { start, next } of entries(bytes)) {
        const entry = bytes.subarray(start);
        const end = GET_HEADER_BYTES + (entry[4] ?? 0);
        const linked = next === 0 || (next > 0 && next % 4 === 0 && next > end);
        if (end >= entry.length || entry[end] !== 0 || !linked)
            return { badOffset: start };
        names.push(textOf(entry.subarray(GET_HEADER_BYTES, end)));
    }
    return names;
}
