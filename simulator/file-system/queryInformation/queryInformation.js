// IRP_MJ_QUERY_INFORMATION: one row for each class that NTFS answers.
import { assert } from '../../../contract/assert.ts';
import { FileInformationClass as Class, NtStatus } from '../../../contract/windows/index.ts';
import { currentStackLocation } from '../../io/irp.ts';
import { NotModelledSignal } from '../../kernel/kernel.ts';
import { systemBuffer } from '../buffers.ts';
import { openOf } from '../open.ts';
import { failed, succeeded } from '../outcome.ts';
import * as classes from './classes.ts';
const posix = (profile) => profile.posixDelete;
// A class that came with Windows 8 is there from 8.1 on: 8 has no profile.
const rows = new Map([
    [Class.FileBasicInformation, { encode: classes.basic }],
    [Class.FileStandardInformation, { encode: classes.standard }],
    [Class.FileInternalInformation, { encode: classes.internal }],
    [Class.FileEaInformation, { encode: classes.ea }],
    [Class.FileAccessInformation, { encode: classes.access }],
    [Class.FileNameInformation, { encode: classes.name, least_bytes: 8 }],
    [Class.FilePositionInformation, { encode: classes.position }],
    [Class.FileModeInformation, { encode: classes.mode }],
    [Class.FileAlignmentInformation, { encode: classes.alignment }],
    [Class.FileAllInformation, { encode: classes.all, least_bytes: 104 }],
    [Class.FileStreamInformation, { encode: classes.streams, least_bytes: 24 }],
    [Class.FileCompressionInformation, { encode: classes.compression }],
    [Class.FileNetworkOpenInformation, { encode: classes.networkOpen }],
    [Class.FileAttributeTagInformation, { encode: classes.attributeTag }],
    [Class.FileHardLinkInformation, { encode: classes.hardLinks, least_bytes: 8, since: '6.0' }],
    [Class.FileNormalizedNameInformation, { encode: classes.name, least_bytes: 8, since: '6.0' }],
    [Class.FileStandardLinkInformation, { encode: classes.standardLink, since: '6.1' }],
    [Class.FileIdInformation, { encode: classes.id, since: '6.3' }],
    [Class.FileStatInformation, { encode: classes.stat, exists: posix }],
]);
const tellsName = new Set([
    Class.FileNameInformation,
    Class.FileNormalizedNameInformation,
]);
/** Classes that Windows answers and the model does not. */
const refused = new Map([
    [Class.FileFullEaInformation, 'extended attributes'],
    [Class.FileCaseSensitiveInformation, 'case-sensitive directories'],
    [29, 'object identifiers'],
    [33, 'reparse points'],
]);
export function queryInformation(volume, irp) {
    const { parameters, fileObject } = currentStackLocation(irp);
    assert(parameters.kind === 'query-information', 'query information has its parameters');
    const { fileInformationClass, length } = parameters;
    const open = openOf(fileObject);
    // Nothing has a short name here.
    if (fileInformationClass === Class.FileAlternateNameInformation) {
        return failed(NtStatus.STATUS_OBJECT_NAME_NOT_FOUND);
    }
    const row = rows.get(fileInformationClass);
    if (row === undefined || !isThere(row, volume.kernel.profile)) {
        const name = refused.get(fileInformationClass);
        if (name !== undefined)
            throw new NotModelledSignal(name);
        return failed(NtStatus.STATUS_INVALID_INFO_CLASS);
    }
    // The name of a file that was opened by its id would show directories on the way (R-IO-14).
    const mayPass = irp.thread.process.privileges.has('SeChangeNotifyPrivilege');
    if (tellsName.has(fileInformationClass) && open.entry === null && !mayPass) {
        return failed(NtStatus.STATUS_ACCESS_DENIED);
    }
    const { bytes } = row.encode(open);
    if (length < (row.least_bytes ?? bytes.length)) {
        return failed(NtStatus.STATUS_INFO_LENGTH_MISMATCH);
    }
    const count = Math.min(length, bytes.length);
    systemBuffer(volume.kernel, irp, count).set(bytes.subarray(0, count));
    if (count === bytes.length)
        return succeeded(count);
    return { status: NtStatus.STATUS_BUFFER_OVERFLOW, information: count };
}
function isThere({ since, exists }, profile) {
    if (exists !== undefined)
        return exists(profile);
    return since === undefined || Number(profile.version) >= Number(since);
}
