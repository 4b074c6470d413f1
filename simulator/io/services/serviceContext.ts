// What every system service needs, and how each begins and ends.
import { BugCheck } from '../../../contract/windows/index.ts';
import { behind } from '../../kernel/apcBarriers.ts';
import { BugcheckSignal, type Kernel } from '../../kernel/kernel.ts';
import type { RuleId } from '../../../contract/rules.ts';
import type { NtStatus } from '../../../contract/windows/index.ts';
import type { CallFrame, DebugPort } from '../../kernel/debugPort.ts';
import type { KernelEvent } from '../../kernel/kernel.ts';
import { isLater, type MaybeLater } from '../../kernel/later.ts';
import type { Process } from '../../kernel/thread.ts';
import type { Handle, HandleTables } from '../handleTables.ts';
import type { IoCore } from '../ioCore.ts';
import type { CallerIosb, OnDelivered } from '../irpRecord.ts';

export interface ServiceContext {
  readonly io: IoCore;
  readonly handles: HandleTables;
}

/** What most services are given beside their own arguments. */
export interface ServiceArguments {
  readonly handle: number;
  readonly iosb: CallerIosb | null;
  /** Kernel mode: a driver called Zw…; buffers are then kernel addresses. */
  readonly mode?: 'user' | 'kernel';
}

/** For services that may stay pending. */
export interface AsynchronousArguments extends ServiceArguments {
  readonly event: KernelEvent | null;
  /** Called in the issuing thread when the result is there. */
  readonly onDelivered?: OnDelivered;
}

export const processOf = ({ io }: ServiceContext): Process => io.kernel.scheduler.current.process;

/** ObReferenceObjectByHandle for the current process. */
export const handleOf = (
  context: ServiceContext,
  handle: number,
  access: number,
): Handle | NtStatus => context.handles.lookUp(processOf(context), handle, access);

/** What a call stack shows of a service's arguments. */
export interface CallShown {
  readonly mode?: 'user' | 'kernel' | undefined;
  readonly handle?: number;
  readonly buffer?: number;
  readonly length?: number | bigint;
}

/**
 * A system service ("NtReadFile"): time moves on at its start, kernel APCs are delivered on the way
 * out.
 */
export function service<Result>(
  { io }: ServiceContext,
  routine: string,
  shown: CallShown,
  body: () => MaybeLater<Result>,
): MaybeLater<Result> {
  const { clock, scheduler, debug } = io.kernel;
  clock.tick();
  const frame = debug === null ? undefined : enterService(debug, routine, shown);
  const entered: Entered = {
    routine,
    mode: shown.mode,
    frame,
    criticalRegions: scheduler.current.criticalRegions,
  };
  const result = body();
  return isLater(result)
    ? result.then((value) => leaveService(io.kernel, entered, value))
    : leaveService(io.kernel, entered, result);
}

/** What a service remembers of its beginning. */
interface Entered {
  readonly routine: string;
  readonly mode: CallShown['mode'];
  readonly frame: CallFrame | undefined;
  readonly criticalRegions: number;
}

function leaveService<Result>(
  kernel: Kernel,
  { routine, mode, frame, criticalRegions }: Entered,
  result: Result,
): MaybeLater<Result> {
  const { scheduler, debug } = kernel;
  debug?.leave(frame);
  if (scheduler.current.criticalRegions !== criticalRegions && mode !== 'kernel') {
    throw mismatch(kernel, routine);
  }
  return scheduler.apcDeliverable ? scheduler.deliverApcs().then(() => result) : result;
}

/**
 * A thread may not go back to user mode inside a region that somebody entered and never left.
 * Models: bug check 0x1 of KiServiceExit: the address of the service, the APC state index, the two
 * counts of disabled APCs (KernelApcDisable is negative), a system call.
 */
function mismatch(kernel: Kernel, routine: string): BugcheckSignal {
  const thread = kernel.scheduler.current;
  const culprit = behind(thread, 'critical region');
  const by = culprit === null ? 'somebody' : culprit.name();
  kernel.report({
    id: 'region-not-left',
    message: `${routine} returns to user mode inside a critical region that ${by} entered.`,
    stack: culprit?.stack() ?? [],
  });
  const counts = (-thread.criticalRegions & 0xffff) | (-thread.guardedRegions << 16);
  const shown = `0x${(counts >>> 0).toString(16).padStart(8, '0')}`;
  return new BugcheckSignal(BugCheck.APC_INDEX_MISMATCH, [routine, '0x0', shown, '0x0']);
}

/** From user mode by way of ntdll; a driver's Zw… routine is on the stack already. */
function enterService(debug: DebugPort, routine: string, shown: CallShown): CallFrame {
  const { mode, handle = 0, buffer = 0, length = 0 } = shown;
  const values = buffer === 0 ? [handle] : [handle, 0, 0, 0, 0, buffer, Number(length)];
  let outermost: CallFrame | undefined;
  if (mode !== 'kernel') {
    outermost = debug.enter(`ntdll!${routine}`, ...values);
    debug.enter('ntdll!KiFastSystemCallRet');
  }
  const entry = debug.enter('nt!KiFastCallEntry');
  debug.enter(`nt!${routine}`, ...values);
  return outermost ?? entry;
}

/** What the service returns, with the rules behind it. */
export function because<Result>(
  { io }: ServiceContext,
  result: Result,
  ...rules: readonly RuleId[]
): Result {
  io.kernel.because(...rules);
  return result;
}

/** A status block that is written right away, without any request. */
export function writeIosb(
  iosb: CallerIosb | null,
  status: NtStatus,
  information: number,
): NtStatus {
  if (iosb !== null) Object.assign(iosb, { status, information, written: true });
  return status;
}
