// The new name of a rename or a link: FILE_RENAME_INFORMATION and FILE_LINK_INFORMATION, which have
// the same shape.
import { NtStatus } from '../../../contract/windows/index.ts';
import { isLegalName } from '../names.ts';
import { openOf } from '../open.ts';
/** Offset of FileName, after ReplaceIfExists or Flags, RootDirectory and FileNameLength (32-bit). */
export const NEW_NAME_FIXED_BYTES = 12;
/** The name as the caller wrote it, or a status when it does not lie in the buffer. */
export function writtenName(buffer) {
    const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    const length_bytes = view.getUint32(8, true);
    const isWhole = length_bytes > 0 && length_bytes % 2 === 0;
    if (!isWhole || NEW_NAME_FIXED_BYTES + length_bytes > buffer.length) {
        return NtStatus.STATUS_INVALID_PARAMETER;
    }
    let name = '';
    for (let at = 0; at < length_bytes; at += 2) {
        name += String.fromCharCode(view.getUint16(NEW_NAME_FIXED_BYTES + at, true));
    }
    return name;
}
/**
 * Where the new name goes: into the directory that the I/O manager has opened for it, or, for a name
 * without a path, into the directory of the old name. Models: R-IO-10.
 */
export function newNameOf(request) {
    const { buffer, parentOfTarget, open } = request;
    const written = parentOfTarget === null ? writtenName(buffer) : parentOfTarget.fileName;
    if (typeof written === 'number')
        return written;
    if (!isLegalName(written))
        return NtStatus.STATUS_OBJECT_NAME_INVALID;
    const directory = parentOfTarget === null
        ? (open.entry ?? open.file.links[0])?.parent
        : openOf(parentOfTarget).file;
    return directory === undefined || directory === null
        ? NtStatus.STATUS_INVALID_PARAMETER
        : { directory, name: written };
}
