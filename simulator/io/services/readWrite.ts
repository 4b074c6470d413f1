// NtReadFile, NtWriteFile, NtFlushBuffersFile.
import {
  AccessMask,
  FileObjectFlag,
  IrpFlag,
  IrpMajor,
  NtStatus,
} from '../../../contract/windows/index.ts';
import { andThen, isLater, type MaybeLater } from '../../kernel/later.ts';
import type { FileObject } from '../fileObject.ts';
import { isSynchronous } from '../fileObjects.ts';
import type { Handle } from '../handleTables.ts';
import type { IrpParameters } from '../irp.ts';
import { lockFile, send, sendUnlocked, unlockFile } from '../serviceTail.ts';
import { tryFastIo } from './fastServices.ts';
import {
  because,
  handleOf,
  service,
  writeIosb,
  type AsynchronousArguments,
  type ServiceArguments,
  type ServiceContext,
} from './serviceContext.ts';

export interface TransferArguments extends AsynchronousArguments {
  readonly buffer: number;
  readonly length: number;
  /** Null where the caller gave no ByteOffset. */
  readonly offset: number | null;
  readonly key?: number;
}

type Transfer = Extract<IrpParameters, { kind: 'read' | 'write' }>;

/** FILE_WRITE_TO_END_OF_FILE and FILE_USE_FILE_POINTER_POSITION as 64-bit offsets. */
const TO_END_OF_FILE = -1;
const AT_POSITION = -2;
const { FILE_READ_DATA, FILE_WRITE_DATA, FILE_APPEND_DATA } = AccessMask;

const kinds = {
  read: {
    majorFunction: IrpMajor.IRP_MJ_READ,
    irpFlags: IrpFlag.IRP_READ_OPERATION | IrpFlag.IRP_DEFER_IO_COMPLETION,
  },
  write: {
    majorFunction: IrpMajor.IRP_MJ_WRITE,
    irpFlags: IrpFlag.IRP_WRITE_OPERATION | IrpFlag.IRP_DEFER_IO_COMPLETION,
  },
} as const;

export const ntReadFile = (
  context: ServiceContext,
  args: TransferArguments,
): MaybeLater<NtStatus> =>
  service(context, 'NtReadFile', args, () => transfer(context, 'read', args));

export const ntWriteFile = (
  context: ServiceContext,
  args: TransferArguments,
): MaybeLater<NtStatus> =>
  service(context, 'NtWriteFile', args, () => transfer(context, 'write', args));

/** Models: R-IO-17 (offsets), R-IO-20; fast I/O for cached, synchronous file objects. */
function transfer(
  context: ServiceContext,
  kind: 'read' | 'write',
  args: TransferArguments,
): MaybeLater<NtStatus> {
  const found = handleOf(context, args.handle, kind === 'read' ? FILE_READ_DATA : 0);
  if (typeof found === 'number') return found;
  if (kind === 'write' && !mayWrite(found)) return NtStatus.STATUS_ACCESS_DENIED;
  const { file } = found;
  // Only where the service itself would write does it probe for more than the range of the address.
  const isProbed = kind === 'read' && args.mode !== 'kernel' && args.length > 0;
  if (isProbed && args.buffer === 0) return NtStatus.STATUS_ACCESS_VIOLATION;
  const offset = kind === 'write' && appendsOnly(found) ? TO_END_OF_FILE : args.offset;
  const refusal = refuseOffset(file, kind, offset);
  if (refusal !== null) return because(context, refusal, 'R-IO-17');
  const locked = isSynchronous(file) ? lockFile(context.io, file) : undefined;
  return isLater(locked)
    ? locked.then(() => transferLocked(context, { kind, file, offset }, args))
    : transferLocked(context, { kind, file, offset }, args);
}

interface Move {
  readonly kind: 'read' | 'write';
  readonly file: FileObject;
  readonly offset: number | null;
}

/** The file object's lock is held, where it has one. */
function transferLocked(
  context: ServiceContext,
  { kind, file, offset }: Move,
  args: TransferArguments,
): MaybeLater<NtStatus> {
  const byteOffset = offset === null || offset === AT_POSITION ? file.currentByteOffset : offset;
  const operation: Transfer = { kind, length: args.length, key: args.key ?? 0, byteOffset };
  if (!isSynchronous(file) || file.privateCacheMap === null) {
    return sendTransfer(context, file, operation, args);
  }
  return andThen(tryFast(context, file, operation, args), (done) => {
    if (done === null) return sendTransfer(context, file, operation, args);
    unlockFile(context.io, file);
    return done;
  });
}

function sendTransfer(
  { io }: ServiceContext,
  file: FileObject,
  operation: Transfer,
  args: TransferArguments,
): MaybeLater<NtStatus> {
  const { kind } = operation;
  const uncached = (file.flags & FileObjectFlag.FO_NO_INTERMEDIATE_BUFFERING) !== 0;
  return sendUnlocked(io, {
    file,
    majorFunction: kinds[kind].majorFunction,
    irpFlags: kinds[kind].irpFlags | (uncached ? IrpFlag.IRP_NOCACHE : 0),
    parameters: operation,
    requestorMode: args.mode ?? 'user',
    buffer: args.buffer,
    length: args.length,
    method: kind,
    synchronousApi: false,
    iosb: args.iosb,
    event: args.event,
    ...(args.onDelivered === undefined ? {} : { onDelivered: args.onDelivered }),
  });
}

const mayWrite = ({ grantedAccess }: Handle): boolean =>
  (grantedAccess & (FILE_WRITE_DATA | FILE_APPEND_DATA)) !== 0;

const appendsOnly = ({ grantedAccess }: Handle): boolean =>
  (grantedAccess & (FILE_WRITE_DATA | FILE_APPEND_DATA)) === FILE_APPEND_DATA;

/** Models: R-IO-17: an asynchronous handle keeps no position; negative offsets are special or wrong. */
function refuseOffset(
  file: FileObject,
  kind: 'read' | 'write',
  offset: number | null,
): NtStatus | null {
  const ownPosition = offset === null || offset === AT_POSITION;
  if (ownPosition) return isSynchronous(file) ? null : NtStatus.STATUS_INVALID_PARAMETER;
  if (offset >= 0 || (kind === 'write' && offset === TO_END_OF_FILE)) return null;
  return NtStatus.STATUS_INVALID_PARAMETER;
}

const entries = { read: 'FastIoRead', write: 'FastIoWrite' } as const;

/** The statuses of a fast transfer that the service accepts; with any other it sends a request. */
const accepted: ReadonlySet<NtStatus> = new Set([
  NtStatus.STATUS_SUCCESS,
  NtStatus.STATUS_BUFFER_OVERFLOW,
  NtStatus.STATUS_END_OF_FILE,
]);

function tryFast(
  { io }: ServiceContext,
  file: FileObject,
  operation: Transfer,
  { buffer, iosb, event, onDelivered, mode = 'user' }: TransferArguments,
): MaybeLater<NtStatus | null> {
  const entry = entries[operation.kind];
  return andThen(tryFastIo(io, { entry, file, operation, buffer, mode }), (result) => {
    if (result === null || !accepted.has(result.status)) return null;
    // A read at the end of the file included: no request has failed.
    writeIosb(iosb, result.status, result.information);
    event?.set();
    onDelivered?.(false);
    return result.status;
  });
}

export const ntFlushBuffersFile = (
  context: ServiceContext,
  args: ServiceArguments,
): MaybeLater<NtStatus> =>
  service(context, 'NtFlushBuffersFile', args, () => {
    const found = handleOf(context, args.handle, 0);
    if (typeof found === 'number') return found;
    if (!mayWrite(found)) return NtStatus.STATUS_ACCESS_DENIED;
    return send(context.io, {
      file: found.file,
      majorFunction: IrpMajor.IRP_MJ_FLUSH_BUFFERS,
      parameters: { kind: 'none' },
      requestorMode: args.mode ?? 'user',
      buffer: 0,
      length: 0,
      method: 'neither',
      synchronousApi: true,
      iosb: args.iosb,
      event: null,
    });
  });
