// What every floor of the model may ask of the simulated machine. Implemented in kernel/; the
// I/O manager, the Filter Manager and the file system receive it as a parameter.
import type { FindingId, SourcePlace } from '../../contract/finding.ts';
import type { EvidenceGrade, RuleId } from '../../contract/rules.ts';
import type { TraceEvent } from '../../contract/trace.ts';
import type { Profile } from '../windows/profile.ts';
import type { DebugPort } from './debugPort.ts';
import type { Memory } from './memory.ts';
import type { KernelApc, Process, Thread, WaitReason } from './thread.ts';

/** Distributes over the union, so that each kind keeps its own fields. */
type WithoutPlace<Event> = Event extends unknown
  ? Omit<Event, 'seq' | 'actor' | 'step' | 'thread'>
  : never;
/** An event as a floor emits it; the trace adds its place, and the current step and thread. */
export type NewEvent = WithoutPlace<TraceEvent> & {
  readonly actor?: string | undefined;
  readonly step?: string | undefined;
};

/** What is told most often. */
export type PlacedEvent = Extract<
  TraceEvent,
  { kind: 'pre-operation' | 'post-operation' | 'irp' | 'step' }
>;

export interface Trace {
  emit(event: NewEvent): void;
  /**
   * The same without a copy: the event is the trace's from then on, made with the keys of its place in
   * their order (`seq`, `kind`, `actor`, `step`, `thread`), which the trace fills in.
   */
  emitPlaced(event: PlacedEvent): void;
}

/** A mistake of the driver, reported where it happens; `at` is filled in by driver/ if it can. */
export interface NewFinding {
  readonly id: FindingId;
  readonly message: string;
  /** Beside those of the catalogue. */
  readonly rules?: readonly RuleId[];
  readonly evidence?: EvidenceGrade;
  /** Where in the driver, innermost first; `Kernel.driverPlace` is asked when left out. */
  readonly stack?: readonly SourcePlace[];
}

export interface Clock {
  /** 100 ns since 1601, as an exact integer. Moves only by what the model does. */
  now(): bigint;
  /** A system service begins: time moves on a little. */
  tick(): void;
}

/** Something a thread can wait on and that stays or resets when it is signalled. */
export interface KernelEvent {
  readonly kind: 'notification' | 'synchronization';
  readonly signalled: boolean;
  set(): void;
  reset(): void;
}

/**
 * Anything a thread can block on, for objects that are not events (ERESOURCE, queues …). Whoever
 * releases it takes a thread out of `waiters`, does on its behalf what `tryTake` would have done,
 * and calls `Scheduler.grant`.
 */
export interface Waitable {
  /** Takes what is waited for, if it is there. */
  tryTake(thread: Thread): boolean;
  /** In the order of arrival; kept by the scheduler. */
  readonly waiters: Thread[];
}

/** ERESOURCE: one exclusive owner or many shared ones; recursive. */
export interface Resource {
  readonly address: number;
  /** Each owner with the number of times it has it, in the order in which they got it. */
  readonly owners: ReadonlyMap<Thread, number>;
  readonly exclusive: boolean;
  /** True when acquired; false when `wait` is false and it cannot be had at once. */
  acquire(how: 'exclusive' | 'shared', wait: boolean): boolean | Promise<boolean>;
  /** By its owner; any other thread is bugcheck 0xE3. */
  release(thread: Thread): void;
}

/** System worker threads (ExQueueWorkItem): started when needed, at PASSIVE_LEVEL. */
export interface WorkQueue {
  /** `what` names the item in wait graphs. */
  queue(what: string, routine: () => void | Promise<void>): void;
}

export type PoolType = 'paged' | 'nonpaged';

/** One allocation, for whoever has to explain an address. */
export interface PoolBlock {
  readonly address: number;
  readonly length: number;
  readonly type: PoolType;
  readonly tag: string;
  readonly owner: string;
  /** Freed blocks stay known while their memory is held back from reuse. */
  readonly freed: boolean;
}

export interface Pool {
  /** Zeroed bytes. `owner` is the driver whose unload must find it freed, or "system". */
  allocate(type: PoolType, length: number, tag: string, owner: string): number;
  /** Frees the block that begins at `address`; any other address is our bug (driver/ checks first). */
  free(address: number): void;
  /** The block, live or freed, that holds `address` or in whose red zones it lies; or null. */
  blockAt(address: number): PoolBlock | null;
  /** Live blocks of an owner, by address: what a driver left behind. */
  ownedBy(owner: string): readonly PoolBlock[];
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
  createProcess(name: string, privileges?: Iterable<string>): Process;
  /**
   * Makes a thread ready; `body` begins when the scheduler picks it. The simulation ends when every
   * thread has ended but those of `daemon`, which may wait for work for ever.
   */
  createThread(
    process: Process,
    name: string,
    body: () => Promise<void>,
    options?: { readonly daemon?: boolean },
  ): Thread;
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
  /**
   * Takes what a wait for the event would take, if it is signalled: spares hot paths the promise where
   * no APC is deliverable.
   */
  takeSignalled(event: KernelEvent): boolean;
  createEvent(kind: KernelEvent['kind'], signalled: boolean): KernelEvent;
  /** The same for any object; true when the wait was satisfied, false when the time was over. */
  waitFor(object: Waitable, reason: WaitReason, timeout_100ns?: bigint): Promise<boolean>;
  /** Ends the wait of a thread that was taken out of `waiters`. */
  grant(thread: Thread): void;
  /** Lets the other threads that can run do so; the current one goes on after them. */
  yieldToOthers(): Promise<void>;
  /** Queues a kernel APC; it runs when the thread can take it, in the thread's own context. */
  queueApc(thread: Thread, apc: KernelApc): void;
  /** Runs the current thread's APCs that can be delivered now (on lowering IRQL, leaving regions). */
  deliverApcs(): Promise<void>;
  /** Whether `deliverApcs` would run anything: spares hot paths the await. */
  readonly apcDeliverable: boolean;
  /**
   * `hook` is called right before a thread goes on, at its first start and after every wait, and
   * nothing else runs between the call and that thread. driver/ keeps the machine state of the
   * suspended WebAssembly stacks with it (shadow stack pointer, current thread).
   */
  onSwitch(hook: (to: Thread) => void): void;
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

/** Ends the simulation with outcome "hang": driver code ran on until its counted fuel was used up. */
export class HangSignal extends Error {
  override readonly name = 'HangSignal';
  /** Lines for the wait graph, before those of the threads that wait. */
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('; '));
    this.lines = lines;
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
  /** Set while a debugger watches; null in every other simulation. */
  readonly debug: DebugPort | null;
  readonly pool: Pool;
  readonly user: UserMemory;
  readonly scheduler: Scheduler;
  readonly workQueue: WorkQueue;
  readonly clock: Clock;
  readonly trace: Trace;
  createResource(): Resource;
  /** A kernel address for something that drivers or debuggers may see; "Irp ", "File" … */
  allocateObject(tag: string, length: number): number;
  freeObject(address: number): void;
  /** Names rules behind what the step of the current thread is about to return. */
  because(...rules: readonly RuleId[]): void;
  /** Records a finding at the driver's current place and goes on. */
  report(finding: NewFinding): void;
  /**
   * Set by driver/: where the driver under test is on the current thread, innermost first; empty
   * when none of its code is on the stack.
   */
  driverPlace: (() => readonly SourcePlace[]) | null;
  /** Set by driver/: the same for a thread that waits; wait graphs name the line. */
  threadPlace: ((thread: Thread) => readonly SourcePlace[]) | null;
}
