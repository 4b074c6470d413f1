// The new name of a rename or a hard link, as the caller's structure holds it.
import { NtStatus } from '../../contract/windows/index.ts';
/** FILE_RENAME_INFORMATION on 32-bit Windows; FILE_LINK_INFORMATION has the same shape. */
const ROOT_DIRECTORY = 4;
const FILE_NAME_LENGTH = 8;
const FILE_NAME = 12;
/** The whole structure in, or why it is refused. */
export function newNameOf(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const nameLength = view.getUint32(FILE_NAME_LENGTH, true);
    if (nameLength === 0 || nameLength % 2 !== 0 || FILE_NAME + nameLength > bytes.length) {
        return NtStatus.STATUS_INVALID_PARAMETER;
    }
    let name = '';
    for (let at = 0; at < nameLength; at += 2) {
        name += String.fromCharCode(view.getUint16(FILE_NAME + at, true));
    }
    return { name, root: view.getUint32(ROOT_DIRECTORY, true) };
}
