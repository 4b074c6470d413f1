// Structures that steps hand to NtSetInformationFile, as 32-bit Windows lays them out.
import { encodeBytes, encodeUtf16 } from './bytes.ts';
/** sizeof(FILE_RENAME_INFORMATION): what the I/O manager demands at least. */
const RENAME_INFORMATION_LENGTH = 16;
const FILE_NAME = 12;
/** FILE_RENAME_INFORMATION and FILE_LINK_INFORMATION; `first` is ReplaceIfExists, or Flags. */
export function renameInformation(first, rootDirectory, name) {
    const units = encodeUtf16(name);
    const bytes = new Uint8Array(Math.max(FILE_NAME + units.length, RENAME_INFORMATION_LENGTH));
    const view = new DataView(bytes.buffer);
    view.setUint32(0, first, true);
    view.setUint32(4, rootDirectory, true);
    view.setUint32(8, units.length, true);
    bytes.set(units, FILE_NAME);
    return bytes;
}
/** FILE_BASIC_INFORMATION; what is left out is 0 and stays as it is. */
export function basicInformation(given) {
    const bytes = new Uint8Array(40);
    const view = new DataView(bytes.buffer);
    const { creationTime, lastAccessTime, lastWriteTime, changeTime } = given;
    [creationTime, lastAccessTime, lastWriteTime, changeTime].forEach((time, index) => {
        view.setBigInt64(index * 8, BigInt(time ?? 0), true);
    });
    view.setUint32(32, given.attributes ?? 0, true);
    return bytes;
}
export function long(value) {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value, true);
    return bytes;
}
export function quad(value) {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigInt64(0, BigInt(value), true);
    return bytes;
}
/** The eight bytes of a file id, which stand where a name would: four UTF-16 units. */
export const idName = (id) => [0n, 16n, 32n, 48n].map((at) => String.fromCharCode(Number((id >> at) & 0xffffn))).join('');
/** Offset and length as the unsigned 64 bits that go down; a negative one is the same bits. */
export const rangeOf = (given) => ({
    offset: BigInt.asUintN(64, BigInt(given.offset)),
    length: BigInt.asUintN(64, BigInt(given.length)),
    key: given.key,
});
export const noBytes = new Uint8Array(0);
export const guidOf = (guid) => guid === undefined ? null : encodeBytes({ hex: guid });
