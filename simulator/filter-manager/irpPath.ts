// An IRP at a frame's device: pre-operations down, the driver below, post-operations up, in whatever
// thread each of these runs.
//
// Who may run a post-operation: any thread that completes the request (R-FLT-20), except where some
// thread waits for the completion to come up to it, a *wait point*: the thread whose pre-operation
// returned SYNCHRONIZE, and for every create the thread that sent it. A completion stops at a wait
// point and the waiting thread goes on from there. Wait points form a stack, innermost (lowest) last.
import { IrpMajor, NtStatus } from '../../contract/windows/index.ts';
import { currentStackLocation, type CompletionVerdict, type Irp } from '../io/irp.ts';
import { leaveWith } from '../kernel/callStack.ts';
import { andThen, isLater, type MaybeLater } from '../kernel/later.ts';
import type { Scheduler } from '../kernel/kernel.ts';
import type { Operation, WaitPoint } from './callbackData.ts';
import type { FltVolume } from './filter.ts';
import { ascend, takeResult, type Ascent } from './postOperation.ts';
import { beginOperation, endOperation, instancesFor, wantedBy, type Context } from './operation.ts';
import { descend, type Descent } from './preOperation.ts';
import { iopbFromIrp, putIntoIrp } from './parameters.ts';

/** The dispatch routine of a frame's device, for every major function. */
export function dispatchIrp(
  context: Context,
  volume: FltVolume,
  irp: Irp,
): NtStatus | Promise<NtStatus> {
  const below = volume.device.lower;
  if (below === null) return NtStatus.STATUS_INVALID_DEVICE_REQUEST;
  const iopb = iopbFromIrp(irp);
  const instances = instancesFor(volume, irp);
  if (!instances.some((instance) => wantedBy(instance, iopb, 'irp') !== undefined)) {
    context.io.skipCurrentLocation(irp);
    return context.io.callDriver(below, irp);
  }
  const operation = beginOperation(context, volume, { irp });
  if (iopb.majorFunction === IrpMajor.IRP_MJ_CREATE) pushCreateWait(context, operation);
  return carry(context, operation, irp, 0);
}

/** IRP_MJ_CLOSE: the same, and then whatever filters hung onto the open goes. */
export function dispatchClose(context: Context, volume: FltVolume, irp: Irp): MaybeLater<NtStatus> {
  const file = currentStackLocation(irp).fileObject;
  const stream = file?.fsContext ?? null;
  return andThen(dispatchIrp(context, volume, irp), (status) =>
    file === null ? status : andThen(context.onFileClosed?.(file, stream), () => status),
  );
}

/** Everything above the file system happens in the thread that sent the create (R-FLT-20). */
function pushCreateWait({ kernel }: Context, operation: Operation): void {
  const event = kernel.scheduler.createEvent('notification', false);
  operation.waitPoints.push({ event, nodeIndex: Number.POSITIVE_INFINITY });
}

/**
 * Takes an operation on from where it stands, in the current thread, to the end or to the next hold.
 * Wait points from index `owned` on are this thread's. Returns what a dispatch routine returns.
 */
export function carry(
  context: Context,
  operation: Operation,
  irp: Irp,
  owned: number,
): MaybeLater<NtStatus> {
  const carried = carryOn(context, operation, irp, owned);
  return isLater(carried)
    ? carried.then((status) => tellStatus(operation, status))
    : tellStatus(operation, carried);
}

function tellStatus(operation: Operation, status: NtStatus): MaybeLater<NtStatus> {
  return operation.statusCallbacks.length === 0 ? status : callStatusCallbacks(operation, status);
}

/** Whoever asked last is the lowest, and is told first (R-NOTIFY-64). */
async function callStatusCallbacks(operation: Operation, status: NtStatus): Promise<NtStatus> {
  for (const tell of operation.statusCallbacks.splice(0).reverse()) await tell(status);
  return status;
}

function carryOn(
  context: Context,
  operation: Operation,
  irp: Irp,
  owned: number,
): MaybeLater<NtStatus> {
  const { debug } = context.kernel;
  const frame = debug?.enter('fltmgr!FltpPassThrough', operation.address, irp.address);
  return leaveWith(debug, frame, passThrough(context, operation, irp, owned));
}

function passThrough(
  context: Context,
  operation: Operation,
  irp: Irp,
  owned: number,
): MaybeLater<NtStatus> {
  const descent = descend(context, operation);
  return isLater(descent)
    ? descent.then((reached) => goOn(context, operation, irp, owned, reached))
    : goOn(context, operation, irp, owned, descent);
}

function goOn(
  context: Context,
  operation: Operation,
  irp: Irp,
  owned: number,
  descent: Descent,
): MaybeLater<NtStatus> {
  if (descent === 'pended') {
    notePending(context, operation, irp);
    return settle(context, operation, irp, owned, 'held');
  }
  if (descent === 'completed') {
    return andThen(ascend(context, operation), (ascent) =>
      settle(context, operation, irp, owned, ascent),
    );
  }
  const sent = sendBelow(context, operation, irp);
  return isLater(sent)
    ? sent.then((status) => cameBack(context, operation, irp, owned, status))
    : cameBack(context, operation, irp, owned, sent);
}

/** The driver below has returned. */
function cameBack(
  context: Context,
  operation: Operation,
  irp: Irp,
  owned: number,
  status: NtStatus,
): MaybeLater<NtStatus> {
  if (operation.waitPoints.length > owned) {
    return settle(context, operation, irp, owned, 'handed-over');
  }
  if (operation.markedPending) return NtStatus.STATUS_PENDING;
  return operation.finalStatus ?? status;
}

/** To the driver below the frame, with the parameters as the filters left them. */
export function sendBelow(
  context: Context,
  operation: Operation,
  irp: Irp,
): NtStatus | Promise<NtStatus> {
  const { io } = context;
  const below = operation.goesTo.device.lower;
  if (below === null) return NtStatus.STATUS_INVALID_DEVICE_REQUEST;
  putIntoIrp(operation.data.iopb, irp);
  io.setCompletionRoutine(irp, (completed) => onCompletion(context, operation, completed));
  return io.callDriver(below, irp);
}

/** The completion routine: the request is on its way up, in the thread that completed it. */
function onCompletion(
  context: Context,
  operation: Operation,
  irp: Irp,
): MaybeLater<CompletionVerdict> {
  if (irp.pendingReturned) notePending(context, operation, irp);
  const { debug } = context.kernel;
  const frame = debug?.enter('fltmgr!FltpPassThroughCompletion', 0, irp.address, operation.address);
  debug?.enter('fltmgr!FltpProcessIoCompletion', irp.address, operation.address);
  takeResult(context, operation);
  const ascent = leaveWith(debug, frame, ascend(context, operation));
  return isLater(ascent)
    ? ascent.then((reached) => verdictOn(context, operation, irp, reached))
    : verdictOn(context, operation, irp, ascent);
}

function verdictOn(
  context: Context,
  operation: Operation,
  irp: Irp,
  ascent: Ascent,
): CompletionVerdict {
  if (ascent === 'done') {
    endOperation(context, operation);
    return 'continue';
  }
  if (ascent === 'held') notePending(context, operation, irp);
  return 'more-processing-required';
}

/**
 * IoMarkIrpPending at our location, once, unless a thread of ours waits below the dispatch: then the
 * dispatch returns the final status instead.
 */
function notePending({ io }: Context, operation: Operation, irp: Irp): void {
  if (operation.markedPending || operation.waitPoints.length > 0) return;
  operation.markedPending = true;
  io.markPending(irp);
}

/** Waits at the wait points that are this thread's, then ends the operation if it came through. */
function settle(
  context: Context,
  operation: Operation,
  irp: Irp,
  owned: number,
  ascent: Ascent,
): MaybeLater<NtStatus> {
  if (ascent === 'done') return completed(context, operation, irp);
  const point = operation.waitPoints.at(-1);
  if (point === undefined || operation.waitPoints.length <= owned) return NtStatus.STATUS_PENDING;
  const { kernel } = context;
  const waited = waitAt(kernel.scheduler, point, irp);
  return andThen(waited, () => {
    operation.waitPoints.pop();
    return andThen(ascend(context, operation), (reached) => {
      if (reached === 'held') holdAgain(context, operation, irp, point.nodeIndex);
      return settle(context, operation, irp, owned, reached);
    });
  });
}

/** A completion that has come up to the wait point already is not waited for. */
function waitAt(scheduler: Scheduler, { event }: WaitPoint, irp: Irp): MaybeLater<unknown> {
  if (!scheduler.apcDeliverable && scheduler.takeSignalled(event)) return undefined;
  return scheduler.waitForEvent(event, {
    kind: 'request',
    what: `IRP 0x${irp.address.toString(16)}, synchronized by the Filter Manager`,
  });
}

/** A synchronized post-operation was posted: a create waits on, another request becomes pending. */
function holdAgain(context: Context, operation: Operation, irp: Irp, nodeIndex: number): void {
  if (nodeIndex === Number.POSITIVE_INFINITY) pushCreateWait(context, operation);
  else notePending(context, operation, irp);
}

function completed(context: Context, operation: Operation, irp: Irp): MaybeLater<NtStatus> {
  endOperation(context, operation);
  return andThen(context.io.completeRequest(irp), () =>
    operation.markedPending ? NtStatus.STATUS_PENDING : operation.data.ioStatus.status,
  );
}

/** FltCompletePendedPreOperation has been accepted: the current thread carries the operation on. */
export async function resumeDescent(
  context: Context,
  operation: Operation,
  irp: Irp,
  completed: boolean,
): Promise<void> {
  const owned = operation.waitPoints.length;
  if (!completed) {
    await carry(context, operation, irp, owned);
    return;
  }
  await settle(context, operation, irp, owned, await ascend(context, operation));
}

/** FltCompletePendedPostOperation has been accepted. */
export async function resumeAscent(
  context: Context,
  operation: Operation,
  irp: Irp,
): Promise<void> {
  const ascent = await ascend(context, operation);
  await settle(context, operation, irp, operation.waitPoints.length, ascent);
}
