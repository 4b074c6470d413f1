// Dispatcher objects and locks in the driver's own memory: the structure holds what a driver may read,
// the model behind its address does the waiting.
import {
  NotModelledSignal,
  type KernelEvent,
  type Resource,
  type Waitable,
} from '../kernel/kernel.ts';
import type { Thread } from '../kernel/thread.ts';
import { DispatcherLayout } from './layout.ts';
import type { Room } from './room.ts';

const NOTIFICATION_EVENT = 0;
/** KOBJECTS: what DISPATCHER_HEADER.Type says. */
const MUTANT = 2;
const SEMAPHORE = 5;

/** KSEMAPHORE and KMUTANT: a count, or an owner who may take it again. */
class Countable implements Waitable {
  readonly waiters: Thread[] = [];
  readonly recursive: boolean;
  count: number;
  owner: Thread | null = null;
  /** Times that the owner has it. */
  depth = 0;

  constructor(count: number, recursive: boolean) {
    this.count = count;
    this.recursive = recursive;
  }

  tryTake(thread: Thread): boolean {
    if (this.recursive && this.owner === thread) {
      this.depth += 1;
      return true;
    }
    if (this.count <= 0) return false;
    this.count -= 1;
    this.owner = thread;
    this.depth = 1;
    return true;
  }
}

interface Rundown {
  users: number;
  readonly gone: KernelEvent;
  /** Somebody waits or has waited: nobody gets in any more. */
  closed: boolean;
}

/** What a driver can wait on by address. */
type Waited = { readonly event: KernelEvent } | { readonly countable: Countable };

export class DispatcherObjects {
  private readonly room: Room;
  private readonly objects = new Map<number, Waited>();
  private readonly mutexes = new Map<number, Countable>();
  private readonly rundowns = new Map<number, Rundown>();
  private readonly resources = new Map<number, Resource>();
  /** Threads that the driver created end by setting their event. */
  private readonly threadEnds = new Map<number, KernelEvent>();

  constructor(room: Room) {
    this.room = room;
  }

  initializeEvent(address: number, type: number, signalled: boolean): void {
    const kind = type === NOTIFICATION_EVENT ? 'notification' : 'synchronization';
    const event = this.room.kernel.scheduler.createEvent(kind, signalled);
    this.objects.set(address, { event });
    this.writeHeader(address, type, signalled ? 1 : 0);
  }

  initializeSemaphore(address: number, count: number): void {
    this.objects.set(address, { countable: new Countable(count, false) });
    this.writeHeader(address, SEMAPHORE, count);
  }

  initializeMutex(address: number): void {
    this.objects.set(address, { countable: new Countable(1, true) });
    this.writeHeader(address, MUTANT, 1);
  }

  private writeHeader(address: number, type: number, state: number): void {
    this.room.probe(address, DispatcherLayout.length, true, 'the initialization of an object');
    this.room.memory.write8(address + DispatcherLayout.Type, type);
    this.room.memory.write32(address + DispatcherLayout.SignalState, state);
  }

  private object(address: number, routine: string): Waited {
    const found = this.objects.get(address);
    if (found !== undefined) return found;
    this.room.probe(address, DispatcherLayout.length, false, routine);
    const shown = `0x${address.toString(16).padStart(8, '0')}`;
    this.room.kernel.report({
      id: 'bad-handle',
      message: `${routine} was given ${shown}, which was never initialized as a dispatcher object.`,
    });
    throw new NotModelledSignal(`${routine} on an object that was never initialized`);
  }

  private event(address: number, routine: string): KernelEvent {
    const found = this.object(address, routine);
    if ('event' in found) return found.event;
    throw new NotModelledSignal(`${routine} on an object that is no event`);
  }

  private countable(address: number, routine: string): Countable {
    const found = this.object(address, routine);
    if ('countable' in found) return found.countable;
    throw new NotModelledSignal(`${routine} on an object that is neither semaphore nor mutex`);
  }

  /** KeSetEvent, KeResetEvent, KeReadStateEvent: the state before, as 0 or 1. */
  setEvent(address: number): number {
    const event = this.event(address, 'KeSetEvent');
    const before = event.signalled ? 1 : 0;
    event.set();
    this.showEvent(address, event);
    return before;
  }

  resetEvent(address: number): number {
    const event = this.event(address, 'KeResetEvent');
    const before = event.signalled ? 1 : 0;
    event.reset();
    this.showEvent(address, event);
    return before;
  }

  readEvent(address: number): number {
    return this.event(address, 'KeReadStateEvent').signalled ? 1 : 0;
  }

  private showEvent(address: number, event: KernelEvent): void {
    this.room.memory.write32(address + DispatcherLayout.SignalState, event.signalled ? 1 : 0);
  }

  /** KeReleaseSemaphore, KeReleaseMutex: the count before. */
  release(address: number, adjustment: number, routine: string): number {
    const object = this.countable(address, routine);
    const before = object.count;
    if (object.recursive) {
      object.depth -= 1;
      if (object.depth > 0) return before;
    }
    this.hand(object, adjustment);
    this.room.memory.write32(address + DispatcherLayout.SignalState, object.count);
    return before;
  }

  /** Adds to a count and hands it to whoever waits. */
  private hand(object: Countable, adjustment: number): void {
    object.count += adjustment;
    object.owner = null;
    while (object.count > 0) {
      const next = object.waiters.shift();
      if (next === undefined) return;
      object.tryTake(next);
      this.room.kernel.scheduler.grant(next);
    }
  }

  /** KeWaitForSingleObject: false when the time was over. */
  async wait(address: number, timeout_100ns: bigint | undefined): Promise<boolean> {
    const { scheduler } = this.room.kernel;
    const routine = 'KeWaitForSingleObject';
    const shown = `0x${address.toString(16).padStart(8, '0')}`;
    const ended = this.threadEnds.get(address);
    if (ended !== undefined) {
      const reason = { kind: 'thread', what: `the end of thread ${shown}` };
      return (await scheduler.waitForEvent(ended, reason, timeout_100ns)) === 'signalled';
    }
    const object = this.object(address, routine);
    if ('event' in object) {
      const reason = { kind: 'event', what: `the driver's event ${shown}` };
      const result = await scheduler.waitForEvent(object.event, reason, timeout_100ns);
      this.showEvent(address, object.event);
      return result === 'signalled';
    }
    const { countable } = object;
    const holder = countable.owner === null ? {} : { holder: countable.owner };
    const reason = { kind: 'lock', what: `the driver's object ${shown}`, ...holder };
    const taken = await scheduler.waitFor(countable, reason, timeout_100ns);
    this.room.memory.write32(address + DispatcherLayout.SignalState, countable.count);
    return taken;
  }

  /**
   * FAST_MUTEX and KGUARDED_MUTEX, made at first sight, because drivers initialize the former inline.
   * False when `wait` is false and somebody has it.
   */
  async acquireMutex(address: number, wait: boolean): Promise<boolean> {
    const { scheduler } = this.room.kernel;
    let mutex = this.mutexes.get(address);
    if (mutex === undefined) this.mutexes.set(address, (mutex = new Countable(1, false)));
    if (!wait && mutex.count <= 0) return false;
    const holder = mutex.owner === null ? {} : { holder: mutex.owner };
    const what = `the driver's mutex 0x${address.toString(16).padStart(8, '0')}`;
    return scheduler.waitFor(mutex, { kind: 'mutex', what, ...holder });
  }

  releaseMutex(address: number, routine: string): void {
    const mutex = this.mutexes.get(address);
    if (mutex === undefined || mutex.count > 0) {
      this.room.kernel.report({
        id: 'bad-handle',
        message: `${routine} was given a mutex that nobody has acquired.`,
      });
      return;
    }
    this.hand(mutex, 1);
  }

  /** ERESOURCE and push locks. */
  initializeResource(address: number): void {
    this.resources.set(address, this.room.kernel.createResource());
  }

  /** Whether the thread has one of the driver's ERESOURCEs or push locks. */
  holdsResource(thread: Thread): boolean {
    return [...this.resources.values()].some(({ owners }) => owners.has(thread));
  }

  deleteResource(address: number): void {
    this.resources.delete(address);
  }

  resource(address: number, routine: string): Resource {
    this.room.contexts.noticeUse(address, routine);
    const found = this.resources.get(address);
    if (found !== undefined) return found;
    const shown = `0x${address.toString(16).padStart(8, '0')}`;
    this.room.kernel.report({
      id: 'bad-handle',
      message: `${routine} was given ${shown}, which was never initialized as a lock.`,
    });
    throw new NotModelledSignal(`${routine} on a lock that was never initialized`);
  }

  /** EX_RUNDOWN_REF: users that hold an object, and one who waits until they have gone. */
  initializeRundown(address: number): void {
    const gone = this.room.kernel.scheduler.createEvent('notification', true);
    this.rundowns.set(address, { users: 0, gone, closed: false });
  }

  acquireRundown(address: number): boolean {
    const rundown = this.rundown(address);
    if (rundown.closed) return false;
    rundown.users += 1;
    rundown.gone.reset();
    return true;
  }

  releaseRundown(address: number): void {
    const rundown = this.rundown(address);
    rundown.users -= 1;
    if (rundown.users === 0) rundown.gone.set();
  }

  async waitForRundown(address: number): Promise<void> {
    const rundown = this.rundown(address);
    rundown.closed = true;
    const what = `the users of rundown protection 0x${address.toString(16).padStart(8, '0')}`;
    await this.room.kernel.scheduler.waitForEvent(rundown.gone, { kind: 'rundown', what });
  }

  /** A zeroed EX_RUNDOWN_REF is an initialized one. */
  private rundown(address: number): Rundown {
    const found = this.rundowns.get(address);
    if (found !== undefined) return found;
    this.initializeRundown(address);
    return this.rundowns.get(address) as Rundown;
  }

  noteThread(thread: Thread): KernelEvent {
    const ended = this.room.kernel.scheduler.createEvent('notification', false);
    this.threadEnds.set(thread.address, ended);
    return ended;
  }
}
