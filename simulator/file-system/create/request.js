// What a create asks for, taken out of its IRP once.
import { assert } from '../../../contract/assert.ts';
import { CreateOption, StackLocation } from '../../../contract/windows/index.ts';
import { currentStackLocation } from '../../io/irp.ts';
import { privilegedRights } from '../security.ts';
export function createRequest(volume, irp, consequences) {
    const { parameters, flags, fileObject } = currentStackLocation(irp);
    assert(parameters.kind === 'create' && fileObject !== null, 'a create has its parameters');
    const has = (option) => (parameters.options & option) !== 0;
    const isForced = (flags & StackLocation.SL_FORCE_ACCESS_CHECK) !== 0;
    const unchecked = irp.requestorMode === 'kernel' && !isForced;
    const { privileges } = irp.thread.process;
    return {
        volume,
        consequences,
        irp,
        fileObject,
        desired: parameters.desiredAccess,
        disposition: parameters.options >>> 24,
        attributes: parameters.fileAttributes,
        share: parameters.shareAccess,
        allocation: parameters.allocationSize,
        unchecked,
        privileged: privilegedRights(privileges, has(CreateOption.FILE_OPEN_FOR_BACKUP_INTENT)),
        checksTraverse: !unchecked && !privileges.has('SeChangeNotifyPrivilege'),
        directoryFile: has(CreateOption.FILE_DIRECTORY_FILE),
        nonDirectoryFile: has(CreateOption.FILE_NON_DIRECTORY_FILE),
        deleteOnClose: has(CreateOption.FILE_DELETE_ON_CLOSE),
        byFileId: has(CreateOption.FILE_OPEN_BY_FILE_ID),
        requiresOplock: has(CreateOption.FILE_OPEN_REQUIRING_OPLOCK),
        reservesFilter: has(CreateOption.FILE_RESERVE_OPFILTER),
        completeIfOplocked: has(CreateOption.FILE_COMPLETE_IF_OPLOCKED),
        oplockKey: fileObject,
        ea: parameters.ea,
        eaKnowledge: !has(CreateOption.FILE_NO_EA_KNOWLEDGE),
        opensReparsePoint: has(CreateOption.FILE_OPEN_REPARSE_POINT),
        caseSensitive: (flags & StackLocation.SL_CASE_SENSITIVE) !== 0,
        openTargetDirectory: (flags & StackLocation.SL_OPEN_TARGET_DIRECTORY) !== 0,
    };
}
