// The room of one loaded driver: its code, its memory, its threads, and what it has been given. The
// rows of exports/ receive it; nothing outside driver/ does.
import { assert } from '../../contract/assert.ts';
import type { SourcePlace } from '../../contract/finding.ts';
import type { RuleId } from '../../contract/rules.ts';
import { isFileSynchronization, NtStatus } from '../../contract/windows/index.ts';
import type { CallbackData, Filter, FilterManager } from '../filter-manager/index.ts';
import type { LineTable } from '../image/index.ts';
import type { IoManager } from '../io/ioManager.ts';
import type { CallFrame } from '../kernel/debugPort.ts';
import { BugcheckSignal, HangSignal, NotModelledSignal, type Kernel } from '../kernel/kernel.ts';
import { isLater, type MaybeLater } from '../kernel/later.ts';
import type { Culprit, Thread } from '../kernel/thread.ts';
import { firstBadByte, judgeAccess, type Access } from './access.ts';
import type { CallbackDataImages } from './callbackDataImage.ts';
import { Contexts } from './contexts.ts';
import { DispatcherObjects } from './dispatcherObjects.ts';
import type { DriverInput } from './driverInput.ts';
import type { DriverMemory } from './driverMemory.ts';
import { DriverPool } from './driverPool.ts';
import { trapped } from './ends.ts';
import type { WindowsModule } from './exports/index.ts';
import { FileNames } from './fileNames.ts';
import { FltReferences } from './fltReferences.ts';
import type { ObjectImages } from './objectImages.ts';
import { OwnData } from './ownData.ts';
import { CancelQueues } from './cancelQueues.ts';
import { DriverPorts } from './ports.ts';
import { DriverMdls } from './driverMdls.ts';
import { captureStack, modulesOn, placesOf, sourcePlace } from './places.ts';
import type { Routines } from './routines.ts';
import type { CallbackInProgress, DriverThreads, ThreadState } from './threads.ts';
import { WorkItems } from './workItems.ts';

/** What the rooms of one simulation share, whichever drivers are in them. */
export interface SharedParts {
  readonly kernel: Kernel;
  readonly io: IoManager;
  readonly manager: FilterManager;
  readonly memory: DriverMemory;
  readonly table: WebAssembly.Table;
  readonly threads: DriverThreads;
  readonly objects: ObjectImages;
  readonly callbackData: CallbackDataImages;
}

/** What the room is made of before the image is instantiated. */
export interface RoomParts extends SharedParts {
  readonly lines: LineTable;
  readonly isOwnFile: (file: string) => boolean;
  /** Whether the function behind a pointer may have to wait, so that its stack must suspend. */
  readonly suspends: (pointer: number) => boolean;
}

type Entry = (...values: readonly WebAssembly.WasmValue[]) => MaybeLater<WebAssembly.WasmValue>;

/** What a callback must leave as it found it. */
interface Balance {
  readonly irql: Thread['irql'];
  readonly regions: number;
  readonly guarded: number;
  readonly barriers: number;
}

/** A call into driver code, and how its thread stood before. */
interface CallInProgress extends Balance {
  readonly callback: CallbackInProgress;
  readonly state: ThreadState;
  readonly stackTop: number;
  readonly sehHead: number;
  /** Where a debugger watches. */
  frame: CallFrame | undefined;
}

const isSynchronization = ({ data }: CallbackInProgress): boolean =>
  data !== null && isFileSynchronization(data.iopb.majorFunction);

/** Longest text that a routine reads before it gives up on a terminator. */
const TEXT_MAX = 0x8000;

export class Room {
  readonly kernel: Kernel;
  readonly io: IoManager;
  readonly manager: FilterManager;
  readonly memory: DriverMemory;
  readonly input: DriverInput;
  readonly threads: DriverThreads;
  readonly objects: ObjectImages;
  readonly callbackData: CallbackDataImages;
  readonly pool: DriverPool;
  readonly contexts: Contexts;
  readonly fileNames: FileNames;
  readonly references: FltReferences;
  readonly dispatcher: DispatcherObjects;
  readonly workItems: WorkItems;
  readonly ownData: OwnData;
  readonly mdls: DriverMdls;
  readonly cancelQueues: CancelQueues;
  readonly ports: DriverPorts;
  /** Set by the loader, which needs the room to make them. */
  routines: Routines | null = null;
  /** The filter that this driver registered, while it is registered. */
  filter: Filter | null = null;
  /** FLTFL_REGISTRATION_DO_NOT_SUPPORT_SERVICE_STOP was not set. */
  canBeStopped = true;
  /** DRIVER_OBJECT. */
  driverObject = 0;
  /** Where the driver asked for FltGetNewSystemBufferAddress and was told that there is none. */
  newSystemBufferMissing: readonly SourcePlace[] | null = null;
  /** The last access violation was told where it happened. */
  toldFault = false;
  /** IRQL at which each fast mutex was acquired. */
  readonly fastMutexIrql = new Map<number, Thread['irql']>();
  /** Operations that a callback of the driver has pended, with their blocks as it received them. */
  readonly held = new Map<CallbackData, Uint8Array>();
  private readonly table: WebAssembly.Table;
  private readonly lines: LineTable;
  private readonly isOwnFile: (file: string) => boolean;
  /** The image, by the name that V8 gives it in a stack; null until it has called a routine. */
  private module: string | null = null;
  private hasCalled = false;
  private readonly suspends: RoomParts['suspends'];
  private readonly entries = new Map<number, Entry>();
  private raiseException: ((status: number) => never) | null = null;

  constructor(parts: RoomParts, input: DriverInput) {
    this.kernel = parts.kernel;
    this.io = parts.io;
    this.manager = parts.manager;
    this.memory = parts.memory;
    this.table = parts.table;
    this.lines = parts.lines;
    this.isOwnFile = parts.isOwnFile;
    this.suspends = parts.suspends;
    this.input = input;
    this.threads = parts.threads;
    this.objects = parts.objects;
    this.callbackData = parts.callbackData;
    this.pool = new DriverPool(this);
    this.contexts = new Contexts(this);
    this.fileNames = new FileNames(this);
    this.references = new FltReferences(this);
    this.dispatcher = new DispatcherObjects(this);
    this.workItems = new WorkItems(this);
    this.ownData = new OwnData(this);
    this.mdls = new DriverMdls(this);
    this.cancelQueues = new CancelQueues(this);
    this.ports = new DriverPorts(this);
  }

  /** Called by each routine that the image imports: the innermost frame is the image's own. */
  learnModule(): void {
    if (this.hasCalled) return;
    this.hasCalled = true;
    this.module = modulesOn(captureStack())[0] ?? null;
  }

  /** Whether a module on a stack is this driver's image. */
  isImage(module: string): boolean {
    return this.module === module;
  }

  /** The image is there: how it raises an exception from inside an import. */
  setRaise(raise: (status: number) => never): void {
    this.raiseException = raise;
  }

  /** FltGetRoutineAddress, MmGetSystemRoutineAddress: 0 where this Windows exports no such routine. */
  routineAddress(modules: readonly WindowsModule[], name: string, asked: string): number {
    assert(this.routines !== null, 'driver code runs after the image is bound');
    return this.routines.addressOf(modules, name, asked);
  }

  /** Where the driver is on the current thread, innermost first; empty when it is not. */
  place(): SourcePlace[] {
    const here = this.placesOf(captureStack());
    if (here.length > 0) return here;
    // Suspended: the WebAssembly frames are on another stack. The import knows where it was called.
    const suspended = this.threads.current?.imports.at(-1);
    return suspended === undefined ? [] : this.placesOf(suspended);
  }

  /** Who called a routine: "read.c:120, KeEnterGuardedRegion". */
  calledBy(routine: string): Culprit {
    const captured = this.threads.current?.imports.at(-1) ?? captureStack();
    const name = (): string => {
      const place = this.placesOf(captured)[0];
      return place === undefined ? routine : `${place.file}:${place.line}, ${routine}`;
    };
    return { name, stack: () => this.placesOf(captured) };
  }

  placesOf(captured: Error): SourcePlace[] {
    return placesOf(captured, this.module, this.lines, this.isOwnFile);
  }

  /** Where the function behind a function pointer begins. */
  placeOfRoutine(pointer: number): SourcePlace | undefined {
    const found = this.lines.functionOfPointer(pointer);
    const entry = found && this.lines.entryOf(found.index);
    return entry && sourcePlace(entry, found.name);
  }

  /**
   * Calls driver code by function pointer on the current thread. `prepare` runs when the thread's
   * stack is there and gives the arguments. A bug check, a hang or a refusal is thrown on.
   */
  call(
    pointer: number,
    callback: CallbackInProgress,
    prepare: (stack: DriverThreads) => readonly WebAssembly.WasmValue[],
  ): MaybeLater<number> {
    return this.callEntry(this.entryOf(pointer), callback, prepare);
  }

  callEntry(
    entry: Entry,
    callback: CallbackInProgress,
    prepare: (stack: DriverThreads) => readonly WebAssembly.WasmValue[],
  ): MaybeLater<number> {
    const { threads } = this;
    const { current } = this.kernel.scheduler;
    const state = threads.enter(callback);
    const call: CallInProgress = {
      callback,
      state,
      stackTop: threads.stackTop,
      sehHead: threads.sehHead,
      irql: current.irql,
      regions: current.criticalRegions,
      guarded: current.guardedRegions,
      barriers: current.barriers.length,
      frame: undefined,
    };
    let returned: MaybeLater<WebAssembly.WasmValue>;
    try {
      const values = prepare(threads);
      const { watcher } = this.input;
      if (watcher !== undefined) {
        const name = callback.place?.function ?? 'DriverEntry';
        call.frame = watcher.enterDriver(name, values.map(Number));
      }
      returned = entry(...values);
    } catch (error) {
      throw this.threw(call, error);
    }
    if (!isLater(returned)) return this.returned(call, returned);
    return returned.then(
      (value) => this.returned(call, value),
      (error: unknown) => {
        throw this.threw(call, error);
      },
    );
  }

  private returned(call: CallInProgress, value: WebAssembly.WasmValue): number {
    this.kernel.debug?.leave(call.frame);
    if (call.callback.mayChangeIrql !== true) this.checkBalance(call, call.callback);
    this.threads.leave(call.state, call.stackTop, call.sehHead);
    return Number(value ?? 0);
  }

  private threw(call: CallInProgress, error: unknown): unknown {
    const ended = this.ended(error);
    this.threads.leave(call.state, call.stackTop, call.sehHead);
    return ended;
  }

  private entryOf(pointer: number): Entry {
    let entry = this.entries.get(pointer);
    if (entry === undefined) {
      const found = pointer < this.table.length ? this.table.get(pointer) : null;
      // A pointer that names no function traps in driver code; ours must end in the same way.
      if (found === null) throw trapped(this.kernel, new Error('table index'), this.place());
      // A call that cannot wait needs no stack of its own: it is many times cheaper.
      entry = this.suspends(pointer) ? WebAssembly.promising(found) : (found as Entry);
      this.entries.set(pointer, entry);
    }
    return entry;
  }

  /** What a callback that threw has come to. Only traps are the driver's; our own bugs go on. */
  private ended(error: unknown): unknown {
    const decided =
      error instanceof BugcheckSignal ||
      error instanceof HangSignal ||
      error instanceof NotModelledSignal;
    if (decided || !(error instanceof WebAssembly.RuntimeError)) return error;
    return trapped(this.kernel, error, this.placesOf(error));
  }

  /**
   * A callback returns at the IRQL and in the regions in which it was called. Acquire and release for
   * sections are two halves of one: what the first enters the second leaves (R-SECTION-15).
   */
  private checkBalance(before: Balance, callback: CallbackInProgress): void {
    const { current } = this.kernel.scheduler;
    const sameRegions =
      current.criticalRegions === before.regions && current.guardedRegions === before.guarded;
    if (current.irql === before.irql && sameRegions) return;
    if (current.irql === before.irql && isSynchronization(callback)) return;
    const { place } = callback;
    const more = current.criticalRegions - before.regions + current.guardedRegions - before.guarded;
    const what =
      current.irql === before.irql
        ? `inside ${more} regions that it entered`
        : `at IRQL ${current.irql}; it was called at IRQL ${before.irql}`;
    const name = place?.function ?? 'A callback';
    this.kernel.report({
      id: 'irql-unbalanced',
      message: `${name} returned ${what}.`,
      stack: place === undefined ? [] : [place],
    });
    this.threads.setIrql(before.irql);
    current.criticalRegions = before.regions;
    current.guardedRegions = before.guarded;
    current.barriers.length = Math.min(current.barriers.length, before.barriers);
  }

  /** Raises `status` in the driver, as ExRaiseStatus does. Never returns. */
  raise(status: NtStatus): never {
    if (this.raiseException === null) throw new RangeError('no image to raise an exception in');
    return this.raiseException(status);
  }

  /**
   * Checks a range that a routine is about to touch on the driver's behalf. A range that it may not
   * touch is reported, and raises or bug-checks as the same access in driver code would.
   */
  probe(address: number, size: number, isWrite: boolean, routine: string): void {
    const bad = firstBadByte(this, address, size, isWrite);
    if (bad === null) return;
    if (!this.judge({ address, size, isWrite, bad, routine })) return;
    this.raise(NtStatus.STATUS_ACCESS_VIOLATION);
  }

  /** True when the access faults; it has been told then, and that nobody handles it is no news. */
  judge(access: Access): boolean {
    this.toldFault = judgeAccess(this, access);
    return this.toldFault;
  }

  /** NUL-terminated text, checked as far as it is read, without the NUL. */
  readText(address: number, unit: 1 | 2, routine: string, limit = TEXT_MAX): string {
    let text = '';
    for (let at = address; text.length < limit; at += unit) {
      this.probe(at, unit, false, routine);
      const code = unit === 1 ? this.memory.read8(at) : this.memory.read16(at);
      if (code === 0) break;
      text += String.fromCharCode(code);
    }
    return text;
  }

  /** A trace event for a call whose result matters to the story. */
  tell(
    module: string,
    routine: string,
    values: readonly string[],
    result: string,
    rules: readonly RuleId[] = [],
  ): void {
    const at = this.place()[0];
    this.kernel.trace.emit({
      kind: 'driver-call',
      driver: this.input.name,
      module,
      routine,
      arguments: [...values],
      result,
      ...(at === undefined ? {} : { at }),
      ...(rules.length === 0 ? {} : { rules: [...rules] }),
    });
  }
}
