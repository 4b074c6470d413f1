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
  /** A structure of the routine's own on the stack, for instance an IRP_CALL_CTRL. */
  local: StackLocal | null;
}

/** A structure that a routine keeps on the kernel stack; its image is the debugger's business. */
export interface StackLocal {
  readonly type: string;
  readonly record: object;
}

/** What comes and goes and is not reachable from the objects that the model keeps. */
export type TrackedKind = 'irp' | 'operation' | 'resource';

export interface DebugPort {
  /** Every routine on the current thread: `leave` gets what this returns. */
  enter(routine: string, ...args: readonly number[]): CallFrame;
  leave(frame: CallFrame | undefined): void;
  created(kind: TrackedKind, object: object): void;
  gone(kind: TrackedKind, object: object): void;
}
