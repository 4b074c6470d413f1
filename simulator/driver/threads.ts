// Simulated threads inside driver code. WebAssembly suspends and resumes their stacks by itself (JSPI),
// but four cells belong to whichever thread runs: the shadow stack pointer, its limit, the IRQL and
// the head of the SEH chain; and the fuel, which is counted per callback. They change hands right
// before a thread goes on (runtime/README.md, "Running a callback"), because the scheduler lets one
// thread run at a time and resolves nothing else until that one has suspended or ended.
import { assert } from '../../contract/assert.ts';
import type { SourcePlace } from '../../contract/finding.ts';
import type { CallbackData } from '../filter-manager/index.ts';
import { addressSpace, controlCell } from '../image/addressSpace.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { lowerTo, raiseTo } from '../kernel/apcBarriers.ts';
import type { Culprit, Thread } from '../kernel/thread.ts';
import type { DriverMemory } from './driverMemory.ts';

/** Models: the kernel stack of x64; -O0 frames are larger than optimised ones, hence not 12 KiB. */
const STACK_BYTES = 24 * 1024;
const STACK_ALIGNMENT = 16;
/** Function entries and branches that one callback may take: about half a second on a slow machine. */
const CALLBACK_FUEL = 50_000_000;

/**
 * What a call into the kernel takes of it, beside the driver's own branches: the model's side of a call
 * is dearer, above all where the stack may suspend or an event is told.
 */
export const CALL_FUEL = 40;
export const DEAR_CALL_FUEL = 2_000;

/** A thread's share of the machine while it is in driver code. */
export interface ThreadState {
  thread: Thread;
  stackPointer: number;
  stackLimit: number;
  sehHead: number;
  fuel: number;
  /** Callbacks of drivers that are under way on this thread, one inside the other. */
  depth: number;
  /** Stacks of the imports that the thread is in, for places while it is suspended; innermost last. */
  readonly imports: Error[];
  /** The callbacks under way, innermost last; what `report` decides by. */
  readonly callbacks: CallbackInProgress[];
}

/** Which operation a callback works on, if any. */
export interface CallbackInProgress {
  readonly kind: 'pre' | 'post' | 'other';
  readonly data: CallbackData | null;
  /** Where it begins. */
  readonly place: SourcePlace | undefined;
  /** It is there to acquire or release a lock: another IRQL at its return is no mistake. */
  readonly mayChangeIrql?: boolean;
}

const cell = (name: keyof typeof controlCell): number =>
  addressSpace.controlBlock + controlCell[name];

export class DriverThreads {
  private readonly kernel: Kernel;
  private readonly memory: DriverMemory;
  private readonly stackPointer: WebAssembly.Global;
  private readonly states = new Map<Thread, ThreadState>();
  /** Of threads that have left driver code: their stacks are taken again, the last one first. */
  private readonly spare: ThreadState[] = [];
  private loaded: ThreadState | null = null;

  constructor(kernel: Kernel, memory: DriverMemory, stackPointer: WebAssembly.Global) {
    this.kernel = kernel;
    this.memory = memory;
    this.stackPointer = stackPointer;
    kernel.scheduler.onSwitch((to) => this.switchTo(to));
  }

  /** The running thread's state, or null when no driver code is under way on it. */
  get current(): ThreadState | null {
    return this.stateOf(this.kernel.scheduler.current);
  }

  /** The same for any thread. */
  stateOf(thread: Thread): ThreadState | null {
    return this.states.get(thread) ?? null;
  }

  /** The same, where driver code is known to be under way. */
  require(): ThreadState {
    const { current } = this;
    assert(current !== null, 'an import is called by driver code on the current thread');
    return current;
  }

  private switchTo(to: Thread): void {
    this.save();
    const state = this.states.get(to) ?? null;
    this.loaded = state;
    if (state !== null) this.load(state);
  }

  /** Counts a kernel call of the current thread; its next branch ends a callback that has used it up. */
  spend(fuel: number): void {
    const at = cell('fuel');
    this.memory.write32(at, (this.memory.read32(at) | 0) - fuel);
  }

  private save(): void {
    const { loaded, memory } = this;
    if (loaded === null) return;
    loaded.stackPointer = this.stackPointer.value;
    loaded.sehHead = memory.read32(cell('sehHead'));
    loaded.fuel = memory.read32(cell('fuel')) | 0;
  }

  private load(state: ThreadState): void {
    const { memory } = this;
    this.stackPointer.value = state.stackPointer;
    memory.write32(cell('stackLimit'), state.stackLimit);
    memory.write32(cell('sehHead'), state.sehHead);
    memory.write32(cell('fuel'), state.fuel);
    memory.write32(cell('irql'), state.thread.irql);
  }

  /** Called before driver code is entered on the current thread; `leave` undoes it. */
  enter(callback: CallbackInProgress): ThreadState {
    const thread = this.kernel.scheduler.current;
    let state = this.states.get(thread);
    if (state === undefined) {
      state = this.spare.pop() ?? this.newState(thread);
      state.thread = thread;
      state.stackPointer = state.stackLimit + STACK_BYTES;
      state.sehHead = 0;
      state.fuel = CALLBACK_FUEL;
      this.states.set(thread, state);
    }
    if (this.loaded !== state) {
      this.save();
      this.loaded = state;
      this.load(state);
    } else {
      this.memory.write32(cell('irql'), thread.irql);
    }
    state.depth += 1;
    state.callbacks.push(callback);
    return state;
  }

  /** Called when the callback is over, however it ended. */
  leave(state: ThreadState, stackPointer: number, sehHead: number): void {
    this.stackPointer.value = stackPointer;
    this.memory.write32(cell('sehHead'), sehHead);
    state.callbacks.pop();
    state.depth -= 1;
    if (state.depth > 0) return;
    this.states.delete(state.thread);
    this.spare.push(state);
    if (this.loaded === state) this.loaded = null;
  }

  /** Takes `length` bytes from the current thread's shadow stack, until `leave`. */
  push(length: number): number {
    const rounded = (length + STACK_ALIGNMENT - 1) & -STACK_ALIGNMENT;
    this.stackPointer.value -= rounded;
    return this.stackPointer.value;
  }

  get stackTop(): number {
    return this.stackPointer.value;
  }

  /** Non-zero while the running code is inside a __try of the driver. */
  get sehHead(): number {
    return this.memory.read32(cell('sehHead'));
  }

  /** KeRaiseIrql and its like: the thread and the checker's cell change together. */
  setIrql(irql: Thread['irql']): void {
    this.kernel.scheduler.current.irql = irql;
    this.memory.write32(cell('irql'), irql);
  }

  /** The same where driver code asked for it: a hang can name the line. */
  raiseIrql(irql: Thread['irql'], by: Culprit): void {
    raiseTo(this.kernel.scheduler.current, irql, by);
    this.memory.write32(cell('irql'), irql);
  }

  lowerIrql(irql: Thread['irql']): void {
    lowerTo(this.kernel.scheduler.current, irql);
    this.memory.write32(cell('irql'), irql);
  }

  private newState(thread: Thread): ThreadState {
    const length = STACK_BYTES + STACK_ALIGNMENT;
    const address = this.kernel.pool.allocate('nonpaged', length, 'Stck', 'system');
    const stackLimit = (address + STACK_ALIGNMENT - 1) & -STACK_ALIGNMENT;
    return {
      thread,
      stackPointer: stackLimit + STACK_BYTES,
      stackLimit,
      sehHead: 0,
      fuel: CALLBACK_FUEL,
      depth: 0,
      imports: [],
      callbacks: [],
    };
  }
}
