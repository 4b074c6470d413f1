// NtLockFile and NtUnlockFile.
import {
  AccessMask,
  IrpMajor,
  IrpMinor,
  NtStatus,
  StackLocation as Sl,
} from '../../../contract/windows/index.ts';
import type { IrpParameters } from '../irp.ts';
import { send } from '../serviceTail.ts';
import {
  handleOf,
  service,
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
export const ntLockFile = (context: ServiceContext, args: LockArguments): Promise<NtStatus> =>
  service(context, () => control(context, IrpMinor.IRP_MN_LOCK, args));

/** Models: DDI ZwUnlockFile: one range, exactly as it was locked. */
export const ntUnlockFile = (context: ServiceContext, args: UnlockArguments): Promise<NtStatus> =>
  service(context, () =>
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

const parametersOf = (args: LockArguments): IrpParameters => ({
  kind: 'lock',
  length: Number(args.length),
  key: args.key,
  byteOffset: Number(args.offset),
  failImmediately: args.failImmediately,
  exclusive: args.exclusive,
  exact: { byteOffset: args.offset, length: args.length },
});
