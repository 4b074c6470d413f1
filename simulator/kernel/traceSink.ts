// Where events go: each gets its place, and the step and thread during which it happened.
import type { TraceEvent } from '../../contract/trace.ts';
import type { NewEvent, PlacedEvent, Trace } from './kernel.ts';
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

  emitPlaced(event: PlacedEvent): void {
    if (!this.enabled) return;
    const { actor, step, name } = this.current();
    if (actor === null || step === null) {
      const { seq: _seq, actor: _actor, step: _step, thread: _thread, ...rest } = event;
      this.emit(rest as NewEvent);
      return;
    }
    event.seq = this.seq;
    event.actor = actor;
    event.step = step;
    event.thread = name;
    this.seq += 1;
    this.keep(event);
  }
}

function placeOf(seq: number, kind: NewEvent['kind'], actor: string | null, step: string | null) {
  if (actor !== null) return { seq, kind, actor };
  if (step !== null) return { seq, kind, step };
  return { seq, kind };
}
