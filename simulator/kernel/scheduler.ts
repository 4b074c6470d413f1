// The oracle: simulated threads are async functions, and this file alone decides which one goes on.
// Exactly one is runnable at any time: a thread that blocks names its successor in the same breath,
// and the successor's promise is resolved only then (its continuation runs once the stack of the
// blocked one, WebAssembly frames included, has unwound).
import { assert } from '../../contract/assert.ts';
import { enqueueApc, nextDeliverable } from './apcRules.ts';
import type { SimulatedClock } from './clock.ts';
import type { DebugPort } from './debugPort.ts';
import { HangSignal, type KernelEvent, type Scheduler, type Waitable } from './kernel.ts';
import { EventRecord } from './eventRecord.ts';
import type { Prng } from './prng.ts';
import { ReadyQueue } from './readyQueue.ts';
import { Irql, type KernelApc, type Process, type Thread, type WaitReason } from './thread.ts';
import { createThreadRecord, type ThreadRecord } from './threadRecord.ts';
import { Timers } from './timers.ts';
import { waitGraph } from './waitGraph.ts';

export type RunEnd =
  { readonly kind: 'completed' } | { readonly kind: 'hang'; readonly waitGraph: readonly string[] };

export interface SchedulerOptions {
  readonly clock: SimulatedClock;
  /** Null: the plain schedule. */
  readonly choice: Prng | null;
  /** Addresses for EPROCESS and ETHREAD. */
  readonly allocateObject: (tag: string, length: number) => number;
}

/** Timers that may fire in a row without `noteProgress`, before the simulation counts as hung. */
const IDLE_JUMPS_MAX = 100_000;
const EPROCESS_LENGTH = 0x2c0;
const ETHREAD_LENGTH = 0x2b8;

/** What the token of any user holds. */
const EVERYBODY = ['SeChangeNotifyPrivilege'] as const;

export class CooperativeScheduler implements Scheduler {
  /** Where a thread stands in the driver, for wait graphs; set by whoever can tell. */
  placeOf: ((thread: Thread) => string | null) | null = null;
  /** Set with the machine's. */
  debug: DebugPort | null = null;

  private running: ThreadRecord;
  private readonly clock: SimulatedClock;
  private readonly ready: ReadyQueue;
  private readonly timers = new Timers();
  private readonly threads: ThreadRecord[] = [];
  private readonly allocateObject: SchedulerOptions['allocateObject'];
  private readonly switchHooks: ((to: Thread) => void)[] = [];
  private finish: ((end: RunEnd) => void) | null = null;
  private fail: ((reason: unknown) => void) | null = null;
  private liveThreads = 0;
  private nextId = 4;
  private idleJumps = 0;

  constructor(options: SchedulerOptions) {
    this.clock = options.clock;
    this.ready = new ReadyQueue(options.choice);
    this.allocateObject = options.allocateObject;
    // What runs before the first thread (mounting volumes …) runs as the system's boot thread.
    const system = this.createProcess('System');
    this.running = this.newThread(system, 'boot', true);
    this.running.state = 'running';
  }

  get current(): ThreadRecord {
    return this.running;
  }

  /** The process of the system's own threads. */
  get systemProcess(): Process {
    return (this.threads[0] as ThreadRecord).process;
  }

  createProcess(name: string, privileges: Iterable<string> = EVERYBODY): Process {
    const address = this.allocateObject('Proc', EPROCESS_LENGTH);
    return { name, id: this.takeId(), address, privileges: new Set(privileges) };
  }

  createThread(
    process: Process,
    name: string,
    body: () => Promise<void>,
    options: { readonly daemon?: boolean } = {},
  ): ThreadRecord {
    const thread = this.newThread(process, name, options.daemon ?? false);
    if (!thread.daemon) this.liveThreads += 1;
    const started = new Promise<void>((resolve) => {
      thread.resume = resolve;
    });
    started.then(body).then(
      () => this.ended(thread),
      (reason: unknown) => this.stop(reason),
    );
    this.ready.push(thread);
    return thread;
  }

  onSwitch(hook: (to: Thread) => void): void {
    this.switchHooks.push(hook);
  }

  /** Runs until every thread but the daemons has ended, or nothing can. Errors of threads reject. */
  run(): Promise<RunEnd> {
    assert(this.finish === null, 'the scheduler runs once at a time');
    return new Promise<RunEnd>((resolve, reject) => {
      this.finish = resolve;
      this.fail = reject;
      if (this.liveThreads === 0) this.end({ kind: 'completed' });
      else this.switchToNext();
    });
  }

  /** The workload has moved on: what waits in a loop is not hung. */
  noteProgress(): void {
    this.idleJumps = 0;
  }

  /** Whether another thread could run right now. */
  get othersReady(): boolean {
    return this.ready.length > 0;
  }

  /** Every thread that has not ended, in the order in which they were made. */
  get all(): readonly ThreadRecord[] {
    return this.threads;
  }

  waitGraph(): string[] {
    return waitGraph(this.threads, this.placeOf);
  }

  createEvent(kind: KernelEvent['kind'], signalled: boolean): EventRecord {
    return new EventRecord(kind, signalled, this);
  }

  takeSignalled(event: KernelEvent): boolean {
    assert(event instanceof EventRecord, 'events come from createEvent');
    return event.tryTake();
  }

  async waitForEvent(
    event: KernelEvent,
    reason: WaitReason,
    timeout_100ns?: bigint,
  ): Promise<'signalled' | 'timeout'> {
    assert(event instanceof EventRecord, 'events come from createEvent');
    const signalled = await this.waitFor(event, reason, timeout_100ns);
    return signalled ? 'signalled' : 'timeout';
  }

  async waitFor(object: Waitable, reason: WaitReason, timeout_100ns?: bigint): Promise<boolean> {
    const thread = this.running;
    const due =
      timeout_100ns === undefined ? null : this.clock.elapsed_100ns + Number(timeout_100ns);
    for (;;) {
      if (this.apcDeliverable) await this.deliverApcs();
      if (thread.granted) {
        thread.granted = false;
        return true;
      }
      if (object.tryTake(thread)) return true;
      if (due !== null && this.clock.elapsed_100ns >= due) return false;
      object.waiters.push(thread);
      await this.block(thread, reason, due);
      const place = object.waiters.indexOf(thread);
      if (place !== -1) object.waiters.splice(place, 1);
    }
  }

  grant(thread: Thread): void {
    const record = thread as ThreadRecord;
    record.granted = true;
    this.wake(record);
  }

  async yieldToOthers(): Promise<void> {
    const thread = this.running;
    if (this.ready.length > 0) {
      thread.state = 'ready';
      this.ready.push(thread);
      await this.suspend(thread);
    }
    if (this.apcDeliverable) await this.deliverApcs();
  }

  queueApc(thread: Thread, apc: KernelApc): void {
    const record = thread as ThreadRecord;
    assert(record.state !== 'ended', `no APC can be queued to ${thread.name}: it has ended`);
    enqueueApc(record, apc);
    if (record.state === 'waiting' && nextDeliverable(record) !== -1) this.wake(record);
  }

  get apcDeliverable(): boolean {
    return nextDeliverable(this.running) !== -1;
  }

  async deliverApcs(): Promise<void> {
    const thread = this.running;
    for (;;) {
      const place = nextDeliverable(thread);
      if (place === -1) return;
      const [apc] = thread.apcQueue.splice(place, 1) as [KernelApc];
      const irqlBefore = thread.irql;
      const normal = apc.kind === 'normal';
      if (normal) thread.normalApcInProgress = true;
      else thread.irql = Irql.APC_LEVEL;
      // Its own waits must not take what the interrupted wait has been granted.
      const grantedBefore = thread.granted;
      thread.granted = false;
      const frame = this.debug?.enter('nt!KiDeliverApc');
      const done = apc.routine();
      if (done !== undefined) await done;
      this.debug?.leave(frame);
      thread.granted = grantedBefore;
      if (normal) thread.normalApcInProgress = false;
      else thread.irql = irqlBefore;
    }
  }

  private newThread(process: Process, name: string, daemon: boolean): ThreadRecord {
    const address = this.allocateObject('Thre', ETHREAD_LENGTH);
    const thread = createThreadRecord({ address, id: this.takeId(), name }, process, daemon);
    this.threads.push(thread);
    return thread;
  }

  private takeId(): number {
    const id = this.nextId;
    this.nextId += 4;
    return id;
  }

  private async block(thread: ThreadRecord, reason: WaitReason, due: number | null): Promise<void> {
    assert(thread.irql < Irql.DISPATCH_LEVEL, `${thread.name} waits at DISPATCH_LEVEL`);
    thread.state = 'waiting';
    thread.waiting = reason;
    if (due !== null) this.timers.set(thread, due);
    await this.suspend(thread);
  }

  /** The current thread stops here until it is picked again. */
  private suspend(thread: ThreadRecord): Promise<void> {
    const resumed = new Promise<void>((resolve) => {
      thread.resume = resolve;
    });
    this.switchToNext();
    return resumed;
  }

  private wake(thread: ThreadRecord): void {
    if (thread.state !== 'waiting') return;
    thread.state = 'ready';
    thread.waiting = null;
    thread.waitNumber += 1;
    this.ready.push(thread);
  }

  private switchToNext(): void {
    if (this.finish === null) return;
    const next = this.pick();
    if (next === null) {
      this.end({ kind: 'hang', waitGraph: this.waitGraph() });
      return;
    }
    this.running = next;
    next.state = 'running';
    for (const hook of this.switchHooks) hook(next);
    const { resume } = next;
    assert(resume !== null, `${next.name} is not suspended`);
    next.resume = null;
    resume();
  }

  private pick(): ThreadRecord | null {
    for (const thread of this.timers.takeDue(this.clock.elapsed_100ns)) this.wake(thread);
    const ready = this.ready.take();
    if (ready !== null) return ready;
    const due = this.timers.nextDue();
    if (due === null) return null;
    this.idleJumps += 1;
    if (this.idleJumps > IDLE_JUMPS_MAX) return null;
    this.clock.jumpTo(due);
    for (const thread of this.timers.takeDue(due)) this.wake(thread);
    return this.ready.take();
  }

  private ended(thread: ThreadRecord): void {
    thread.state = 'ended';
    if (!thread.daemon) this.liveThreads -= 1;
    this.threads.splice(this.threads.indexOf(thread), 1);
    if (this.liveThreads === 0) this.end({ kind: 'completed' });
    else this.switchToNext();
  }

  private end(end: RunEnd): void {
    const { finish } = this;
    this.finish = null;
    this.fail = null;
    finish?.(end);
  }

  /** A thread threw: a bugcheck, a refusal or our bug. No other thread goes on. */
  private stop(reason: unknown): void {
    const { fail } = this;
    this.finish = null;
    this.fail = null;
    if (reason instanceof HangSignal)
      fail?.(new HangSignal([...reason.lines, ...this.waitGraph()]));
    else fail?.(reason);
  }
}
