// What every system service needs, and how each begins and ends.
import type { RuleId } from '../../../contract/rules.ts';
import type { NtStatus } from '../../../contract/windows/index.ts';
import type { KernelEvent } from '../../kernel/kernel.ts';
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

/** A system service: time moves on at its start, kernel APCs are delivered on the way out. */
export async function service<Result>(
  { io }: ServiceContext,
  body: () => Promise<Result>,
): Promise<Result> {
  const { clock, scheduler } = io.kernel;
  clock.tick();
  const result = await body();
  if (scheduler.apcDeliverable) await scheduler.deliverApcs();
  return result;
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
