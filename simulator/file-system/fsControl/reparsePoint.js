// FSCTL_SET_REPARSE_POINT, FSCTL_GET_REPARSE_POINT, FSCTL_DELETE_REPARSE_POINT.
// Models: R-REDIRECT-48 to 53.
import { decodeReparseName, headerBytes, REPARSE_GUID_HEADER_BYTES, REPARSE_HEADER_BYTES, reparseTagOf, } from '../../../contract/reparsePoint.ts';
import { AccessMask, FileAttribute, NtStatus, ReparseTag, } from '../../../contract/windows/index.ts';
import { failed, succeeded } from '../outcome.ts';
const MAXIMUM_REPARSE_DATA_BUFFER_SIZE = 16 * 1024;
/** A directory with such a tag may have children, and opens go past it (R-REDIRECT-52). */
const DIRECTORY_BIT = 0x1000_0000;
/** Tags 0 and 1 mean IO_REPARSE and IO_REMOUNT. */
const RESERVED_TAGS = 1;
const MAY_CHANGE = AccessMask.FILE_WRITE_DATA | AccessMask.FILE_WRITE_ATTRIBUTES;
const { IO_REPARSE_TAG_SYMLINK, IO_REPARSE_TAG_MOUNT_POINT } = ReparseTag;
/** Whether an open by this name leads elsewhere or nowhere, instead of to the file. */
export const divertsOpens = ({ reparsePoint, directory }) => reparsePoint !== null &&
    !(directory !== null && (reparseTagOf(reparsePoint) & DIRECTORY_BIT) !== 0);
export function setReparsePoint(request) {
    const { open, input, volume } = request;
    const { file } = open;
    const refusal = refuseAccess(open) ??
        refuseBuffer(input, false) ??
        refuseSymlink(request) ??
        refuseFile(open, input);
    if (refusal !== null)
        return failed(refusal);
    if (file.reparsePoint !== null) {
        const mismatch = differs(file.reparsePoint, input);
        if (mismatch !== null)
            return failed(mismatch);
    }
    file.reparsePoint = input.slice();
    file.attributes |= FileAttribute.FILE_ATTRIBUTE_REPARSE_POINT;
    file.times.change = volume.kernel.clock.now();
    return succeeded();
}
const refuseAccess = ({ granted }) => (granted & MAY_CHANGE) === 0 ? NtStatus.STATUS_ACCESS_DENIED : null;
/** The lengths must agree; a tag that is not Microsoft's brings its GUID (R-REDIRECT-51). */
function refuseBuffer(input, withoutData) {
    const wrong = NtStatus.STATUS_IO_REPARSE_DATA_INVALID;
    if (input.length < REPARSE_HEADER_BYTES)
        return wrong;
    if (input.length > MAXIMUM_REPARSE_DATA_BUFFER_SIZE)
        return wrong;
    const tag = reparseTagOf(input);
    if (tag <= RESERVED_TAGS)
        return NtStatus.STATUS_IO_REPARSE_TAG_INVALID;
    const data_bytes = new DataView(input.buffer, input.byteOffset).getUint16(4, true);
    if (input.length !== headerBytes(tag) + data_bytes)
        return wrong;
    return withoutData && data_bytes !== 0 ? wrong : null;
}
/** Symbolic links exist from Vista on; before, their tag was one as any other. */
function refuseSymlink({ irp, input, volume }) {
    if (reparseTagOf(input) !== IO_REPARSE_TAG_SYMLINK)
        return null;
    if (!volume.kernel.profile.symbolicLinks)
        return null;
    const mayLink = irp.thread.process.privileges.has('SeCreateSymbolicLinkPrivilege');
    return mayLink ? null : NtStatus.STATUS_PRIVILEGE_NOT_HELD;
}
/** What the file has to be for this tag (R-REDIRECT-49, 50, 52). */
function refuseFile({ file, isMain }, input) {
    const tag = reparseTagOf(input);
    const isDirectory = isMain && file.directory !== null;
    if (tag === IO_REPARSE_TAG_MOUNT_POINT && !isDirectory)
        return NtStatus.STATUS_NOT_A_DIRECTORY;
    // Choice: the source says it of mount points only.
    if (!isMain)
        return NtStatus.STATUS_INVALID_PARAMETER;
    const names = tag === IO_REPARSE_TAG_MOUNT_POINT || tag === IO_REPARSE_TAG_SYMLINK;
    if (names && decodeReparseName(input) === undefined) {
        return NtStatus.STATUS_IO_REPARSE_DATA_INVALID;
    }
    if (isDirectory && file.directory?.isEmpty === false && (tag & DIRECTORY_BIT) === 0) {
        return NtStatus.STATUS_DIRECTORY_NOT_EMPTY;
    }
    const hasData = tag === IO_REPARSE_TAG_SYMLINK && file.main.size > 0;
    return hasData ? NtStatus.STATUS_IO_REPARSE_DATA_INVALID : null;
}
/** A reparse point gives way to one of its own tag and GUID only (R-REDIRECT-50, 51). */
function differs(there, input) {
    const tag = reparseTagOf(there);
    if (reparseTagOf(input) !== tag)
        return NtStatus.STATUS_IO_REPARSE_TAG_MISMATCH;
    const guid = (bytes) => bytes.subarray(REPARSE_HEADER_BYTES, REPARSE_GUID_HEADER_BYTES).join();
    const hasGuid = headerBytes(tag) === REPARSE_GUID_HEADER_BYTES;
    return hasGuid && guid(there) !== guid(input) ? NtStatus.STATUS_REPARSE_ATTRIBUTE_CONFLICT : null;
}
/** As much as fits, where at least the header does. */
export function getReparsePoint({ open, output }) {
    const { reparsePoint } = open.file;
    if (reparsePoint === null)
        return failed(NtStatus.STATUS_NOT_A_REPARSE_POINT);
    if (output.length < headerBytes(reparseTagOf(reparsePoint))) {
        return failed(NtStatus.STATUS_BUFFER_TOO_SMALL);
    }
    const count = Math.min(output.length, reparsePoint.length);
    output.set(reparsePoint.subarray(0, count));
    if (count === reparsePoint.length)
        return succeeded(count);
    return { status: NtStatus.STATUS_BUFFER_OVERFLOW, information: count };
}
export function deleteReparsePoint({ open, input, volume }) {
    const { file } = open;
    const refusal = refuseAccess(open) ?? refuseBuffer(input, true);
    if (refusal !== null)
        return failed(refusal);
    if (file.reparsePoint === null)
        return failed(NtStatus.STATUS_NOT_A_REPARSE_POINT);
    const mismatch = differs(file.reparsePoint, input);
    if (mismatch !== null)
        return failed(mismatch);
    removeReparsePoint(file);
    file.times.change = volume.kernel.clock.now();
    return succeeded();
}
export function removeReparsePoint(file) {
    file.reparsePoint = null;
    file.attributes &= ~FileAttribute.FILE_ATTRIBUTE_REPARSE_POINT;
}
