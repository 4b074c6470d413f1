// Post-operations: lowest altitude first, each with the parameters that its own pre-operation saw.
// Models: PFLT_POST_OPERATION_CALLBACK; R-FLT-9, R-FLT-10, R-FLT-14, R-FLT-20 to 22, R-REDIRECT-39,
// R-NOTIFY-57 and 59.
import {
  CallbackDataFlag,
  FLTFL_POST_OPERATION_DRAINING,
  IrpMajor,
  NtStatus,
  fltMajorName,
  isFileSynchronization,
  fltPostopName,
} from '../../contract/windows/index.ts';
import type { RuleId } from '../../contract/rules.ts';
import { leaveWith } from '../kernel/callStack.ts';
import { andThen, isLater, type MaybeLater } from '../kernel/later.ts';
import type { CallbackData, CompletionNode, Hold, Operation } from './callbackData.ts';
import { postVerdict } from './decisions.ts';
import { emitPost } from './events.ts';
import { checkRedirection, redirects } from './redirectionChecks.ts';
import { noteIdle, type Context } from './operation.ts';

/** "handed-over": the rest belongs to a thread that waits; "held": to a filter that posted it. */
export type Ascent = 'done' | 'handed-over' | 'held';

const Flag = CallbackDataFlag;
const OP_COMPLETED = NtStatus.STATUS_FSFILTER_OP_COMPLETED_SUCCESSFULLY;

/**
 * What the request brought back, taken into the callback data once, before the first post-operation.
 * The new-system-buffer flag: R-NOTIFY-57; it shows that a file system made a buffer of its own.
 */
export function takeResult(context: Context, operation: Operation): void {
  const { data, irp } = operation;
  if (irp === null) return;
  data.ioStatus.status = irp.ioStatus.status;
  data.ioStatus.information = irp.ioStatus.information;
  data.tagData = irp.auxiliaryBuffer;
  const isNew = irp.systemBuffer !== 0 && irp.systemBuffer !== operation.systemBufferGoingDown;
  if (isNew && context.kernel.profile.newSystemBuffer) {
    data.flags |= Flag.FLTFL_CALLBACK_DATA_NEW_SYSTEM_BUFFER;
  }
}

/** Runs the post-operations that this thread may run. */
export function ascend(context: Context, operation: Operation): MaybeLater<Ascent> {
  const { debug } = context.kernel;
  const frame = debug?.enter('fltmgr!FltpPerformPostCallbacks', operation.address);
  return leaveWith(debug, frame, runPosts(context, operation));
}

function runPosts(context: Context, operation: Operation): MaybeLater<Ascent> {
  for (;;) {
    const point = operation.waitPoints.at(-1);
    if (point !== undefined && operation.nodes.length - 1 <= point.nodeIndex) {
      point.event.set();
      return 'handed-over';
    }
    const node = operation.nodes.pop();
    if (node === undefined) return 'done';
    const held = callPost(context, operation, node);
    if (isLater(held)) return runPostsAfter(context, operation, held);
    if (held) return 'held';
  }
}

async function runPostsAfter(
  context: Context,
  operation: Operation,
  held: Promise<boolean>,
): Promise<Ascent> {
  return (await held) ? 'held' : runPosts(context, operation);
}

/** True when the filter keeps the operation (FLT_POSTOP_MORE_PROCESSING_REQUIRED). */
function callPost(
  context: Context,
  operation: Operation,
  node: CompletionNode,
): MaybeLater<boolean> {
  const { data } = operation;
  data.flags |= Flag.FLTFL_CALLBACK_DATA_POST_OPERATION;
  operation.working ??= data.iopb;
  data.iopb = node.snapshot;
  data.iopbAddress = node.address + context.layout.nodeSnapshot;
  const hold: Hold = {
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
  const returned = run(context, data, node, 0);
  return isLater(returned)
    ? returned.then((value) => postReturned(context, operation, node, hold, value))
    : postReturned(context, operation, node, hold, returned);
}

function postReturned(
  context: Context,
  operation: Operation,
  node: CompletionNode,
  hold: Hold,
  returned: number,
): boolean {
  const { data } = operation;
  data.iopb = node.snapshot; // Changes of parameters never go up (R-FLT-14).
  checkRedirection(context, operation, hold, node.callbacks.postAt);
  const { majorFunction } = node.snapshot;
  const verdict = postVerdict(returned, operation.path, majorFunction, false);
  if (verdict === 'disallow-fs-filter-io') disallow(operation);
  if (verdict === 'illegal') reportIllegal(context, node, returned);
  if (verdict === 'more-processing-required' && hold.early === null) {
    hold.state = 'held'; // The node stays the instance's: a teardown waits for it.
    return true;
  }
  settlePost(context, operation, node);
  return false;
}

/** The answer is thrown away, and whoever asked takes the slow way (R-FLT-21, R-REDIRECT-47). */
function disallow(operation: Operation): void {
  operation.disallowed = true;
  operation.data.ioStatus.status = NtStatus.STATUS_FLT_DISALLOW_FAST_IO;
}

/** The instance has done with this operation: at the callback's return, or when it lets it go on. */
export function settlePost(context: Context, operation: Operation, node: CompletionNode): void {
  operation.hold = null;
  node.instance.nodes.delete(node);
  if (node.swappedMdl !== null) context.freeSwappedMdl?.(node.swappedMdl);
  noteIdle(node.instance);
}

/**
 * Calls a post-operation early, with a copy of the callback data, because its instance goes away
 * (R-FLT-22, R-FLT-24). The node must be out of the operation already.
 */
export async function drain(context: Context, node: CompletionNode): Promise<void> {
  const { operation } = node;
  const { kernel, layout } = context;
  const length = layout.workingIopb - layout.callbackData + layout.nodeLength - layout.nodeSnapshot;
  const address = kernel.pool.allocate('nonpaged', length, 'FMic', 'system');
  const copy: CallbackData = {
    ...operation.data,
    address,
    iopbAddress: address + layout.workingIopb - layout.callbackData,
    iopb: node.snapshot,
    flags:
      (operation.data.flags & ~Flag.FLTFL_CALLBACK_DATA_NEW_SYSTEM_BUFFER) |
      Flag.FLTFL_CALLBACK_DATA_POST_OPERATION |
      Flag.FLTFL_CALLBACK_DATA_DRAINING_IO,
    ioStatus: { ...operation.data.ioStatus },
    filterContext: [...operation.data.filterContext],
  };
  context.live.set(address, copy);
  const before = { ...copy.ioStatus };
  const returned = await run(context, copy, node, FLTFL_POST_OPERATION_DRAINING);
  const touched =
    copy.ioStatus.status !== before.status || copy.ioStatus.information !== before.information;
  const { majorFunction } = node.snapshot;
  const verdict = postVerdict(returned, operation.path, majorFunction, true);
  if (verdict === 'illegal' || touched || changed(copy, node)) {
    kernel.report({
      id: 'draining-misused',
      message:
        `The post-operation callback of ${node.instance.filter.name} was draining ` +
        `${fltMajorName(node.snapshot.majorFunction)}: it must free its context, leave Data alone ` +
        `and return FLT_POSTOP_FINISHED_PROCESSING (it returned ${fltPostopName(returned)}).`,
      stack: placeOf(node),
    });
  }
  context.live.delete(address);
  kernel.pool.free(address);
  node.instance.nodes.delete(node);
}

const changed = (data: CallbackData, node: CompletionNode): boolean => data.iopb !== node.snapshot;

const placeOf = (node: CompletionNode) =>
  node.callbacks.postAt === undefined ? [] : [node.callbacks.postAt];

function run(
  context: Context,
  data: CallbackData,
  node: CompletionNode,
  postFlags: number,
): MaybeLater<number> {
  const { callbacks, instance, objects, completionContext } = node;
  const { post } = callbacks;
  if (post === null) return 0; // A node is made only where there is one.
  const { flags, ioStatus } = data;
  const found = { status: ioStatus.status, information: ioStatus.information };
  instance.running += 1;
  const called = post(data, objects, completionContext, postFlags);
  return andThen(called, (returned) => {
    instance.running -= 1;
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
  });
}

/** What the reader of this event may want to look up. */
function rulesBehind(flags: number, node: CompletionNode, redirected: boolean): readonly RuleId[] {
  if (redirected) return ['R-REDIRECT-5', 'R-REDIRECT-9'];
  if (isFileSynchronization(node.snapshot.majorFunction)) {
    const byFilter = node.operation.data.ioStatus.status === OP_COMPLETED;
    return byFilter ? ['R-SECTION-12'] : ['R-SECTION-3', 'R-SECTION-11'];
  }
  if ((flags & Flag.FLTFL_CALLBACK_DATA_DRAINING_IO) !== 0) return ['R-FLT-22', 'R-FLT-24'];
  if ((flags & Flag.FLTFL_CALLBACK_DATA_NEW_SYSTEM_BUFFER) !== 0) {
    return ['R-NOTIFY-57', 'R-NOTIFY-59'];
  }
  // Redirected by this instance: its own block and objects are what they were.
  const wasRedirected = node.operation.goesTo !== node.instance.volume;
  if (wasRedirected) return ['R-REDIRECT-38', 'R-REDIRECT-39'];
  return node.snapshot.majorFunction === IrpMajor.IRP_MJ_CREATE ? ['R-FLT-20'] : [];
}

function reportIllegal({ kernel }: Context, node: CompletionNode, returned: number): void {
  kernel.report({
    id: 'illegal-postop-status',
    message:
      `The post-operation callback of ${node.instance.filter.name} returned ` +
      `${fltPostopName(returned)} for ${fltMajorName(node.snapshot.majorFunction)}, which this ` +
      'operation does not allow.',
    stack: placeOf(node),
  });
}
