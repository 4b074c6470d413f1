// Where events go: each gets its place, and the step and thread during which it happened.
import type { TraceEvent } from '../../contract/trace.ts';
import type { NewEvent, Trace } from './kernel.ts';
import type { Thread } from './thread.ts';

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

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
    const placed: Partial<Writable<TraceEvent>> = { seq: this.seq, kind: event.kind };
    if (actor !== null) placed.actor = actor;
    if (step !== null) placed.step = step;
    placed.thread = thread.name;
    for (const key in event) {
      const value = event[key as keyof NewEvent];
      if (value !== undefined) (placed as Record<string, unknown>)[key] = value;
    }
    this.seq += 1;
    // Step and completion events always name their own actor and step, as their schema demands.
    this.keep(placed as TraceEvent);
  }
}
