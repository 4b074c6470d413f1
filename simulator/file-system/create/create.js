// IRP_MJ_CREATE.
import { decodeFullEas } from '../../../contract/extendedAttributes.ts';
import { assert } from '../../../contract/assert.ts';
import { reparseTagOf } from '../../../contract/reparsePoint.ts';
import { CreateResult, NtStatus } from '../../../contract/windows/index.ts';
import { admit, establish } from './admit.ts';
import { createFile, createStream } from './createNew.ts';
import { decide, replaces } from './decisions.ts';
import { fileIdOf, lookUp, lookUpTargetDirectory } from './lookup.ts';
import { divertsOpens } from '../fsControl/reparsePoint.ts';
import { openExisting } from './openExisting.ts';
import { failed, succeeded } from '../outcome.ts';
import { createRequest } from './request.ts';
/**
 * Opens or makes what the file object names. Models: R-IO-3 to 5, 8, 9, 14 to 16, 19.
 * Differs: encryption and opening the volume itself are refused by name.
 */
export function create(volume, irp, consequences) {
    const request = createRequest(volume, irp, consequences);
    const list = request.ea.length === 0 ? [] : decodeFullEas(request.ea);
    if ('badOffset' in list) {
        return { status: NtStatus.STATUS_EA_LIST_INCONSISTENT, information: list.badOffset };
    }
    if (request.openTargetDirectory)
        return openTargetDirectory(request);
    if (request.directoryFile && (request.nonDirectoryFile || replaces(request.disposition))) {
        return failed(NtStatus.STATUS_INVALID_PARAMETER);
    }
    if (request.byFileId)
        return openByFileId(request);
    const target = lookUp(request);
    switch (target.kind) {
        case 'failed':
            return failed(target.status);
        case 'diverted':
            return divert(request, target);
        case 'existing':
            return openName(request, target);
        case 'missing':
            return decide(request.disposition, false) === 'create'
                ? createFile(request, target)
                : failed(NtStatus.STATUS_OBJECT_NAME_NOT_FOUND);
    }
}
function openName(request, target) {
    const { entry, stream: streamName, trailingBackslash } = target;
    const { file } = entry;
    if (streamName?.index === true && file.directory === null) {
        return failed(NtStatus.STATUS_NOT_A_DIRECTORY);
    }
    if (streamName === null || streamName.index === true) {
        return openExisting(request, { stream: file.main, entry, trailingBackslash });
    }
    if (request.directoryFile)
        return failed(NtStatus.STATUS_NOT_A_DIRECTORY);
    // A directory has no unnamed data (R-IO-19).
    if (streamName.name === '' && file.directory !== null) {
        return failed(NtStatus.STATUS_FILE_IS_A_DIRECTORY);
    }
    const stream = file.stream(streamName.name);
    if (stream !== undefined)
        return openExisting(request, { stream, entry, trailingBackslash });
    if (entry.deletePending)
        return failed(NtStatus.STATUS_DELETE_PENDING);
    return decide(request.disposition, false) === 'create'
        ? createStream(request, entry, streamName.name)
        : failed(NtStatus.STATUS_OBJECT_NAME_NOT_FOUND);
}
/**
 * STATUS_REPARSE with the tag, and a copy of the reparse buffer that says how much of the name has not
 * been used. Models: R-REDIRECT-1, 12.
 */
function divert({ irp }, { file, unparsed }) {
    const { reparsePoint } = file;
    assert(reparsePoint !== null, 'only a reparse point diverts an open');
    const buffer = reparsePoint.slice();
    new DataView(buffer.buffer).setUint16(6, 2 * unparsed, true);
    irp.auxiliaryBuffer = buffer;
    return { status: NtStatus.STATUS_REPARSE, information: reparseTagOf(buffer) };
}
/** Models: R-IO-14. */
function openByFileId(request) {
    const { fileObject, volume } = request;
    const id = fileObject.relatedFileObject === null ? undefined : fileIdOf(fileObject.fileName);
    const file = id === undefined ? undefined : volume.byId(id);
    if (file === undefined)
        return failed(NtStatus.STATUS_INVALID_PARAMETER);
    if (divertsOpens(file) && !request.opensReparsePoint) {
        return divert(request, { kind: 'diverted', file, unparsed: 0 });
    }
    return openExisting(request, { stream: file.main, entry: null, trailingBackslash: false });
}
/**
 * SL_OPEN_TARGET_DIRECTORY: opens the parent of the name and leaves the last component as the file
 * object's name. Information says whether that component exists.
 */
function openTargetDirectory(request) {
    const target = lookUpTargetDirectory(request);
    if (typeof target === 'number')
        return failed(target);
    if ('kind' in target)
        return divert(request, target);
    const { entry, name } = target;
    if (entry.deletePending || entry.removed)
        return failed(NtStatus.STATUS_DELETE_PENDING);
    const stream = entry.file.main;
    const admitted = admit(request, {
        stream,
        entry,
        alsoNeeded: 0,
        alsoShared: 0,
        ignoreReadOnly: false,
    });
    if (typeof admitted === 'number')
        return failed(admitted);
    establish(request, stream, entry, admitted);
    request.fileObject.fileName = name;
    const exists = entry.file.directory?.find(name) !== undefined;
    return succeeded(exists ? CreateResult.FILE_EXISTS : CreateResult.FILE_DOES_NOT_EXIST);
}
