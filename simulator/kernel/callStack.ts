// A routine of Windows around a piece of the model, for the call stack that a debugger shows. Without a
// debugger the piece just runs.
import type { CallFrame, DebugPort } from './debugPort.ts';
import type { MaybeLater } from './later.ts';

export interface SystemFrame {
  /** "fltmgr!FltpFastIoQueryOpen". */
  readonly routine: string;
  /** As the stack holds them, first argument first. */
  readonly arguments: readonly number[];
  /**
   * Structures of the model that the routine keeps in its frame, by the names of their types
   * ("_IRP_CALL_CTRL").
   */
  readonly locals?: Readonly<Record<string, object>>;
}

/** Runs `body` inside a frame of the current thread. A bug check leaves the stack as it was. */
export function inFrame<Result>(
  { debug }: { readonly debug: DebugPort | null },
  { routine, arguments: args, locals }: SystemFrame,
  body: () => MaybeLater<Result>,
): MaybeLater<Result> {
  if (debug === null) return body();
  const frame = debug.enter(routine, ...args);
  if (locals !== undefined) frame.locals = locals;
  return leaveWith(debug, frame, body());
}

async function leaveLater<Result>(
  debug: DebugPort,
  frame: CallFrame,
  result: Promise<Result>,
): Promise<Result> {
  const value = await result;
  debug.leave(frame);
  return value;
}

/** Leaves a frame that was entered when what runs in it is over; without a debugger that adds nothing. */
export function leaveWith<Result>(
  debug: DebugPort | null,
  frame: CallFrame | undefined,
  result: MaybeLater<Result>,
): MaybeLater<Result> {
  if (debug === null || frame === undefined) return result;
  if (result instanceof Promise) return leaveLater(debug, frame, result);
  debug.leave(frame);
  return result;
}
