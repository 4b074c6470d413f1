// Post-operations: lowest altitude first, each with the parameters that its own pre-operation saw.
// Models: PFLT_POST_OPERATION_CALLBACK; R-FLT-9, R-FLT-10, R-FLT-14, R-FLT-20 to 22, R-REDIRECT-39,
// R-NOTIFY-57 and 59.
import { CallbackDataFlag, FLTFL_POST_OPERATION_DRAINING, IrpMajor, NtStatus, fltMajorName, isFileSynchronization, fltPostopName, } from '../../contract/windows/index.ts';
import { leaveWith } from '../kernel/callStack.ts';
import { postVerdict } from './decisions.ts';
import { emitPost } from './events.ts';
import { checkRedirection, redirects } from './redirectionChecks.ts';
import { noteIdle, runCallback } from './operation.ts';
const Flag = CallbackDataFlag;
const OP_COMPLETED = NtStatus.STATUS_FSFILTER_OP_COMPLETED_SUCCESSFULLY;
/**
 * What the request brought back, taken into the callback data once, before the first post-operation.
 * The new-system-buffer flag: R-NOTIFY-57; it shows that a file system made a buffer of its own.
 */
export function takeResult(context, operation) {
    const { data, irp } = operation;
    if (irp === null)
        return;
    data.ioStatus.status = irp.ioStatus.status;
    data.ioStatus.information = irp.ioStatus.information;
    data.tagData = irp.auxiliaryBuffer;
    const isNew = irp.systemBuffer !== 0 && irp.systemBuffer !== operation.systemBufferGoingDown;
    if (isNew && context.kernel.profile.newSystemBuffer) {
        data.flags |= Flag.FLTFL_CALLBACK_DATA_NEW_SYSTEM_BUFFER;
    }
}
/** Runs the post-operations that this thread may run. */
export function ascend(context, operation) {
    const { debug } = context.kernel;
    const frame = debug?.enter('fltmgr!FltpPerformPostCallbacks', operation.address);
    return leaveWith(debug, frame, runPosts(context, operation));
}
async function runPosts(context, operation) {
    for (;;) {
        const point = operation.waitPoints.at(-1);
        if (point !== undefined && operation.nodes.length - 1 <= point.nodeIndex) {
            point.event.set();
            return 'handed-over';
        }
        const node = operation.nodes.pop();
        if (node === undefined)
            return 'done';
        const held = await callPost(context, operation, node);
        if (held)
            return 'held';
    }
}
/** True when the filter keeps the operation (FLT_POSTOP_MORE_PROCESSING_REQUIRED). */
async function callPost(context, operation, node) {
    const { data } = operation;
    data.flags |= Flag.FLTFL_CALLBACK_DATA_POST_OPERATION;
    operation.working ??= data.iopb;
    data.iopb = node.snapshot;
    data.iopbAddress = node.address + context.layout.nodeSnapshot;
    const hold = {
        phase: 'post',
        instance: node.instance,
        callbacks: node.callbacks,
        objects: node.objects,
        iopb: node.snapshot,
        found: { ...data.ioStatus },
        node,
        changedAt: null,
        state: 'running',
        early: null,
    };
    operation.hold = hold;
    const returned = await run(context, data, node, 0);
    data.iopb = node.snapshot; // Changes of parameters never go up (R-FLT-14).
    checkRedirection(context, operation, hold, node.callbacks.postAt);
    const { majorFunction } = node.snapshot;
    const verdict = postVerdict(returned, operation.path, majorFunction, false);
    if (verdict === 'disallow-fs-filter-io')
        disallow(operation);
    if (verdict === 'illegal')
        reportIllegal(context, node, returned);
    if (verdict === 'more-processing-required' && hold.early === null) {
        hold.state = 'held'; // The node stays the instance's: a teardown waits for it.
        return true;
    }
    settlePost(context, operation, node);
    return false;
}
/** The answer is thrown away, and whoever asked takes the slow way (R-FLT-21, R-REDIRECT-47). */
function disallow(operation) {
    operation.disallowed = true;
    operation.data.ioStatus.status = NtStatus.STATUS_FLT_DISALLOW_FAST_IO;
}
/** The instance has done with this operation: at the callback's return, or when it lets it go on. */
export function settlePost(context, operation, node) {
    operation.hold = null;
    node.instance.nodes.delete(node);
    if (node.swappedMdl !== null)
        context.freeSwappedMdl?.(node.swappedMdl);
    noteIdle(node.instance);
}
/**
 * Calls a post-operation early, with a copy of the callback data, because its instance goes away
 * (R-FLT-22, R-FLT-24). The node must be out of the operation already.
 */
export async function drain(context, node) {
    const { operation } = node;
    const { kernel, layout } = context;
    const length = layout.workingIopb - layout.callbackData + layout.nodeLength - layout.nodeSnapshot;
    const address = kernel.pool.allocate('nonpaged', length, 'FMic', 'system');
    const copy = {
        ...operation.data,
        address,
        iopbAddress: address + layout.workingIopb - layout.callbackData,
        iopb: node.snapshot,
        flags: (operation.data.flags & ~Flag.FLTFL_CALLBACK_DATA_NEW_SYSTEM_BUFFER) |
            Flag.FLTFL_CALLBACK_DATA_POST_OPERATION |
            Flag.FLTFL_CALLBACK_DATA_DRAINING_IO,
        ioStatus: { ...operation.data.ioStatus },
        filterContext: [...operation.data.filterContext],
    };
    context.live.set(address, copy);
    const before = { ...copy.ioStatus };
    const returned = await run(context, copy, node, FLTFL_POST_OPERATION_DRAINING);
    const touched = copy.ioStatus.status !== before.status || copy.ioStatus.information !== before.information;
    const { majorFunction } = node.snapshot;
    const verdict = postVerdict(returned, operation.path, majorFunction, true);
    if (verdict === 'illegal' || touched || changed(copy, node)) {
        kernel.report({
            id: 'draining-misused',
            message: `The post-operation callback of ${node.instance.filter.name} was draining ` +
                `${fltMajorName(node.snapshot.majorFunction)}: it must free its context, leave Data alone ` +
                `and return FLT_POSTOP_FINISHED_PROCESSING (it returned ${fltPostopName(returned)}).`,
            stack: placeOf(node),
        });
    }
    context.live.delete(address);
    kernel.pool.free(address);
    node.instance.nodes.delete(node);
}
const changed = (data, node) => data.iopb !== node.snapshot;
const placeOf = (node) => node.callbacks.postAt === undefined ? [] : [node.callbacks.postAt];
async function run(context, data, node, postFlags) {
    const { callbacks, instance, objects, completionContext } = node;
    const { post } = callbacks;
    if (post === null)
        return 0; // A node is made only where there is one.
    const flags = data.flags;
    const found = { ...data.ioStatus };
    const returned = await runCallback(instance, () => post(data, objects, completionContext, postFlags));
    emitPost(context.kernel.trace, {
        data,
        objects,
        callbacks,
        flags,
        iopb: node.snapshot,
        found,
        draining: postFlags !== 0,
        returned,
        rules: rulesBehind(flags, node, redirects(data.ioStatus) && !redirects(found)),
    });
    return returned;
}
/** What the reader of this event may want to look up. */
function rulesBehind(flags, node, redirected) {
    if (redirected)
        return ['R-REDIRECT-5', 'R-REDIRECT-9'];
    if (isFileSynchronization(node.snapshot.majorFunction)) {
        const byFilter = node.operation.data.ioStatus.status === OP_COMPLETED;
        return byFilter ? ['R-SECTION-12'] : ['R-SECTION-3', 'R-SECTION-11'];
    }
    if ((flags & Flag.FLTFL_CALLBACK_DATA_DRAINING_IO) !== 0)
        return ['R-FLT-22', 'R-FLT-24'];
    if ((flags & Flag.FLTFL_CALLBACK_DATA_NEW_SYSTEM_BUFFER) !== 0) {
        return ['R-NOTIFY-57', 'R-NOTIFY-59'];
    }
    // Redirected by this instance: its own block and objects are what they were.
    const wasRedirected = node.operation.goesTo !== node.instance.volume;
    if (wasRedirected)
        return ['R-REDIRECT-38', 'R-REDIRECT-39'];
    return node.snapshot.majorFunction === IrpMajor.IRP_MJ_CREATE ? ['R-FLT-20'] : [];
}
function reportIllegal({ kernel }, node, returned) {
    kernel.report({
        id: 'illegal-postop-status',
        message: `The post-operation callback of ${node.instance.filter.name} returned ` +
            `${fltPostopName(returned)} for ${fltMajorName(node.snapshot.majorFunction)}, which this ` +
            'operation does not allow.',
        stack: placeOf(node),
    });
}
