// What every floor of the model may ask of the simulated machine. Implemented in kernel/; the
// I/O manager, the Filter Manager and the file system receive it as a parameter.
import type { FindingId } from '../../contract/finding.ts';
import type { EvidenceGrade, RuleId } from '../../contract/rules.ts';
import type { TraceEvent } from '../../contract/trace.ts';
import type { Profile } from '../windows/profile.ts';
import type { Memory } from './memory.ts';
import type { Process, Thread, WaitReason } from './thread.ts';

/** Distributes over the union, so that each kind keeps its own fields. */
type WithoutPlace<Event> = Event extends unknown ? Omit<Event, 'seq' | 'actor' | 'step' | 'thread'> : never;
/** An event as a floor emits it; the trace adds its place, and the current step and thread. */
export type NewEvent = WithoutPlace<TraceEvent> & {
  readonly actor?: string | undefined;
  readonly step?: string | undefined;
};

export interface Trace {
  emit(event: NewEvent): void;
}

/** A mistake of the driver, reported where it happens; `at` is filled in by driver/ if it can. */
export interface NewFinding {
  readonly id: FindingId;
  readonly message: string;
  /** Beside those of the catalogue. */
  readonly rules?: readonly RuleId[];
  readonly evidence?: EvidenceGrade;
}

export interface Clock {
  /** 100 ns since 1601, as an exact integer. Moves only by what the model does. */
  now(): bigint;
}

/** Something a thread can wait on and that stays or resets when it is signalled. */
export interface KernelEvent {
  readonly kind: 'notification' | 'synchronization';
  readonly signalled: boolean;
  set(): void;
  reset(): void;
}

export type PoolType = 'paged' | 'nonpaged';

export interface Pool {
  /** Zeroed bytes. `owner` is the driver whose unload must find it freed, or "system". */
  allocate(type: PoolType, length: number, tag: string, owner: string): number;
  free(address: number): void;
}

/** User-mode buffers: addresses that are good in one process only. */
export interface UserMemory {
  allocate(process: Process, length: number): number;
  free(address: number): void;
  /** The process whose address this is, or null when nobody's. */
  ownerOf(address: number): Process | null;
}

export interface Scheduler {
  /** The thread that runs. Exactly one runs at any time. */
  readonly current: Thread;
  createProcess(name: string): Process;
  /** Makes a thread ready; `body` begins when the scheduler picks it. */
  createThread(process: Process, name: string, body: () => Promise<void>): Thread;
  /**
   * KeWaitForSingleObject: blocks the current thread until the event is signalled, delivering its
   * kernel APCs meanwhile as its IRQL and regions allow. "timeout" after `timeout_100ns` of
   * simulated time, which passes only when nothing else can run.
   */
  waitForEvent(
    event: KernelEvent,
    reason: WaitReason,
    timeout_100ns?: bigint,
  ): Promise<'signalled' | 'timeout'>;
  createEvent(kind: KernelEvent['kind'], signalled: boolean): KernelEvent;
  /** Queues a kernel APC; it runs when the thread can take it, in the thread's own context. */
  queueApc(thread: Thread, apc: import('./thread.ts').KernelApc): void;
  /** Runs the current thread's APCs that can be delivered now (on lowering IRQL, leaving regions). */
  deliverApcs(): Promise<void>;
}

/** Ends the simulation: thrown by the kernel only, caught by the run only. */
export class BugcheckSignal extends Error {
  override readonly name = 'BugcheckSignal';
  readonly code: number;
  readonly parameters: readonly string[];

  constructor(code: number, parameters: readonly string[]) {
    super(`bugcheck 0x${code.toString(16)}`);
    this.code = code;
    this.parameters = parameters;
  }
}

/** What is not modelled is refused by name: ends the simulation with outcome "not-modelled". */
export class NotModelledSignal extends Error {
  override readonly name = 'NotModelledSignal';
  readonly what: string;

  constructor(what: string) {
    super(`not modelled: ${what}`);
    this.what = what;
  }
}

export interface Kernel {
  readonly profile: Profile;
  readonly memory: Memory;
  readonly pool: Pool;
  readonly user: UserMemory;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly trace: Trace;
  /** Records a finding at the driver's current place and goes on. */
  report(finding: NewFinding): void;
}
