// IRP_MJ_SET_INFORMATION: one row for each class that NTFS sets.
import { assert } from '../../../contract/assert.ts';
import { FileInformationClass as Class, NtStatus } from '../../../contract/windows/index.ts';
import { currentStackLocation } from '../../io/irp.ts';
import { NotModelledSignal } from '../../kernel/kernel.ts';
import { systemBuffer } from '../buffers.ts';
import { openOf } from '../open.ts';
import { failed } from '../outcome.ts';
import { BASIC_INFORMATION_BYTES, setBasic } from './basic.ts';
import { setDisposition, setDispositionEx } from './disposition.ts';
import { setLink, setLinkEx } from './link.ts';
import { NEW_NAME_FIXED_BYTES } from './newName.ts';
import { setRename, setRenameEx } from './rename.ts';
import { setAllocation, setEndOfFile, setPosition, setValidDataLength } from './sizes.ts';
const posix = (profile) => profile.posixDelete;
const rows = new Map([
    [Class.FileBasicInformation, { length_bytes: BASIC_INFORMATION_BYTES, set: setBasic }],
    [Class.FileRenameInformation, { length_bytes: NEW_NAME_FIXED_BYTES, set: setRename }],
    [Class.FileLinkInformation, { length_bytes: NEW_NAME_FIXED_BYTES, set: setLink }],
    [Class.FileDispositionInformation, { length_bytes: 1, set: setDisposition }],
    [Class.FilePositionInformation, { length_bytes: 8, set: setPosition }],
    [Class.FileAllocationInformation, { length_bytes: 8, set: setAllocation }],
    [Class.FileEndOfFileInformation, { length_bytes: 8, set: setEndOfFile }],
    [Class.FileValidDataLengthInformation, { length_bytes: 8, set: setValidDataLength }],
    [Class.FileDispositionInformationEx, { length_bytes: 4, set: setDispositionEx, exists: posix }],
    [
        Class.FileRenameInformationEx,
        { length_bytes: NEW_NAME_FIXED_BYTES, set: setRenameEx, exists: posix },
    ],
    [
        Class.FileLinkInformationEx,
        { length_bytes: NEW_NAME_FIXED_BYTES, set: setLinkEx, exists: posix },
    ],
]);
/** Classes that Windows sets and the model does not. */
const refused = new Map([
    [Class.FileFullEaInformation, 'extended attributes'],
    [Class.FileCompressionInformation, 'compressed files'],
    [Class.FileCaseSensitiveInformation, 'case-sensitive directories'],
    [40, 'FileShortNameInformation'],
]);
export function setInformation(volume, irp, consequences) {
    const { parameters, fileObject } = currentStackLocation(irp);
    assert(parameters.kind === 'set-information', 'set information has its parameters');
    const { fileInformationClass, length, parentOfTarget } = parameters;
    const row = rows.get(fileInformationClass);
    if (row === undefined || row.exists?.(volume.kernel.profile) === false) {
        const name = refused.get(fileInformationClass);
        if (name !== undefined)
            throw new NotModelledSignal(name);
        return failed(NtStatus.STATUS_INVALID_INFO_CLASS);
    }
    if (length < row.length_bytes)
        return failed(NtStatus.STATUS_INFO_LENGTH_MISMATCH);
    const open = openOf(fileObject);
    if (open.cleanedUp)
        return failed(NtStatus.STATUS_FILE_CLOSED);
    const buffer = systemBuffer(volume.kernel, irp, length);
    const { privileges } = irp.thread.process;
    const what = { fileInformationClass, buffer, parentOfTarget };
    return row.set({ volume, consequences, open, privileges, ...what });
}
