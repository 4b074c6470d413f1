// A create that makes something: a file, a directory, a named stream.
import { AccessAlias, AccessMask, CreateResult, FileAction, FileAttribute, FileNotifyChange, NtStatus, } from '../../../contract/windows/index.ts';
import { decodeFullEas } from '../../../contract/extendedAttributes.ts';
import { NotModelledSignal } from '../../kernel/kernel.ts';
import { EaSet } from '../extendedAttributes/eaSet.ts';
import { checkAccess } from '../security.ts';
import { sharingOf } from '../shareAccess.ts';
import { roundUpToCluster } from '../stream.ts';
import { establish, grantAccess, isReadOnlyFile } from './admit.ts';
import { failed, succeeded } from '../outcome.ts';
/** Attributes that a create may set; the others are ignored, or tell about the file. */
const SETTABLE = FileAttribute.FILE_ATTRIBUTE_READONLY |
    FileAttribute.FILE_ATTRIBUTE_HIDDEN |
    FileAttribute.FILE_ATTRIBUTE_SYSTEM |
    FileAttribute.FILE_ATTRIBUTE_ARCHIVE |
    FileAttribute.FILE_ATTRIBUTE_TEMPORARY |
    FileAttribute.FILE_ATTRIBUTE_OFFLINE |
    FileAttribute.FILE_ATTRIBUTE_NOT_CONTENT_INDEXED;
/** Models: R-IO-16. Files get ARCHIVE, directories do not; FILE_ATTRIBUTE_DIRECTORY says nothing. */
export function newAttributes(requested, isDirectory) {
    if ((requested & FileAttribute.FILE_ATTRIBUTE_ENCRYPTED) !== 0) {
        throw new NotModelledSignal('encrypted files');
    }
    const settable = requested & SETTABLE;
    return isDirectory ? settable : settable | FileAttribute.FILE_ATTRIBUTE_ARCHIVE;
}
/** The list that a new or replaced file gets, or why it gets none: checked before anything changes. */
export function newExtendedAttributes({ ea, eaKnowledge, }) {
    if (ea.length === 0)
        return [];
    if (!eaKnowledge)
        return NtStatus.STATUS_ACCESS_DENIED;
    const list = decodeFullEas(ea);
    if ('badOffset' in list)
        return NtStatus.STATUS_EA_LIST_INCONSISTENT;
    const status = new EaSet().set(list);
    return status === NtStatus.STATUS_SUCCESS ? list : status;
}
/** Nothing has this name yet: makes the file or directory, and the stream where one is named. */
export function createFile(request, place) {
    const { volume, consequences } = request;
    const { parent, name, stream: streamName } = place;
    const isDirectory = request.directoryFile;
    const refusal = refuseNew(request, place);
    if (refusal !== null)
        return failed(refusal);
    const attributes = newAttributes(request.attributes, isDirectory);
    const eas = newExtendedAttributes(request);
    if (typeof eas === 'number')
        return failed(eas);
    const file = volume.createFile(parent, isDirectory, attributes);
    file.extendedAttributes.set(eas);
    const entry = volume.addName(file, parent, name);
    reportAdded(request, entry);
    const stream = streamName === null || streamName.name === '' ? file.main : null;
    if (stream !== null)
        stream.allocation = roundUpToCluster(request.allocation);
    openNew(request, stream ?? makeStream(request, entry, streamName?.name ?? ''), entry);
    consequences.reportDirectoryTimes(parent.links[0]);
    return succeeded(CreateResult.FILE_CREATED);
}
/** The file is there, its stream is not (R-IO-19). Access is the file's: a stream has none. */
export function createStream(request, entry, name) {
    const { file } = entry;
    if (isReadOnlyFile(file))
        return failed(NtStatus.STATUS_ACCESS_DENIED);
    const admitted = grantAccess(request, {
        stream: file.main,
        entry,
        alsoNeeded: AccessMask.FILE_WRITE_DATA,
        ignoreReadOnly: false,
    });
    if (typeof admitted === 'number')
        return failed(admitted);
    establish(request, makeStream(request, entry, name), entry, admitted);
    return succeeded(CreateResult.FILE_CREATED);
}
function refuseNew(request, { parent, stream, trailingBackslash }) {
    const isDirectory = request.directoryFile;
    if (stream?.index === true)
        return NtStatus.STATUS_OBJECT_NAME_INVALID;
    if (isDirectory && stream !== null)
        return NtStatus.STATUS_NOT_A_DIRECTORY;
    if (trailingBackslash && !isDirectory)
        return NtStatus.STATUS_OBJECT_NAME_INVALID;
    // Grade I: a directory that is going away takes no new names.
    if (parent.links[0]?.deletePending === true)
        return NtStatus.STATUS_DELETE_PENDING;
    if (parent.links.length === 0)
        return NtStatus.STATUS_DELETE_PENDING;
    const readOnly = (request.attributes & FileAttribute.FILE_ATTRIBUTE_READONLY) !== 0;
    if (request.deleteOnClose && readOnly && !isDirectory)
        return NtStatus.STATUS_CANNOT_DELETE;
    const beyond = refuseRights(request);
    if (beyond !== null)
        return beyond;
    const answer = checkAccess({
        desired: isDirectory ? AccessAlias.FILE_ADD_SUBDIRECTORY : AccessAlias.FILE_ADD_FILE,
        alsoNeeded: 0,
        dacl: parent.dacl,
        parentDacl: null,
        withheld: 0,
        privileged: request.privileged,
        unchecked: request.unchecked,
    });
    return 'status' in answer ? answer.status : null;
}
const RIGHTS = AccessAlias.FILE_ALL_ACCESS | AccessMask.ACCESS_SYSTEM_SECURITY | AccessMask.MAXIMUM_ALLOWED;
/** Rights that no file has, and the one that takes a privilege. */
function refuseRights({ desired, privileged, unchecked }) {
    if (unchecked)
        return null;
    if ((desired & ~RIGHTS) !== 0)
        return NtStatus.STATUS_ACCESS_DENIED;
    const audits = (desired & ~privileged & AccessMask.ACCESS_SYSTEM_SECURITY) !== 0;
    return audits ? NtStatus.STATUS_PRIVILEGE_NOT_HELD : null;
}
function makeStream(request, entry, name) {
    const stream = entry.file.addStream(name);
    stream.allocation = roundUpToCluster(request.allocation);
    request.consequences.report(entry, {
        streamName: name,
        action: FileAction.FILE_ACTION_ADDED_STREAM,
        filterMatch: FileNotifyChange.FILE_NOTIFY_CHANGE_STREAM_NAME,
        rules: ['R-NOTIFY-46'],
    });
    return stream;
}
function reportAdded(request, entry) {
    const isDirectory = entry.file.directory !== null;
    request.consequences.report(entry, {
        action: FileAction.FILE_ACTION_ADDED,
        filterMatch: isDirectory
            ? FileNotifyChange.FILE_NOTIFY_CHANGE_DIR_NAME
            : FileNotifyChange.FILE_NOTIFY_CHANGE_FILE_NAME,
        rules: ['R-NOTIFY-31'],
    });
}
/** Whoever makes a file gets what he asks for, whatever the file's own access control says. */
function openNew(request, stream, entry) {
    const { desired, share } = request;
    const isMaximum = (desired & AccessMask.MAXIMUM_ALLOWED) !== 0;
    const asked = desired & ~AccessMask.MAXIMUM_ALLOWED;
    const granted = (isMaximum ? asked | AccessAlias.FILE_ALL_ACCESS : asked) >>> 0;
    establish(request, stream, entry, { granted, sharing: sharingOf(granted, share) });
}
