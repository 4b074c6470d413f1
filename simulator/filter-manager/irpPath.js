// An IRP at a frame's device: pre-operations down, the driver below, post-operations up, in whatever
// thread each of these runs.
//
// Who may run a post-operation: any thread that completes the request (R-FLT-20), except where some
// thread waits for the completion to come up to it, a *wait point*: the thread whose pre-operation
// returned SYNCHRONIZE, and for every create the thread that sent it. A completion stops at a wait
// point and the waiting thread goes on from there. Wait points form a stack, innermost (lowest) last.
import { IrpMajor, NtStatus } from '../../contract/windows/index.ts';
import { currentStackLocation } from '../io/irp.ts';
import { leaveWith } from '../kernel/callStack.ts';
import { ascend, takeResult } from './postOperation.ts';
import { beginOperation, endOperation, instancesFor, wantedBy } from './operation.ts';
import { descend } from './preOperation.ts';
import { iopbFromIrp, putIntoIrp } from './parameters.ts';
/** The dispatch routine of a frame's device, for every major function. */
export function dispatchIrp(context, volume, irp) {
    const below = volume.device.lower;
    if (below === null)
        return NtStatus.STATUS_INVALID_DEVICE_REQUEST;
    const iopb = iopbFromIrp(irp);
    const instances = instancesFor(volume, irp);
    if (!instances.some((instance) => wantedBy(instance, iopb, 'irp') !== undefined)) {
        context.io.skipCurrentLocation(irp);
        return context.io.callDriver(below, irp);
    }
    const operation = beginOperation(context, volume, { irp });
    if (iopb.majorFunction === IrpMajor.IRP_MJ_CREATE)
        pushCreateWait(context, operation);
    return carry(context, operation, irp, 0);
}
/** IRP_MJ_CLOSE: the same, and then whatever filters hung onto the open goes. */
export async function dispatchClose(context, volume, irp) {
    const file = currentStackLocation(irp).fileObject;
    const stream = file?.fsContext ?? null;
    const status = await dispatchIrp(context, volume, irp);
    if (file !== null)
        await context.onFileClosed?.(file, stream);
    return status;
}
/** Everything above the file system happens in the thread that sent the create (R-FLT-20). */
function pushCreateWait({ kernel }, operation) {
    const event = kernel.scheduler.createEvent('notification', false);
    operation.waitPoints.push({ event, nodeIndex: Number.POSITIVE_INFINITY });
}
/**
 * Takes an operation on from where it stands, in the current thread, to the end or to the next hold.
 * Wait points from index `owned` on are this thread's. Returns what a dispatch routine returns.
 */
export async function carry(context, operation, irp, owned) {
    const status = await carryOn(context, operation, irp, owned);
    if (operation.statusCallbacks.length > 0)
        await tellStatus(operation, status);
    return status;
}
/** Whoever asked last is the lowest, and is told first (R-NOTIFY-64). */
async function tellStatus(operation, status) {
    for (const tell of operation.statusCallbacks.splice(0).reverse())
        await tell(status);
}
function carryOn(context, operation, irp, owned) {
    const { debug } = context.kernel;
    const frame = debug?.enter('fltmgr!FltpPassThrough', operation.address, irp.address);
    return leaveWith(debug, frame, passThrough(context, operation, irp, owned));
}
async function passThrough(context, operation, irp, owned) {
    const descent = await descend(context, operation);
    if (descent === 'pended') {
        notePending(context, operation, irp);
        return settle(context, operation, irp, owned, 'held');
    }
    if (descent === 'completed') {
        return settle(context, operation, irp, owned, await ascend(context, operation));
    }
    return sendDown(context, operation, irp, owned);
}
async function sendDown(context, operation, irp, owned) {
    const sent = sendBelow(context, operation, irp);
    const status = typeof sent === 'number' ? sent : await sent;
    if (operation.waitPoints.length > owned) {
        return settle(context, operation, irp, owned, 'handed-over');
    }
    if (operation.markedPending)
        return NtStatus.STATUS_PENDING;
    return operation.finalStatus ?? status;
}
/** To the driver below the frame, with the parameters as the filters left them. */
export function sendBelow(context, operation, irp) {
    const { io } = context;
    const below = operation.goesTo.device.lower;
    if (below === null)
        return NtStatus.STATUS_INVALID_DEVICE_REQUEST;
    io.copyToNext(irp);
    putIntoIrp(operation.data.iopb, irp);
    io.setCompletionRoutine(irp, (completed) => onCompletion(context, operation, completed));
    return io.callDriver(below, irp);
}
/** The completion routine: the request is on its way up, in the thread that completed it. */
async function onCompletion(context, operation, irp) {
    if (irp.pendingReturned)
        notePending(context, operation, irp);
    const { debug } = context.kernel;
    const frame = debug?.enter('fltmgr!FltpPassThroughCompletion', 0, irp.address, operation.address);
    debug?.enter('fltmgr!FltpProcessIoCompletion', irp.address, operation.address);
    takeResult(context, operation);
    const ascent = await ascend(context, operation);
    debug?.leave(frame);
    if (ascent === 'done') {
        endOperation(context, operation);
        return 'continue';
    }
    if (ascent === 'held')
        notePending(context, operation, irp);
    return 'more-processing-required';
}
/**
 * IoMarkIrpPending at our location, once, unless a thread of ours waits below the dispatch: then the
 * dispatch returns the final status instead.
 */
function notePending({ io }, operation, irp) {
    if (operation.markedPending || operation.waitPoints.length > 0)
        return;
    operation.markedPending = true;
    io.markPending(irp);
}
/** Waits at the wait points that are this thread's, then ends the operation if it came through. */
async function settle(context, operation, irp, owned, ascent) {
    let reached = ascent;
    while (reached !== 'done') {
        const point = operation.waitPoints.at(-1);
        if (point === undefined || operation.waitPoints.length <= owned)
            return NtStatus.STATUS_PENDING;
        await context.kernel.scheduler.waitForEvent(point.event, {
            kind: 'request',
            what: `IRP 0x${irp.address.toString(16)}, synchronized by the Filter Manager`,
        });
        operation.waitPoints.pop();
        reached = await ascend(context, operation);
        if (reached === 'held')
            holdAgain(context, operation, irp, point.nodeIndex);
    }
    await complete(context, operation, irp);
    return operation.markedPending ? NtStatus.STATUS_PENDING : operation.data.ioStatus.status;
}
/** A synchronized post-operation was posted: a create waits on, another request becomes pending. */
function holdAgain(context, operation, irp, nodeIndex) {
    if (nodeIndex === Number.POSITIVE_INFINITY)
        pushCreateWait(context, operation);
    else
        notePending(context, operation, irp);
}
async function complete(context, operation, irp) {
    endOperation(context, operation);
    await context.io.completeRequest(irp);
}
/** FltCompletePendedPreOperation has been accepted: the current thread carries the operation on. */
export async function resumeDescent(context, operation, irp, completed) {
    const owned = operation.waitPoints.length;
    if (!completed) {
        await carry(context, operation, irp, owned);
        return;
    }
    await settle(context, operation, irp, owned, await ascend(context, operation));
}
/** FltCompletePendedPostOperation has been accepted. */
export async function resumeAscent(context, operation, irp) {
    const ascent = await ascend(context, operation);
    await settle(context, operation, irp, operation.waitPoints.length, ascent);
}
