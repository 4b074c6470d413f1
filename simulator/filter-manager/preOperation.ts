// Pre-operations: highest altitude first, until one of them ends or holds the descent.
// Models: PFLT_PRE_OPERATION_CALLBACK; R-FLT-4, R-FLT-9, R-FLT-12, R-FLT-13, R-FLT-17, R-FLT-18.
import {
  BugCheck,
  CallbackDataFlag,
  FltMajor,
  IrpMajor,
  NtStatus,
  SectionSyncType,
  fltMajorName,
  isFileSynchronization,
  fltPreopName,
  ntError,
  ntStatusName,
  ntSuccess,
} from '../../contract/windows/index.ts';
import type { RuleId } from '../../contract/rules.ts';
import { leaveWith } from '../kernel/callStack.ts';
import { isLater, type MaybeLater } from '../kernel/later.ts';
import { BugcheckSignal, NotModelledSignal } from '../kernel/kernel.ts';
import type { IoStatusBlock, Mdl } from '../io/irp.ts';
import type { CompletionNode, Hold, IoParameterBlock, Operation } from './callbackData.ts';
import { mayNeverComplete, preVerdict, resumeVerdict, type PreVerdict } from './decisions.ts';
import { emitPre } from './events.ts';
import type { OperationCallbacks, Instance, PreResult } from './filter.ts';
import { noteIdle, relatedObjects, UNSET_STATUS, wantedBy, type Context } from './operation.ts';
import { checkRedirection, redirects } from './redirectionChecks.ts';
import { redirect, redirectionOf } from './redirection.ts';

/** How a descent ended; "passed" goes on to the driver below. */
export type Descent = 'passed' | 'completed' | 'pended' | 'disallowed';

/** Offers the operation to every instance that is left. */
export function descend(context: Context, operation: Operation): MaybeLater<Descent> {
  const { debug } = context.kernel;
  const frame = debug?.enter('fltmgr!FltpPerformPreCallbacks', operation.address);
  return leaveWith(debug, frame, offer(context, operation));
}

function offer(context: Context, operation: Operation): MaybeLater<Descent> {
  while (operation.nextInstance < operation.instances.length) {
    const instance = operation.instances[operation.nextInstance] as Instance;
    operation.nextInstance += 1;
    const callbacks = wantedBy(instance, operation.data.iopb, operation.path);
    if (callbacks === undefined) continue;
    const step = callPre(context, operation, instance, callbacks);
    if (isLater(step)) return offerAfter(context, operation, step);
    if (step !== 'passed') return step;
  }
  return 'passed';
}

async function offerAfter(
  context: Context,
  operation: Operation,
  called: Promise<Descent>,
): Promise<Descent> {
  const step = await called;
  return step === 'passed' ? offer(context, operation) : step;
}

const { FLTFL_CALLBACK_DATA_DIRTY: DIRTY } = CallbackDataFlag;

function callPre(
  context: Context,
  operation: Operation,
  instance: Instance,
  callbacks: OperationCallbacks,
): MaybeLater<Descent> {
  const { data } = operation;
  const iopb = { ...data.iopb, targetInstance: instance };
  data.iopb = iopb;
  const objects = relatedObjects(operation, instance);
  const hold: Hold = {
    phase: 'pre',
    instance,
    callbacks,
    objects,
    iopb,
    found: null,
    node: null,
    changedAt: null,
    state: 'running',
    early: null,
  };
  const { pre } = callbacks;
  if (pre === null) {
    pushNode(context, operation, hold, 0);
    return 'passed';
  }
  operation.hold = hold;
  const { flags } = data;
  instance.running += 1;
  const result = pre(data, objects);
  return isLater(result)
    ? result.then((value) => preReturned(context, operation, hold, flags, value))
    : preReturned(context, operation, hold, flags, result);
}

/** `flags`: those of the callback data as the callback received them. */
function preReturned(
  context: Context,
  operation: Operation,
  hold: Hold,
  flags: number,
  result: PreResult,
): Descent {
  const { data } = operation;
  const { instance, objects, callbacks, iopb } = hold;
  instance.running -= 1;
  const verdict = preVerdict(result.status, operation.path, iopb.majorFunction);
  const completed = verdict === 'complete' ? { ...data.ioStatus } : null;
  const rules = rulesBehind(operation, verdict, result, completed);
  const redirection = completed === null ? redirectionOf(operation, hold) : null;
  const { trace } = context.kernel;
  emitPre(trace, {
    data,
    objects,
    callbacks,
    flags,
    iopb,
    returned: result.status,
    completed,
    redirectedTo: redirection?.to ?? null,
    rules: redirection === null ? rules : [...rules, ...redirection.rules],
  });
  if (verdict !== 'pend') return settlePre(context, operation, hold, verdict, result);
  // The driver may have completed it already, in this callback or in another thread.
  if (hold.early !== null) {
    return settlePre(context, operation, hold, resumeVerdict(hold.early.status), hold.early);
  }
  hold.state = 'held';
  instance.pended.add(operation);
  return 'pended';
}

/** What the reader of the event may want to look up. STATUS_REPARSE is a create's answer only. */
function rulesBehind(
  operation: Operation,
  verdict: PreVerdict,
  result: PreResult,
  completed: IoStatusBlock | null,
): readonly RuleId[] {
  if (isFileSynchronization(operation.data.iopb.majorFunction)) {
    return rulesOfFsFilter(operation, verdict);
  }
  if (verdict === 'illegal') return ['R-FLT-17'];
  if (completed !== null && redirects(completed)) return ['R-REDIRECT-2', 'R-REDIRECT-5'];
  return result.rules ?? [];
}

/** Carries out what a pre-operation decided, at its return or when it completes what it pended. */
export function settlePre(
  context: Context,
  operation: Operation,
  hold: Hold,
  verdict: PreVerdict,
  result: PreResult,
): Descent {
  operation.hold = null;
  hold.instance.pended.delete(operation);
  acceptChanges(context, operation, hold);
  const descent = carryOut(context, operation, hold, verdict, result);
  noteIdle(hold.instance);
  return descent;
}

function carryOut(
  context: Context,
  operation: Operation,
  hold: Hold,
  verdict: PreVerdict,
  result: PreResult,
): Descent {
  switch (verdict) {
    case 'with-callback':
      pushNode(context, operation, hold, result.completionContext);
      return 'passed';
    case 'synchronize':
      pushNode(context, operation, hold, result.completionContext, true);
      pushWaitPoint(context, operation, hold);
      return 'passed';
    case 'no-callback':
      refuseContext(context, hold, result);
      return 'passed';
    case 'complete':
      refuseContext(context, hold, result);
      checkCompletion(context, operation, hold);
      checkRedirection(context, operation, hold, hold.callbacks.preAt);
      return 'completed';
    case 'disallow-fast-io':
      noteRefusedQuery(hold);
      return disallow(context, operation, hold, result);
    // Differs: the value of STATUS_FLT_DISALLOW_FSFILTER_IO is not public; filters above see the other.
    case 'disallow-fs-filter-io':
      return disallow(context, operation, hold, result);
    case 'pend':
    case 'illegal':
      // Differs: undefined on Windows without the verifier. The model goes on as if the callback had
      // returned FLT_PREOP_SUCCESS_NO_CALLBACK.
      report(
        context,
        hold,
        'illegal-preop-status',
        illegalMessage(operation, hold, result),
        isFileSynchronization(hold.iopb.majorFunction) ? ['R-SECTION-10'] : [],
      );
      return 'passed';
  }
}

function disallow(context: Context, operation: Operation, hold: Hold, result: PreResult): Descent {
  refuseContext(context, hold, result);
  operation.data.ioStatus.status = NtStatus.STATUS_FLT_DISALLOW_FAST_IO;
  return 'disallowed';
}

/** Whoever wants creates instead of this query wants them instead of the newer one too. */
function noteRefusedQuery({ instance, iopb, callbacks }: Hold): void {
  if (iopb.majorFunction === FltMajor.IRP_MJ_NETWORK_QUERY_OPEN)
    instance.refusedQueryIn = callbacks;
}

function rulesOfFsFilter({ data }: Operation, verdict: PreVerdict): readonly RuleId[] {
  if (verdict === 'illegal') return ['R-FLT-17', 'R-SECTION-10'];
  if (verdict === 'complete') return ['R-SECTION-1', 'R-SECTION-9'];
  const asks = data.iopb.parameters.operation.kind === 'acquire-section';
  return asks ? ['R-SECTION-1', 'R-SECTION-2'] : ['R-SECTION-1'];
}

function illegalMessage(operation: Operation, hold: Hold, result: PreResult): string {
  const hint =
    result.status >>> 0 === NtStatus.STATUS_FLT_DISALLOW_FAST_IO
      ? ' That is an NTSTATUS; the value that a callback returns is FLT_PREOP_DISALLOW_FASTIO.'
      : '';
  const how = operation.path === 'irp' ? 'an IRP operation' : `a ${operation.path} operation`;
  return (
    `The pre-operation callback of ${hold.instance.filter.name} returned ` +
    `${fltPreopName(result.status)} for ${fltMajorName(hold.iopb.majorFunction)}, which ${how} ` +
    `does not allow.${hint}`
  );
}

/** What the callback changed counts only if it said so (R-FLT-12). */
function acceptChanges(context: Context, operation: Operation, hold: Hold): void {
  const { data } = operation;
  const changed = data.iopb !== hold.iopb;
  const dirty = (data.flags & DIRTY) !== 0;
  data.flags &= ~DIRTY;
  if (!changed) return;
  if (!dirty) {
    report(
      context,
      hold,
      'not-dirty',
      `The pre-operation callback of ${hold.instance.filter.name} changed the parameters of ` +
        `${fltMajorName(hold.iopb.majorFunction)} but did not call FltSetCallbackDataDirty: ` +
        'the file system and the filters below never see the change.',
    );
    data.iopb = hold.iopb;
    return;
  }
  if (data.iopb.majorFunction !== hold.iopb.majorFunction) {
    throw new NotModelledSignal('a change of Iopb->MajorFunction');
  }
  operation.parametersChanged = true;
  if (swapsBuffer(operation, hold)) operation.swapped = true;
  const { targetInstance, targetFileObject } = hold.iopb;
  const { iopb } = data;
  if (iopb.targetInstance === targetInstance && iopb.targetFileObject === targetFileObject) return;
  const { changedAt } = hold;
  redirect(context, operation, hold, (id, message) => {
    if (changedAt === null) report(context, hold, id, message);
    else context.kernel.report({ id, message, stack: changedAt });
  });
}

function swapsBuffer(operation: Operation, hold: Hold): boolean {
  const { buffer, mdl } = operation.data.iopb.parameters;
  return buffer !== hold.iopb.parameters.buffer || mdl !== hold.iopb.parameters.mdl;
}

function pushNode(
  context: Context,
  operation: Operation,
  hold: Hold,
  completionContext: number,
  synchronized = false,
): void {
  const { callbacks, instance, objects, iopb } = hold;
  if (callbacks.post === null) throw missingPost(context, operation, hold);
  const { layout } = context;
  const node: CompletionNode = {
    address: operation.address + layout.nodes + operation.nodes.length * layout.nodeLength,
    operation,
    instance,
    callbacks,
    objects,
    snapshot: iopb,
    completionContext,
    synchronized: synchronized || iopb.majorFunction === IrpMajor.IRP_MJ_CREATE,
    swappedMdl: swappedMdlOf(operation, iopb),
    swappedBuffer: operation.data.iopb !== iopb && isSwapped(operation, hold),
  };
  operation.nodes.push(node);
  context.kernel.debug?.created('node', node);
  instance.nodes.add(node);
}

/** A buffer that FltLockUserBuffer locked is still the caller's: the operation can be drained. */
function isSwapped(operation: Operation, hold: Hold): boolean {
  const { buffer, mdl } = operation.data.iopb.parameters;
  const locked = operation.locked.some((one) => one.mdl === mdl);
  return swapsBuffer(operation, hold) && !(locked && buffer === hold.iopb.parameters.buffer);
}

function swappedMdlOf(operation: Operation, before: IoParameterBlock): Mdl | null {
  const { mdl } = operation.data.iopb.parameters;
  return mdl === before.parameters.mdl ? null : mdl;
}

/** R-FLT-26: bug check 0xF5, code 0x66. */
function missingPost(context: Context, operation: Operation, hold: Hold): BugcheckSignal {
  report(
    context,
    hold,
    'callback-missing',
    `The pre-operation callback of ${hold.instance.filter.name} asked for a post-operation of ` +
      `${fltMajorName(hold.iopb.majorFunction)}, for which none is registered.`,
  );
  const address = `0x${operation.data.address.toString(16)}`;
  return new BugcheckSignal(BugCheck.FLTMGR_FILE_SYSTEM, ['0x66', address, '0x0', '0x0']);
}

function pushWaitPoint(context: Context, operation: Operation, hold: Hold): void {
  // Creates are synchronized anyway.
  if (hold.iopb.majorFunction === IrpMajor.IRP_MJ_CREATE) return;
  if (mayNeverComplete(hold.iopb)) {
    report(
      context,
      hold,
      'synchronize-not-allowed',
      `${hold.instance.filter.name} returned FLT_PREOP_SYNCHRONIZE for ` +
        `${fltMajorName(hold.iopb.majorFunction)}, minor ${hold.iopb.minorFunction}: the calling ` +
        'thread stays in the kernel until the operation completes, which may be never.',
    );
  }
  const event = context.kernel.scheduler.createEvent('notification', false);
  operation.waitPoints.push({ event, nodeIndex: operation.nodes.length - 1 });
}

function refuseContext(context: Context, hold: Hold, result: PreResult): void {
  if (result.completionContext === 0) return;
  report(
    context,
    hold,
    'completion-context-leaked',
    `The pre-operation callback of ${hold.instance.filter.name} set *CompletionContext and returned ` +
      `${fltPreopName(result.status)}: no post-operation callback will receive the context.`,
  );
}

const MUST_SUCCEED: readonly number[] = [IrpMajor.IRP_MJ_CLEANUP, IrpMajor.IRP_MJ_CLOSE];

/** IoStatus of FLT_PREOP_COMPLETE: final, and never a failure where nothing may fail (R-FLT-17). */
function checkCompletion(context: Context, operation: Operation, hold: Hold): void {
  const { status } = operation.data.ioStatus;
  const unfit =
    status === NtStatus.STATUS_PENDING || status === NtStatus.STATUS_FLT_DISALLOW_FAST_IO;
  const synchronizes = isFileSynchronization(hold.iopb.majorFunction);
  if (synchronizes && !unfit) return checkFsFilter(context, operation, hold);
  const mustSucceed = MUST_SUCCEED.includes(hold.iopb.majorFunction);
  if (!unfit && (ntSuccess(status) || !mustSucceed)) return;
  report(
    context,
    hold,
    'illegal-completion-status',
    `${hold.instance.filter.name} completed ${fltMajorName(hold.iopb.majorFunction)} with ` +
      `${ntStatusName(status)}, which is no final status for it.`,
  );
  if (unfit) {
    throw new NotModelledSignal(`what follows a completion with ${ntStatusName(status)}`);
  }
}

/**
 * Models: R-SECTION-7, R-SECTION-9. Only the creation of a section can be failed. Grade I: whoever is
 * told otherwise goes on as if it had been acquired.
 */
function checkFsFilter(context: Context, operation: Operation, hold: Hold): void {
  const { majorFunction, parameters } = hold.iopb;
  const { ioStatus } = operation.data;
  if (ioStatus.status === UNSET_STATUS) {
    report(
      context,
      hold,
      'stale-status',
      `${hold.instance.filter.name} completed ${fltMajorName(majorFunction)} and left ` +
        'Data->IoStatus.Status as it was: what the filters above see is what happened to be there.',
    );
    ioStatus.status = NtStatus.STATUS_SUCCESS;
  }
  const { status } = ioStatus;
  const asked = parameters.operation;
  const creates =
    asked.kind === 'acquire-section' && asked.syncType === SectionSyncType.SyncTypeCreateSection;
  if (!ntError(status) || creates) return;
  const what = asked.kind === 'acquire-section' ? ' with SyncTypeOther' : '';
  report(
    context,
    hold,
    'section-sync-failed',
    `${hold.instance.filter.name} completed ${fltMajorName(majorFunction)}${what} with ` +
      `${ntStatusName(status)}: that operation cannot be failed, and whoever asked goes on.`,
  );
}

function report(
  { kernel }: Context,
  hold: Hold,
  id: Parameters<Context['kernel']['report']>[0]['id'],
  message: string,
  rules: readonly RuleId[] = [],
): void {
  const at = hold.callbacks.preAt;
  kernel.report({ id, message, rules, stack: at === undefined ? [] : [at] });
}
