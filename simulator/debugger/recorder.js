import { MomentLog } from './moments.ts';
/** Thrown through the simulation to stop it; nothing of the model catches it. */
export class ParkSignal extends Error {
    name = 'ParkSignal';
}
export class Recorder {
    log = new MomentLog();
    stacks = new Map();
    tracked = {
        irp: new Set(),
        operation: new Set(),
        node: new Set(),
        resource: new Set(),
    };
    driver = null;
    /** The moment at which the simulation was stopped; -1 while it runs or when it came to its end. */
    parkedAt = -1;
    /** The thread that ran then. */
    parkedThread = null;
    /** Of a moment at which a routine returns: the call that is over. */
    returned = null;
    machineOrNull = null;
    ioOrNull = null;
    stopAt;
    constructor(stopAt) {
        this.stopAt = stopAt;
    }
    attach(machine, io) {
        this.machineOrNull = machine;
        this.ioOrNull = io;
        machine.debug = this;
    }
    get machine() {
        if (this.machineOrNull === null)
            throw new RangeError('no machine is attached');
        return this.machineOrNull;
    }
    get io() {
        if (this.ioOrNull === null)
            throw new RangeError('no machine is attached');
        return this.ioOrNull;
    }
    loaded(view) {
        this.driver = view;
    }
    enter(routine, ...args) {
        return this.push(routine, args, null);
    }
    enterDriver(name, args) {
        return this.push(`${this.driver?.name ?? 'driver'}!${name}`, args, []);
    }
    leave(frame) {
        if (frame === undefined)
            return;
        const stack = this.stackOf(frame.thread);
        for (;;) {
            const top = stack.pop();
            if (top === undefined)
                return;
            const caller = stack.at(-1)?.frame.routine ?? null;
            this.returned = top.frame;
            this.note('return', { routine: top.frame.routine, caller });
            if (top.frame === frame)
                return;
        }
    }
    line(row) {
        const { driver } = this;
        const line = driver?.lines[row];
        const frames = this.stackOf(this.current).at(-1)?.driver;
        if (driver === null || line === undefined || !frames)
            return;
        const base = driver.frameBase;
        dropReturned(frames, base);
        const top = frames.at(-1);
        const begins = top?.function !== line.function || top.base !== base;
        if (begins)
            frames.push({ function: line.function, base, row });
        else
            top.row = row;
        this.note('line', { row, begins });
    }
    event(event) {
        this.log.addEvent(event);
        this.note('event', {});
    }
    created(kind, object) {
        this.tracked[kind].add(object);
    }
    gone(kind, object) {
        this.tracked[kind].delete(object);
    }
    push(routine, args, driver) {
        const thread = this.current;
        const stack = this.stackOf(thread);
        // The driver calls out: functions that it has returned from are on no stack any more.
        const caller = stack.at(-1)?.driver;
        if (caller && this.driver !== null)
            dropReturned(caller, this.driver.frameBase);
        const frame = { thread, routine, arguments: args, locals: {} };
        stack.push({ frame, driver });
        this.note('enter', { routine });
        return frame;
    }
    get current() {
        return this.machine.scheduler.current;
    }
    stackOf(thread) {
        let stack = this.stacks.get(thread);
        if (stack === undefined)
            this.stacks.set(thread, (stack = []));
        return stack;
    }
    note(kind, of) {
        // The set-up of a workload is before the beginning.
        if (this.parkedAt !== -1 || !this.machine.trace.enabled)
            return;
        const thread = this.current;
        const stack = this.stackOf(thread);
        const depth = stack.length + (stack.at(-1)?.driver?.length ?? 0);
        const { routine = null, caller = null, row = -1, begins = false } = of;
        const moment = { kind, thread, depth, routine, caller, row, begins };
        if (kind !== 'return')
            this.returned = null;
        const index = this.log.add(moment);
        if (!this.stopAt(moment, index))
            return;
        this.parkedAt = index;
        this.parkedThread = thread;
        throw new ParkSignal('stopped by the debugger');
    }
}
/** Frames lie lower the deeper the call: what lies below `base` has returned. */
function dropReturned(frames, base) {
    while ((frames.at(-1)?.base ?? base) < base)
        frames.pop();
}
