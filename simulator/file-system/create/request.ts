// What a create asks for, taken out of its IRP once.
import { assert } from '../../../contract/assert.ts';
import { CreateOption, StackLocation } from '../../../contract/windows/index.ts';
import type { FileObject } from '../../io/fileObject.ts';
import { currentStackLocation, type Irp } from '../../io/irp.ts';
import type { Consequences } from '../consequences.ts';
import { privilegedRights } from '../security.ts';
import type { FileSystemVolume } from '../volume.ts';

export interface CreateRequest {
  readonly volume: FileSystemVolume;
  readonly consequences: Consequences;
  readonly irp: Irp;
  readonly fileObject: FileObject;
  readonly desired: number;
  readonly disposition: number;
  readonly attributes: number;
  readonly share: number;
  readonly allocation: number;
  /** Kernel mode without SL_FORCE_ACCESS_CHECK. */
  readonly unchecked: boolean;
  /** Rights that the caller's privileges give him. */
  readonly privileged: number;
  /** Every directory on the way has to allow FILE_TRAVERSE: no SeChangeNotifyPrivilege. */
  readonly checksTraverse: boolean;
  readonly directoryFile: boolean;
  readonly nonDirectoryFile: boolean;
  readonly deleteOnClose: boolean;
  readonly byFileId: boolean;
  /** FILE_OPEN_REQUIRING_OPLOCK. */
  readonly requiresOplock: boolean;
  /** FILE_RESERVE_OPFILTER. */
  readonly reservesFilter: boolean;
  /** FILE_COMPLETE_IF_OPLOCKED: does not wait for an oplock that it breaks. */
  readonly completeIfOplocked: boolean;
  /** Opens with this key do not break each other's oplocks. */
  readonly oplockKey: object;
  /** FILE_FULL_EA_INFORMATION list, or empty. */
  readonly ea: Uint8Array;
  /** The caller understands extended attributes. */
  readonly eaKnowledge: boolean;
  /** FILE_OPEN_REPARSE_POINT: the last component is opened whatever it leads to. */
  readonly opensReparsePoint: boolean;
  readonly caseSensitive: boolean;
  readonly openTargetDirectory: boolean;
}

export function createRequest(
  volume: FileSystemVolume,
  irp: Irp,
  consequences: Consequences,
): CreateRequest {
  const { parameters, flags, fileObject } = currentStackLocation(irp);
  assert(parameters.kind === 'create' && fileObject !== null, 'a create has its parameters');
  const has = (option: number): boolean => (parameters.options & option) !== 0;
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
