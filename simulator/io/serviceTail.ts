// What every service does once its IRP's parameters are known: lock, send, and wait as the file object
// and the service demand.
// Models: IopSynchronousServiceTail and the "synchronous API" variant of it; R-IO-1, R-IO-20, R-NOTIFY-7.
import { IrpFlag, irpMajorName, NtStatus } from '../../contract/windows/index.ts';
import { leaveWith } from '../kernel/callStack.ts';
import type { KernelEvent } from '../kernel/kernel.ts';
import { andThen, isLater, type MaybeLater } from '../kernel/later.ts';
import type { Thread } from '../kernel/thread.ts';
import { hex } from './completion.ts';
import type { FileObject } from './fileObject.ts';
import { displayNameOf, type FileObjectRecord } from './fileObjectRecord.ts';
import { deviceOf, entryOf, isSynchronous } from './fileObjects.ts';
import type { IoCore } from './ioCore.ts';
import type { IrpParameters } from './irp.ts';
import { newIosb, type CallerIosb, type IrpRecord, type OnDelivered } from './irpRecord.ts';

const DO_BUFFERED_IO = 0x4;
const DO_DIRECT_IO = 0x10;
/** Normal priority (2) plus 1, in bits 17 to 19 (R-IO-22). */
const NORMAL_PRIORITY_HINT = 3 << 17;

/** How the caller's buffer reaches the driver. */
type BufferMethod = 'buffered-input' | 'buffered-output' | 'buffered-both' | 'neither' | 'direct';

const { IRP_BUFFERED_IO, IRP_DEALLOCATE_BUFFER, IRP_INPUT_OPERATION } = IrpFlag;
const bufferFlags: Readonly<Record<BufferMethod, number>> = {
  'buffered-input': IRP_BUFFERED_IO | IRP_DEALLOCATE_BUFFER,
  'buffered-output': IRP_BUFFERED_IO | IRP_DEALLOCATE_BUFFER | IRP_INPUT_OPERATION,
  'buffered-both': IRP_BUFFERED_IO | IRP_DEALLOCATE_BUFFER | IRP_INPUT_OPERATION,
  neither: 0,
  direct: 0,
};

export interface ServiceRequest {
  readonly file: FileObject;
  readonly majorFunction: number;
  readonly minorFunction?: number;
  readonly flags?: number;
  readonly irpFlags?: number;
  readonly parameters: IrpParameters;
  readonly requestorMode: 'user' | 'kernel';
  /** The caller's buffer: 0 for none. */
  readonly buffer: number;
  readonly length: number;
  /** Where a request that has input and output ('buffered-both') puts the latter. */
  readonly output?: { readonly buffer: number; readonly length: number };
  /** 'read' and 'write' are buffered, direct or neither as the device on top demands. */
  readonly method: Exclude<BufferMethod, 'direct'> | 'read' | 'write';
  /** The service waits even when the file object is asynchronous (query, set …). */
  readonly synchronousApi: boolean;
  readonly iosb: CallerIosb | null;
  readonly event: KernelEvent | null;
  readonly onDelivered?: OnDelivered;
}

export function send(io: IoCore, request: ServiceRequest): MaybeLater<NtStatus> {
  const { file } = request;
  if (!isSynchronous(file)) return sendUnlocked(io, request);
  const locked = lockFile(io, file);
  return isLater(locked) ? locked.then(() => sendUnlocked(io, request)) : sendUnlocked(io, request);
}

/** IopAcquireFileObjectLock: one request at a time on a file object opened for synchronous I/O. */
export function lockFile(io: IoCore, file: FileObject): MaybeLater<void> {
  const record = file as FileObjectRecord;
  const { scheduler } = io.kernel;
  if (record.tryTake(scheduler.current)) return;
  return waitForLock(io, record);
}

async function waitForLock({ kernel }: IoCore, record: FileObjectRecord): Promise<void> {
  const holder = record.lockedBy as Thread;
  await kernel.scheduler.waitFor(record, {
    kind: 'file lock',
    what: `file object ${hex(record.address)} (${record.displayName})`,
    holder,
  });
}

export function unlockFile(io: IoCore, file: FileObject): void {
  const record = file as FileObjectRecord;
  const next = record.waiters.shift();
  record.lockedBy = next ?? null;
  if (next !== undefined) io.kernel.scheduler.grant(next);
}

/** For a file object whose lock is held, or that has none. Gives the lock back. */
export function sendUnlocked(io: IoCore, request: ServiceRequest): MaybeLater<NtStatus> {
  const { file, event } = request;
  const synchronousFile = isSynchronous(file);
  event?.reset();
  const top = deviceOf(file);
  const method = methodOf(request, top.ioFlags ?? 0);
  const synchronousApi = request.synchronousApi && !synchronousFile;
  const irp = io.allocateIrp(top, {
    majorFunction: request.majorFunction,
    minorFunction: request.minorFunction ?? 0,
    flags: request.flags ?? 0,
    irpFlags:
      (request.irpFlags ?? 0) |
      (synchronousApi ? IrpFlag.IRP_SYNCHRONOUS_API : 0) |
      (io.kernel.profile.ioPriorityHint ? NORMAL_PRIORITY_HINT : 0) |
      bufferFlags[method],
    parameters: request.parameters,
    fileObject: file,
    requestorMode: request.requestorMode,
    entry: entryOf(file),
    ...buffersOf(io, request, method),
  });
  if (method === 'direct') lockPages(io, irp, request);
  const frame = io.kernel.debug?.enter('nt!IopSynchronousServiceTail', top.address, irp.address);
  // Waiting for a whole service on an asynchronous file object goes by a status block of its own.
  const iosb = synchronousApi ? newIosb() : request.iosb;
  irp.issuer = { fileObject: file, iosb, event, onDelivered: request.onDelivered ?? null };
  io.outstanding.add(irp);
  file.referenceCount += 1;
  const sent = io.callDriver(top, irp);
  const returned = isLater(sent)
    ? sent.then((status) => result(io, irp, request, status))
    : result(io, irp, request, sent);
  return andThen(leaveWith(io.kernel.debug, frame, returned), (status) => {
    if (synchronousFile) unlockFile(io, file);
    if (synchronousApi && iosb?.written === true && request.iosb !== null) {
      Object.assign(request.iosb, iosb);
    }
    return status;
  });
}

/** What the service returns: the final status wherever it waits. */
function result(
  io: IoCore,
  irp: IrpRecord,
  request: ServiceRequest,
  returned: NtStatus,
): MaybeLater<NtStatus> {
  if (returned !== NtStatus.STATUS_PENDING) {
    const isDeferred = (irp.flags & IrpFlag.IRP_DEFER_IO_COMPLETION) !== 0;
    if (isDeferred && !irp.delivered && irp.completed) io.deliverHere(irp);
    return returned;
  }
  if (!isSynchronous(request.file) && !request.synchronousApi) return returned;
  return irp.delivered ? irp.ioStatus.status : waitForResult(io, irp, request);
}

async function waitForResult(
  io: IoCore,
  irp: IrpRecord,
  { file, majorFunction }: ServiceRequest,
): Promise<NtStatus> {
  const { scheduler } = io.kernel;
  irp.deliveredEvent = scheduler.createEvent('notification', false);
  await scheduler.waitForEvent(irp.deliveredEvent, {
    kind: 'request',
    inside: 'nt!IopSynchronousServiceTail',
    what: `completion of ${irpMajorName(majorFunction)} of ${displayNameOf(file)} (IRP ${hex(irp.address)})`,
  });
  return irp.ioStatus.status;
}

function methodOf({ method }: ServiceRequest, ioFlags: number): BufferMethod {
  if (method !== 'read' && method !== 'write') return method;
  if (ioFlags & DO_BUFFERED_IO) return method === 'read' ? 'buffered-output' : 'buffered-input';
  return ioFlags & DO_DIRECT_IO ? 'direct' : 'neither';
}

function buffersOf(
  io: IoCore,
  { buffer, length, output }: ServiceRequest,
  method: BufferMethod,
): { userBuffer?: number; systemBuffer?: number; systemBufferLength?: number } {
  if (method === 'neither' || method === 'direct') return { userBuffer: buffer };
  const { memory, pool } = io.kernel;
  const systemBufferLength = Math.max(length, output?.length ?? 0);
  const systemBuffer =
    systemBufferLength === 0 ? 0 : pool.allocate('nonpaged', systemBufferLength, 'Io  ', 'system');
  if (method === 'buffered-output') return { userBuffer: buffer, systemBuffer, systemBufferLength };
  if (length > 0) memory.bytes(systemBuffer, length).set(memory.bytes(buffer, length));
  return { userBuffer: output?.buffer ?? 0, systemBuffer, systemBufferLength };
}

/**
 * IoAllocateMdl and MmProbeAndLockPages. Differs: there are no page tables, so that the system-space
 * alias is a copy, brought back into the caller's buffer when the request is delivered.
 */
export function lockPages(
  io: IoCore,
  irp: IrpRecord,
  { buffer, length }: Pick<ServiceRequest, 'buffer' | 'length'>,
): void {
  if (length === 0) return;
  const { memory, pool } = io.kernel;
  const address = pool.allocate('nonpaged', length, 'Mdl ', 'system');
  memory.bytes(address, length).set(memory.bytes(buffer, length));
  irp.ownMdl = { address, length };
  irp.mdl = irp.ownMdl;
}
