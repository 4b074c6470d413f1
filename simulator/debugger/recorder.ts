// Keeps the simulated call stacks and counts the moments while a simulation runs, and stops it for good
// at the moment that is asked for: the machine stays as it is then, to be looked at. Going on means
// simulating again, up to a later moment; going back, up to an earlier one.
import type { TraceEvent } from '../../contract/trace.ts';
import type { IoCore } from '../io/index.ts';
import type { CallFrame, DebugPort, TrackedKind } from '../kernel/debugPort.ts';
import type { Machine } from '../kernel/machine.ts';
import type { Thread } from '../kernel/thread.ts';
import type { DriverView, DriverWatcher } from './driverView.ts';
import { MomentLog, type Moment, type MomentKind } from './moments.ts';

/** Thrown through the simulation to stop it; nothing of the model catches it. */
export class ParkSignal extends Error {
  override readonly name = 'ParkSignal';
}

/** A function of the driver on its own stack. */
export interface DriverFrame {
  /** Index in the image. */
  readonly function: number;
  /** Where its variables lie. */
  readonly base: number;
  /** The statement that it stands at. */
  row: number;
}

/** One entry of a simulated call stack. */
export interface StackEntry {
  readonly frame: CallFrame;
  /** For a call into the driver: its functions, outermost first. */
  readonly driver: DriverFrame[] | null;
}

/** Asked at every moment, with its number: true stops the simulation there. */
export type StopAt = (moment: Moment, index: number) => boolean;

export class Recorder implements DebugPort, DriverWatcher {
  readonly log = new MomentLog();
  readonly stacks = new Map<Thread, StackEntry[]>();
  readonly tracked: Readonly<Record<TrackedKind, Set<object>>> = {
    irp: new Set(),
    operation: new Set(),
    node: new Set(),
    resource: new Set(),
  };
  driver: DriverView | null = null;
  /** The moment at which the simulation was stopped; -1 while it runs or when it came to its end. */
  parkedAt = -1;
  /** The thread that ran then. */
  parkedThread: Thread | null = null;
  /** Of a moment at which a routine returns: the call that is over. */
  returned: CallFrame | null = null;
  private machineOrNull: Machine | null = null;
  private ioOrNull: IoCore | null = null;
  private readonly stopAt: StopAt;

  constructor(stopAt: StopAt) {
    this.stopAt = stopAt;
  }

  attach(machine: Machine, io: IoCore): void {
    this.machineOrNull = machine;
    this.ioOrNull = io;
    machine.debug = this;
  }

  get machine(): Machine {
    if (this.machineOrNull === null) throw new RangeError('no machine is attached');
    return this.machineOrNull;
  }

  get io(): IoCore {
    if (this.ioOrNull === null) throw new RangeError('no machine is attached');
    return this.ioOrNull;
  }

  loaded(view: DriverView): void {
    this.driver = view;
  }

  enter(routine: string, ...args: readonly number[]): CallFrame {
    return this.push(routine, args, null);
  }

  enterDriver(name: string, args: readonly number[]): CallFrame {
    return this.push(`${this.driver?.name ?? 'driver'}!${name}`, args, []);
  }

  leave(frame: CallFrame | undefined): void {
    if (frame === undefined) return;
    const stack = this.stackOf(frame.thread);
    for (;;) {
      const top = stack.pop();
      if (top === undefined) return;
      const caller = stack.at(-1)?.frame.routine ?? null;
      this.returned = top.frame;
      this.note('return', { routine: top.frame.routine, caller });
      if (top.frame === frame) return;
    }
  }

  line(row: number): void {
    const { driver } = this;
    const line = driver?.lines[row];
    const frames = this.stackOf(this.current).at(-1)?.driver;
    if (driver === null || line === undefined || !frames) return;
    const base = driver.frameBase;
    dropReturned(frames, base);
    const top = frames.at(-1);
    const begins = top?.function !== line.function || top.base !== base;
    if (begins) frames.push({ function: line.function, base, row });
    else top.row = row;
    this.note('line', { row, begins });
  }

  event(event: TraceEvent): void {
    this.log.addEvent(event);
    this.note('event', {});
  }

  created(kind: TrackedKind, object: object): void {
    this.tracked[kind].add(object);
  }

  gone(kind: TrackedKind, object: object): void {
    this.tracked[kind].delete(object);
  }

  private push(routine: string, args: readonly number[], driver: DriverFrame[] | null): CallFrame {
    const thread = this.current;
    const stack = this.stackOf(thread);
    // The driver calls out: functions that it has returned from are on no stack any more.
    const caller = stack.at(-1)?.driver;
    if (caller && this.driver !== null) dropReturned(caller, this.driver.frameBase);
    const frame: CallFrame = { thread, routine, arguments: args, locals: {} };
    stack.push({ frame, driver });
    this.note('enter', { routine });
    return frame;
  }

  private get current(): Thread {
    return this.machine.scheduler.current;
  }

  private stackOf(thread: Thread): StackEntry[] {
    let stack = this.stacks.get(thread);
    if (stack === undefined) this.stacks.set(thread, (stack = []));
    return stack;
  }

  private note(
    kind: MomentKind,
    of: Partial<Pick<Moment, 'routine' | 'caller' | 'row' | 'begins'>>,
  ): void {
    // The set-up of a workload is before the beginning.
    if (this.parkedAt !== -1 || !this.machine.trace.enabled) return;
    const thread = this.current;
    const stack = this.stackOf(thread);
    const depth = stack.length + (stack.at(-1)?.driver?.length ?? 0);
    const { routine = null, caller = null, row = -1, begins = false } = of;
    const moment: Moment = { kind, thread, depth, routine, caller, row, begins };
    if (kind !== 'return') this.returned = null;
    const index = this.log.add(moment);
    if (!this.stopAt(moment, index)) return;
    this.parkedAt = index;
    this.parkedThread = thread;
    throw new ParkSignal('stopped by the debugger');
  }
}

/** Frames lie lower the deeper the call: what lies below `base` has returned. */
function dropReturned(frames: DriverFrame[], base: number): void {
  while ((frames.at(-1)?.base ?? base) < base) frames.pop();
}
