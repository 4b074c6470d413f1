// Turns what the threads report into the lines of a trace.
import { decodeNotifyInformation } from '../../contract/notifyInformation.ts';
import type { ActingStep } from '../../contract/expandWorkload.ts';
import type { ObservedEvent } from '../../contract/observerTrace.ts';
import type { TraceEvent, TraceHeader } from '../../contract/trace.ts';
import type { Completion, NativeOutcome } from '../thread/messages.ts';

/** Who did a step: for `actor`, `step`, `operation` and `thread` of an event. */
export interface Doer {
  readonly step: ActingStep;
  readonly process: string;
}

export function headerLine(workload: string): string {
  const header: TraceHeader = { trace: 1, producer: 'agent', workload };
  return JSON.stringify(header);
}

export class TraceWriter {
  private readonly append: (line: string) => void;
  private seq = 0;

  constructor(append: (line: string) => void) {
    this.append = append;
  }

  step({ step, process }: Doer, outcome: NativeOutcome): void {
    const { status, information, bytes, iosb, event, handle, request } = outcome;
    const named = 'as' in step ? step.as : undefined;
    this.write({
      kind: 'step',
      seq: this.nextSeq(),
      actor: step.actor,
      step: step.id,
      thread: `${process}/${step.actor}`,
      operation: step.do,
      status,
      ...(information === undefined ? {} : { information }),
      ...(handle !== undefined && named !== undefined ? { handle: named } : {}),
      ...(request === undefined ? {} : { request: named ?? step.id }),
      ...(bytes === undefined ? {} : { bytes }),
      ...(iosb === undefined ? {} : { iosb }),
      ...(event === undefined ? {} : { event }),
    });
  }

  completion(doer: Doer, request: string, completion: Completion, immediate: boolean): void {
    const { step, process } = doer;
    const { status, information, bytes } = completion;
    const entries =
      step.do === 'notify' ? { entries: decodeNotifyInformation(Buffer.from(bytes, 'hex')) } : {};
    this.write({
      kind: 'completion',
      seq: this.nextSeq(),
      actor: step.actor,
      step: step.id,
      thread: `${process}/${step.actor}`,
      operation: step.do,
      request,
      status,
      information,
      bytes,
      ...entries,
      immediate,
    });
  }

  /** What the observer saw, during a step where one is given. */
  callback(event: ObservedEvent, doer: Doer | null, process: string): void {
    const during =
      doer === null
        ? { thread: process }
        : {
            actor: doer.step.actor,
            step: doer.step.id,
            thread: `${process}/${doer.step.actor}`,
          };
    this.write({ ...event, seq: this.nextSeq(), ...during });
  }

  private nextSeq(): number {
    this.seq += 1;
    return this.seq - 1;
  }

  private write(event: TraceEvent): void {
    this.append(JSON.stringify(event));
  }
}
