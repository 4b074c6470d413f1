// Where events go: each gets its place, and the step and thread during which it happened.
import type { TraceEvent } from '../../contract/trace.ts';
import type { NewEvent, Trace } from './kernel.ts';
import type { Thread } from './thread.ts';

export class TraceSink implements Trace {
  /** Off while the set-up of a workload runs. */
  enabled = true;
  private readonly keep: (event: TraceEvent) => void;
  private readonly current: () => Thread;
  private seq = 0;

  constructor(keep: (event: TraceEvent) => void, current: () => Thread) {
    this.keep = keep;
    this.current = current;
  }

  emit(event: NewEvent): void {
    if (!this.enabled) return;
    const thread = this.current();
    const actor = event.actor ?? thread.actor;
    const step = event.step ?? thread.step;
    const { seq } = this;
    const { kind } = event;
    const { name } = thread;
    const rest: Partial<NewEvent> = event;
    // The order of the keys is that of the text; a spread keeps the place of a key that is there.
    const placed =
      actor === null || step === null
        ? { ...placeOf(seq, kind, actor, step), thread: name, ...rest }
        : { seq, kind, actor, step, thread: name, ...rest };
    this.seq += 1;
    // Step and completion events always name their own actor and step, as their schema demands.
    this.keep(placed as TraceEvent);
  }
}

function placeOf(seq: number, kind: NewEvent['kind'], actor: string | null, step: string | null) {
  if (actor !== null) return { seq, kind, actor };
  if (step !== null) return { seq, kind, step };
  return { seq, kind };
}
