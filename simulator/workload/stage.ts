// What the steps of a workload are performed on, and how their results reach the trace.
import { decodeNotifyInformation } from '../../contract/notifyInformation.ts';
import { makesHandle, type ActingStep } from '../../contract/expandWorkload.ts';
import { NtStatus, ntError } from '../../contract/windows/index.ts';
import type { RuleId } from '../../contract/rules.ts';
import type { PortEnd, ServiceContext } from '../io/index.ts';
import type { PlacedEvent } from '../kernel/kernel.ts';
import type { Machine } from '../kernel/machine.ts';
import type { Thread } from '../kernel/thread.ts';
import { toHex } from './bytes.ts';
import type { Names, Request } from './names.ts';

export type Detach = (filter: string, volume: string) => Promise<NtStatus>;

/** What filters offer to programs. */
export interface Filters {
  /** FilterDetach. */
  readonly detach: Detach;
  /** FilterConnectCommunicationPort, on the program's own thread. */
  readonly connect: (port: string, context: Uint8Array) => Promise<PortEnd | NtStatus>;
}

export interface Stage {
  readonly machine: Machine;
  readonly services: ServiceContext;
  readonly names: Names;
  /** Where filters stand on the volumes. */
  readonly filters?: Filters | undefined;
  /** Off at the end of the run: what completes only because handles are closed is not told. */
  tellsCompletions: boolean;
  /** The message that was last taken from a port, by number: what a reply answers. */
  readonly messages: Map<PortEnd, bigint>;
  /** Threads of steps with `start`. */
  readonly startedThreads: Set<Thread>;
}

/** What a native call returned to its caller. */
export interface StepOutcome {
  readonly status: NtStatus;
  /** Only where the I/O status block was written. */
  readonly information?: number;
  readonly bytes?: string;
  readonly iosb?: 'unchanged' | { readonly status: number; readonly information: number };
  readonly event?: 'reset' | 'signalled';
  readonly request?: Request;
}

export function tellStep({ machine }: Stage, step: ActingStep, outcome: StepOutcome): void {
  const { information, request, bytes, iosb, event } = outcome;
  const { because } = machine.scheduler.current;
  const rules = because.length === 0 ? because : because.splice(0);
  const named = 'as' in step ? step.as : undefined;
  const told: Extract<PlacedEvent, { kind: 'step' }> = {
    seq: 0,
    kind: 'step',
    actor: step.actor,
    step: step.id,
    thread: '',
    operation: step.do,
    status: outcome.status >>> 0,
  };
  if (information !== undefined) told.information = information;
  if (makesHandle(step) && named !== undefined) told.handle = named;
  if (request !== undefined) told.request = request.name;
  if (bytes !== undefined) told.bytes = bytes;
  if (iosb !== undefined) told.iosb = iosb;
  if (event !== undefined) told.event = event;
  if (rules.length > 0) told.rules = rules;
  machine.trace.emitPlaced(told);
}

/** What stands behind the completion of a directory notification by the file system, by status. */
const notifyRules: ReadonlyMap<NtStatus, readonly RuleId[]> = new Map([
  [NtStatus.STATUS_SUCCESS, ['R-NOTIFY-19', 'R-NOTIFY-24', 'R-NOTIFY-25', 'R-NOTIFY-26']],
  [NtStatus.STATUS_NOTIFY_CLEANUP, ['R-NOTIFY-47']],
  [NtStatus.STATUS_NOTIFY_ENUM_DIR, ['R-NOTIFY-21', 'R-NOTIFY-22']],
  [NtStatus.STATUS_CANCELLED, ['R-NOTIFY-49']],
  [NtStatus.STATUS_DELETE_PENDING, ['R-NOTIFY-48']],
]);

function rulesOf({ doer, changedAbove }: Request, status: NtStatus): { rules?: RuleId[] } {
  if (doer.step.do !== 'notify') return {};
  const rules = changedAbove ? ['R-FLT-14'] : notifyRules.get(status >>> 0);
  return rules === undefined ? {} : { rules: [...rules] };
}

/** For whoever answers the break: the buffer is gone by then. */
function keepResult({ machine }: Stage, request: Request, status: NtStatus): void {
  const information = request.iosb.written ? request.iosb.information : 0;
  const length = ntError(status) ? 0 : Math.min(information, request.outputLength);
  const bytes = machine.memory.bytes(request.buffer, length).slice();
  request.result = { status, information, bytes };
}

/** The result of a request is in its caller's hands. `status` is that of the status block or call. */
export function tellCompletion(
  stage: Stage,
  request: Request,
  status: NtStatus,
  immediate: boolean,
): void {
  const { machine, names } = stage;
  const { step } = request.doer;
  names.completed(request);
  const information = request.iosb.written ? request.iosb.information : 0;
  if (step.do === 'request-oplock' || step.do === 'on-break') keepResult(stage, request, status);
  if (stage.tellsCompletions) {
    const length = ntError(status) ? 0 : Math.min(information, request.outputLength);
    const bytes = machine.memory.bytes(request.buffer, length);
    machine.trace.emit({
      kind: 'completion',
      actor: step.actor,
      step: step.id,
      operation: step.do,
      request: request.name,
      status: status >>> 0,
      information,
      bytes: toHex(bytes),
      ...(step.do === 'notify' ? { entries: decodeNotifyInformation(bytes) } : {}),
      immediate,
      ...rulesOf(request, status),
    });
  }
  if (request.buffer !== 0) machine.user.free(request.buffer);
}
