// The calls that may leave a request behind or block: create, read, write, notify. Each is issued on
// the actor's own thread; with `start` on another thread of its process, which may then block for as
// long as it likes.
import { ntError, NtStatus } from '../../contract/windows/index.ts';
import { newIosb, type CallerIosb, type OnDelivered } from '../io/index.ts';
import { isLater, type MaybeLater } from '../kernel/later.ts';
import type { KernelEvent } from '../kernel/kernel.ts';
import { toHex } from './bytes.ts';
import { requestName, type Doer, type Request } from './names.ts';
import { tellCompletion, type Stage, type StepOutcome } from './stage.ts';

export interface Call {
  /** The native call, on the current thread. */
  readonly issue: (
    iosb: CallerIosb,
    event: KernelEvent,
    onDelivered: OnDelivered,
  ) => MaybeLater<NtStatus>;
  /** User address; 0 for none. Freed with the request. */
  readonly buffer: number;
  readonly outputLength: number;
  /** A call that did not fail has made a request, even where it has completed already. */
  readonly makesRequest: boolean;
  /** On an asynchronous handle: what the call left in block and event is worth telling. */
  readonly asynchronous: boolean;
  /** Bytes that a call without a request returns (read). */
  readonly returnsBytes: boolean;
}

export function newRequest(
  { machine }: Stage,
  doer: Doer,
  call: Pick<Call, 'buffer' | 'outputLength'>,
): Request {
  return {
    name: requestName(doer.step),
    doer,
    iosb: newIosb(),
    event: machine.scheduler.createEvent('notification', true),
    buffer: call.buffer,
    outputLength: call.outputLength,
    state: 'issued',
    changedAbove: false,
    result: null,
  };
}

/** Issues the call on the current thread. */
export function issueCall(stage: Stage, doer: Doer, call: Call): MaybeLater<StepOutcome> {
  const request = newRequest(stage, doer, call);
  const { iosb, event } = request;
  const issued = call.issue(iosb, event, (changedAbove) => {
    request.changedAbove = changedAbove;
    // Before the call has returned it is the step that tells; see `afterStep`.
    if (request.state === 'told') tellCompletion(stage, request, iosb.status, false);
  });
  return isLater(issued)
    ? issued.then((status) => returned(stage, request, call, status))
    : returned(stage, request, call, issued);
}

/** What the call returned, and what it left behind. */
function returned(stage: Stage, request: Request, call: Call, status: NtStatus): StepOutcome {
  const { iosb, doer } = request;
  const written = iosb.written ? { information: iosb.information } : {};
  const isRequest = !ntError(status) && (call.makesRequest || status === NtStatus.STATUS_PENDING);
  if (isRequest) {
    stage.names.issued(doer.step, request);
    return { status, ...written, ...(call.asynchronous ? seenAfter(request) : {}), request };
  }
  const bytes = call.returnsBytes && !ntError(status) ? bytesOf(stage, request) : undefined;
  if (call.buffer !== 0) stage.machine.user.free(call.buffer);
  stage.names.issued(doer.step, null);
  return { status, ...written, ...(bytes === undefined ? {} : { bytes }) };
}

function seenAfter({ iosb, event }: Request): Pick<StepOutcome, 'iosb' | 'event'> {
  const { status, information, written } = iosb;
  return {
    iosb: written ? { status: status >>> 0, information } : 'unchanged',
    event: event.signalled ? 'signalled' : 'reset',
  };
}

function bytesOf({ machine }: Stage, { iosb, buffer, outputLength }: Request): string {
  const length = iosb.written ? Math.min(iosb.information, outputLength) : 0;
  return toHex(machine.memory.bytes(buffer, length));
}

/** The step's return has been told: a request that completed within the call is told next. */
export function afterStep(stage: Stage, request: Request): void {
  if (request.state !== 'issued') return;
  request.state = 'told';
  if (request.iosb.written) tellCompletion(stage, request, request.iosb.status, true);
}

/** Issues the call on a thread of its own; the step itself returns at once. */
export function startCall(stage: Stage, doer: Doer, call: Call): StepOutcome {
  const { scheduler } = stage.machine;
  const { step, process } = doer;
  const request = newRequest(stage, doer, call);
  // The request is over when the call has returned and its result is there: an event of its own.
  const returned = scheduler.createEvent('notification', false);
  const started: Request = { ...request, event: returned, state: 'told' };
  stage.names.issued(step, started);
  const thread = scheduler.createThread(process, `${step.actor}.${step.id}`, async () => {
    thread.actor = step.actor;
    thread.step = step.id;
    let status = await call.issue(started.iosb, request.event, (changedAbove) => {
      started.changedAbove = changedAbove;
    });
    if (status === NtStatus.STATUS_PENDING) {
      await scheduler.waitForEvent(request.event, {
        kind: 'request',
        what: `completion of ${started.name}`,
      });
      status = started.iosb.status;
    }
    tellCompletion(stage, started, status, false);
    returned.set();
  });
  stage.startedThreads.add(thread);
  return { status: NtStatus.STATUS_PENDING, request: started };
}
