// What a debugger hears while it watches a simulation: which routines of Windows the model is in, with
// their arguments, on which thread. Without a debugger there is no port and nothing is kept.
import type { Thread } from './thread.ts';

/** One call of a routine of Windows, from its begin to its return. */
export interface CallFrame {
  readonly thread: Thread;
  /** "fltmgr!FltpDispatch". */
  readonly routine: string;
  /** As they lie on the stack of a 32-bit machine. */
  readonly arguments: readonly number[];
  /** Structures that the routine keeps in its frame, by type ("_IRP_CALL_CTRL"). */
  locals: Readonly<Record<string, object>>;
}

/** What comes and goes and is not reachable from the objects that the model keeps. */
export type TrackedKind = 'irp' | 'operation' | 'node' | 'resource';

export interface DebugPort {
  /** Every routine on the current thread: `leave` gets what this returns. */
  enter(routine: string, ...args: readonly number[]): CallFrame;
  leave(frame: CallFrame | undefined): void;
  created(kind: TrackedKind, object: object): void;
  gone(kind: TrackedKind, object: object): void;
}
