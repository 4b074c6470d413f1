// FileEndOfFileInformation, FileAllocationInformation, FileValidDataLengthInformation and
// FilePositionInformation.
import { NtStatus } from '../../../contract/windows/index.ts';
import { noteModified } from '../modification.ts';
import { breakOplocks } from '../oplocks/oplockCheck.ts';
import { failed, succeeded } from '../outcome.ts';
import { FILE_SIZE_LIMIT, roundUpToCluster } from '../stream.ts';
import { canBeTruncated } from '../mappings.ts';
/** A LARGE_INTEGER at the start of the buffer; undefined when negative or too large for a file. */
function sizeOf(buffer) {
    const value = new DataView(buffer.buffer, buffer.byteOffset).getBigInt64(0, true);
    return value < 0n || value > BigInt(FILE_SIZE_LIMIT) ? undefined : Number(value);
}
const isData = ({ open }) => !(open.isMain && open.file.directory !== null);
export function setEndOfFile(request) {
    const { volume, open, buffer } = request;
    const size = sizeOf(buffer);
    if (size === undefined || !isData(request))
        return failed(NtStatus.STATUS_INVALID_PARAMETER);
    const blocked = breakOplocks(request, open.stream, 'write', open.oplockKey);
    if (blocked !== null)
        return blocked;
    if (size < open.stream.size && !canBeTruncated(open.stream)) {
        return failed(NtStatus.STATUS_USER_MAPPED_FILE);
    }
    const changed = open.stream.size !== size;
    open.stream.setSize(size);
    noteModified(open, changed, volume.kernel.clock.now());
    return succeeded();
}
/** Room for `size` bytes; less than the file has cuts it off. */
export function setAllocation(request) {
    const { volume, open, buffer } = request;
    const size = sizeOf(buffer);
    if (size === undefined || !isData(request))
        return failed(NtStatus.STATUS_INVALID_PARAMETER);
    const { stream } = open;
    const blocked = breakOplocks(request, stream, 'write', open.oplockKey);
    if (blocked !== null)
        return blocked;
    const cut = size < stream.size;
    if (cut && !canBeTruncated(stream))
        return failed(NtStatus.STATUS_USER_MAPPED_FILE);
    if (cut)
        stream.setSize(size);
    stream.allocation = roundUpToCluster(size);
    noteModified(open, cut, volume.kernel.clock.now());
    return succeeded();
}
/** Models: R-IO-18. What becomes valid keeps what lay on the disk; here it reads as zero. */
export function setValidDataLength(request) {
    const { open, buffer, privileges } = request;
    if (!privileges.has('SeManageVolumePrivilege'))
        return failed(NtStatus.STATUS_PRIVILEGE_NOT_HELD);
    const length = sizeOf(buffer);
    const { stream } = open;
    const fits = length !== undefined && length >= stream.validDataLength && length <= stream.size;
    if (!fits || !isData(request))
        return failed(NtStatus.STATUS_INVALID_PARAMETER);
    const blocked = breakOplocks(request, stream, 'write', open.oplockKey);
    if (blocked !== null)
        return blocked;
    stream.validDataLength = length;
    return succeeded();
}
/** Also for asynchronous handles, where nobody uses it. */
export function setPosition({ open, buffer }) {
    const position = sizeOf(buffer);
    if (position === undefined)
        return failed(NtStatus.STATUS_INVALID_PARAMETER);
    open.fileObject.currentByteOffset = position;
    return succeeded();
}
