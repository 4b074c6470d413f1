// NtLockFile and NtUnlockFile.
import {
  AccessMask,
  IrpMajor,
  IrpMinor,
  ntError,
  NtStatus,
  StackLocation as Sl,
} from '../../../contract/windows/index.ts';
import type { MaybeLater } from '../../kernel/later.ts';
import type { FileObject } from '../fileObject.ts';
import { isSynchronous } from '../fileObjects.ts';
import type { IrpParameters } from '../irp.ts';
import { lockFile, send, unlockFile } from '../serviceTail.ts';
import { tryFastIo } from './fastServices.ts';
import {
  handleOf,
  service,
  writeIosb,
  type AsynchronousArguments,
  type ServiceArguments,
  type ServiceContext,
} from './serviceContext.ts';

interface Range {
  readonly offset: bigint;
  readonly length: bigint;
  readonly key: number;
}

export interface LockArguments extends AsynchronousArguments, Range {
  readonly failImmediately: boolean;
  readonly exclusive: boolean;
}

export type UnlockArguments = ServiceArguments & Range;

const MAY_LOCK = AccessMask.FILE_READ_DATA | AccessMask.FILE_WRITE_DATA;

/** Models: DDI ZwLockFile: the handle may read or write; a lock that has to wait stays pending. */
export const ntLockFile = (context: ServiceContext, args: LockArguments): MaybeLater<NtStatus> =>
  service(context, 'NtLockFile', args, () => control(context, IrpMinor.IRP_MN_LOCK, args));

/** Models: DDI ZwUnlockFile: one range, exactly as it was locked. */
export const ntUnlockFile = (
  context: ServiceContext,
  args: UnlockArguments,
): MaybeLater<NtStatus> =>
  service(context, 'NtUnlockFile', args, () =>
    control(context, IrpMinor.IRP_MN_UNLOCK_SINGLE, {
      ...args,
      event: null,
      failImmediately: false,
      exclusive: false,
    }),
  );

async function control(
  context: ServiceContext,
  minorFunction: number,
  args: LockArguments,
): Promise<NtStatus> {
  const found = handleOf(context, args.handle, 0);
  if (typeof found === 'number') return found;
  if ((found.grantedAccess & MAY_LOCK) === 0) return NtStatus.STATUS_ACCESS_DENIED;
  const fast = await controlFast(context, minorFunction, args, found.file);
  if (fast !== null) return fast;
  return send(context.io, {
    file: found.file,
    majorFunction: IrpMajor.IRP_MJ_LOCK_CONTROL,
    minorFunction,
    flags:
      (args.failImmediately ? Sl.SL_FAIL_IMMEDIATELY : 0) |
      (args.exclusive ? Sl.SL_EXCLUSIVE_LOCK : 0),
    parameters: parametersOf(args),
    requestorMode: args.mode ?? 'user',
    buffer: 0,
    length: 0,
    method: 'neither',
    synchronousApi: minorFunction !== IrpMinor.IRP_MN_LOCK,
    iosb: args.iosb,
    event: args.event,
    ...(args.onDelivered === undefined ? {} : { onDelivered: args.onDelivered }),
  });
}

/** Models: FsRtlFastLock and FsRtlFastUnlockSingle. Null: send a request, which may wait. */
async function controlFast(
  { io }: ServiceContext,
  minorFunction: number,
  args: LockArguments,
  file: FileObject,
): Promise<NtStatus | null> {
  const entry = minorFunction === IrpMinor.IRP_MN_LOCK ? 'FastIoLock' : 'FastIoUnlockSingle';
  const synchronous = isSynchronous(file);
  if (synchronous) await lockFile(io, file);
  const { mode = 'user', iosb, event, onDelivered } = args;
  const operation = parametersOf(args);
  const result = await tryFastIo(io, { entry, file, operation, buffer: 0, mode });
  if (synchronous) unlockFile(io, file);
  if (result === null) return null;
  if (!ntError(result.status)) writeIosb(iosb, result.status, result.information);
  event?.set();
  onDelivered?.(false);
  return result.status;
}

const parametersOf = (args: LockArguments): IrpParameters => ({
  kind: 'lock',
  length: Number(args.length),
  key: args.key,
  byteOffset: Number(args.offset),
  failImmediately: args.failImmediately,
  exclusive: args.exclusive,
  exact: { byteOffset: args.offset, length: args.length },
});
