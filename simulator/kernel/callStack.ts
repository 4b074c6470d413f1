// The kernel's own part of a thread's call stack, as a debugger would show it: which routine of which
// module called which, with its arguments. Driver code has its own frames; these are the ones between.
import type { Thread } from './thread.ts';

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

/**
 * Runs `body` inside a frame of the current thread. The stack is the thread's own, so frames nest by
 * call whatever other threads do meanwhile. A bug check leaves the stack as it was.
 */
export function inFrame<Result>(
  thread: Thread,
  frame: SystemFrame,
  body: () => Result | Promise<Result>,
): Result | Promise<Result> {
  thread.callStack.push(frame);
  const result = body();
  if (!(result instanceof Promise)) {
    thread.callStack.pop();
    return result;
  }
  return leave(thread, result);
}

async function leave<Result>(thread: Thread, result: Promise<Result>): Promise<Result> {
  const value = await result;
  thread.callStack.pop();
  return value;
}
