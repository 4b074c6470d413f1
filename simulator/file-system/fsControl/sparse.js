// FSCTL_SET_SPARSE and FSCTL_SET_ZERO_DATA. Differs: a sparse file takes as much room as any other.
import { AccessMask, FileAttribute, NtStatus } from '../../../contract/windows/index.ts';
import { noteModified } from '../modification.ts';
import { breakOplocks } from '../oplocks/oplockCheck.ts';
import { failed, succeeded } from '../outcome.ts';
const MAY_SET = AccessMask.FILE_WRITE_DATA | AccessMask.FILE_WRITE_ATTRIBUTES;
const MAY_WRITE = AccessMask.FILE_WRITE_DATA | AccessMask.FILE_APPEND_DATA;
const ZERO_DATA_BYTES = 16;
const isDirectory = ({ isMain, file }) => isMain && file.directory !== null;
/** Without a buffer it sets; FILE_SET_SPARSE_BUFFER says which. */
export function setSparse({ open, input, volume }) {
    if (isDirectory(open))
        return failed(NtStatus.STATUS_INVALID_PARAMETER);
    if ((open.granted & MAY_SET) === 0)
        return failed(NtStatus.STATUS_ACCESS_DENIED);
    const { file } = open;
    if (input[0] === 0)
        file.attributes &= ~FileAttribute.FILE_ATTRIBUTE_SPARSE_FILE;
    else
        file.attributes |= FileAttribute.FILE_ATTRIBUTE_SPARSE_FILE;
    file.times.change = volume.kernel.clock.now();
    return succeeded();
}
/** Zeroes from FileOffset up to BeyondFinalZero, as far as the file goes. */
export function setZeroData(control) {
    const { open, input, volume } = control;
    if (isDirectory(open))
        return failed(NtStatus.STATUS_INVALID_PARAMETER);
    if ((open.granted & MAY_WRITE) === 0)
        return failed(NtStatus.STATUS_ACCESS_DENIED);
    if (input.length < ZERO_DATA_BYTES)
        return failed(NtStatus.STATUS_INVALID_PARAMETER);
    const view = new DataView(input.buffer, input.byteOffset);
    const from = view.getBigInt64(0, true);
    const beyond = view.getBigInt64(8, true);
    if (from < 0n || beyond < from)
        return failed(NtStatus.STATUS_INVALID_PARAMETER);
    const { stream } = open;
    const blocked = breakOplocks(control, stream, 'write', open.oplockKey);
    if (blocked !== null)
        return blocked;
    const end = Math.min(Number(beyond), stream.size);
    if (Number(from) >= end)
        return succeeded();
    stream.write(Number(from), new Uint8Array(end - Number(from)));
    noteModified(open, false, volume.kernel.clock.now());
    return succeeded();
}
