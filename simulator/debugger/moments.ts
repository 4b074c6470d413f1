// Moments: everything at which a watched simulation can be stopped. A routine of Windows begins or
// returns, the driver stands in front of a statement, an event enters the trace. They are numbered; the
// same simulation has the same moments, so that a number is a place to which one can go back.
import type { TraceEvent } from '../../contract/trace.ts';
import type { Thread } from '../kernel/thread.ts';

export type MomentKind = 'enter' | 'return' | 'line' | 'event';

export interface Moment {
  readonly kind: MomentKind;
  readonly thread: Thread;
  /** How many calls are on the thread's stack. */
  readonly depth: number;
  /** What was entered ("fltmgr!FltpDispatch"); what was returned from. */
  readonly routine: string | null;
  /** What it returned to, for "return"; null where that is the bottom of the stack. */
  readonly caller: string | null;
  /** The statement's number, for "line"; else -1. */
  readonly row: number;
  /** The first statement of a function that has just been called. */
  readonly begins: boolean;
}

/** "12:3": three moments after event 12 of the trace; "start:3": before the first event. */
export interface Position {
  /** Number of the last event; -1 before the first. */
  readonly event: number;
  readonly moments: number;
}

export const positionText = ({ event, moments }: Position): string =>
  `${event < 0 ? 'start' : event}:${moments.toString(16).toUpperCase()}`;

/** The moments that a simulation has gone through so far. */
export class MomentLog {
  readonly moments: Moment[] = [];
  readonly events: TraceEvent[] = [];
  /** Moment of each event. */
  private readonly eventMoments: number[] = [];

  add(moment: Moment): number {
    return this.moments.push(moment) - 1;
  }

  addEvent(event: TraceEvent): void {
    this.events.push(event);
    this.eventMoments.push(this.moments.length);
  }

  momentOfEvent(event: number): number | undefined {
    return this.eventMoments[event];
  }

  positionOf(moment: number): Position {
    let [low, high] = [0, this.eventMoments.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.eventMoments[middle] as number) <= moment) low = middle + 1;
      else high = middle;
    }
    const event = low - 1;
    return { event, moments: moment - (this.eventMoments[event] ?? 0) };
  }
}
