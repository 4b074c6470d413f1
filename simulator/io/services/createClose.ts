// NtCreateFile, NtClose, NtDeleteFile.
import {
  AccessMask,
  CreateOption,
  Disposition,
  FileObjectFlag,
  NtStatus,
} from '../../../contract/windows/index.ts';
import { andThen, type MaybeLater } from '../../kernel/later.ts';
import type { FileObject } from '../fileObject.ts';
import { isSynchronous } from '../fileObjects.ts';
import type { IoCore } from '../ioCore.ts';
import type { OpenRequest } from '../ioManager.ts';
import type { CallerIosb } from '../irpRecord.ts';
import { leaveControlArea, type Section } from '../sections/sectionObject.ts';
import { lockFile, unlockFile } from '../serviceTail.ts';
import { handleOf, processOf, service, writeIosb, type ServiceContext } from './serviceContext.ts';

/** OBJECT_ATTRIBUTES, as far as they matter here. */
export interface ObjectName {
  readonly name: string;
  /** RootDirectory; null when the name is absolute. */
  readonly root: number | null;
  readonly caseSensitive: boolean;
}

export interface CreateArguments {
  readonly object: ObjectName;
  readonly desiredAccess: number;
  readonly shareAccess: number;
  readonly disposition: number;
  readonly options: number;
  readonly fileAttributes: number;
  readonly allocationSize: number;
  readonly ea?: Uint8Array;
  readonly iosb: CallerIosb | null;
  readonly mode?: 'user' | 'kernel';
  readonly locationFlags?: number;
}

export interface CreateResult {
  readonly status: NtStatus;
  /** 0 where the open failed. */
  readonly handle: number;
}

const noEa = new Uint8Array(0);
const SHARE_ALL = 7;

/** Models: on failure neither the handle nor the I/O status block is written. */
export const ntCreateFile = (
  context: ServiceContext,
  args: CreateArguments,
): MaybeLater<CreateResult> => service(context, 'NtCreateFile', args, () => create(context, args));

export function create(context: ServiceContext, args: CreateArguments): MaybeLater<CreateResult> {
  const request = openRequest(context, args);
  if (typeof request === 'number') return { status: request, handle: 0 };
  return andThen(context.io.openFile(request), ({ status, information, fileObject }) => {
    if (fileObject === null) return { status, handle: 0 };
    fileObject.flags |= FileObjectFlag.FO_HANDLE_CREATED;
    const handle = context.handles.insert(processOf(context), fileObject, fileObject.grantedAccess);
    writeIosb(args.iosb, status, information);
    return { status, handle };
  });
}

export function openRequest(
  context: ServiceContext,
  args: CreateArguments,
): OpenRequest | NtStatus {
  const { object } = args;
  let related: FileObject | null = null;
  if (object.root !== null) {
    const root = handleOf(context, object.root, 0);
    if (typeof root === 'number') return root;
    related = root.file;
  }
  return {
    name: object.name,
    related,
    caseSensitive: object.caseSensitive,
    desiredAccess: args.desiredAccess,
    shareAccess: args.shareAccess,
    disposition: args.disposition,
    options: args.options,
    fileAttributes: args.fileAttributes,
    allocationSize: args.allocationSize,
    ea: args.ea ?? noEa,
    requestorMode: args.mode ?? 'user',
    ...(args.locationFlags === undefined ? {} : { locationFlags: args.locationFlags }),
  };
}

/** NtDuplicateObject within a process, with DUPLICATE_SAME_ACCESS. */
export const ntDuplicateObject = (
  context: ServiceContext,
  handle: number,
): MaybeLater<CreateResult> =>
  service(context, 'NtDuplicateObject', { handle }, () => {
    const found = handleOf(context, handle, 0);
    if (typeof found === 'number') return { status: found, handle: 0 };
    const { file, grantedAccess } = found;
    // Each handle holds a reference, which its close gives back.
    context.io.referenceFile(file);
    const made = context.handles.insert(processOf(context), file, grantedAccess);
    return { status: NtStatus.STATUS_SUCCESS, handle: made };
  });

export const ntClose = (context: ServiceContext, handle: number): MaybeLater<NtStatus> =>
  service(context, 'NtClose', { handle }, () => close(context, handle));

export function close({ io, handles }: ServiceContext, handle: number): MaybeLater<NtStatus> {
  const file = handles.remove(io.kernel.scheduler.current.process, handle);
  if (file === null) return NtStatus.STATUS_INVALID_HANDLE;
  if ('area' in file) return closeSection(io, file);
  if ('disconnect' in file) return andThen(file.disconnect(), succeeded);
  return andThen(file.handleCount === 1 ? cleanUp(io, file) : undefined, () => {
    file.handleCount -= 1;
    return andThen(io.dereferenceFile(file), succeeded);
  });
}

const succeeded = (): NtStatus => NtStatus.STATUS_SUCCESS;

/** Models: IopCloseFile waits for the request that runs on a synchronous file object. */
function cleanUp(io: IoCore, file: FileObject): MaybeLater<void> {
  if (!isSynchronous(file)) return io.cleanupFile(file);
  return andThen(lockFile(io, file), () =>
    andThen(io.cleanupFile(file), () => unlockFile(io, file)),
  );
}

function closeSection(io: IoCore, section: Section): NtStatus {
  section.handles -= 1;
  if (section.handles === 0) leaveControlArea(io, section.area);
  return NtStatus.STATUS_SUCCESS;
}

/** Models: DDI ZwDeleteFile: an open for DELETE with FILE_DELETE_ON_CLOSE that ends at once. */
export const ntDeleteFile = (
  context: ServiceContext,
  object: ObjectName,
  mode: 'user' | 'kernel' = 'user',
): MaybeLater<NtStatus> =>
  service(context, 'NtDeleteFile', { mode }, async () => {
    const request = openRequest(context, {
      object,
      desiredAccess: AccessMask.DELETE,
      shareAccess: SHARE_ALL,
      disposition: Disposition.FILE_OPEN,
      options: CreateOption.FILE_DELETE_ON_CLOSE,
      fileAttributes: 0,
      allocationSize: 0,
      iosb: null,
      mode,
    });
    if (typeof request === 'number') return request;
    const { status, fileObject } = await context.io.openFile(request);
    if (fileObject === null) return status;
    await context.io.cleanupFile(fileObject);
    await context.io.dereferenceFile(fileObject);
    return status;
  });
