// The oracle: simulated threads are async functions, and this file alone decides which one goes on.
// Exactly one is runnable at any time: a thread that blocks names its successor in the same breath,
// and the successor's promise is resolved only then (its continuation runs once the stack of the
// blocked one, WebAssembly frames included, has unwound).
import { assert } from '../../contract/assert.ts';
import { enqueueApc, nextDeliverable } from './apcRules.ts';
import { HangSignal } from './kernel.ts';
import { EventRecord } from './eventRecord.ts';
import { ReadyQueue } from './readyQueue.ts';
import { Irql } from './thread.ts';
import { createThreadRecord } from './threadRecord.ts';
import { Timers } from './timers.ts';
import { waitGraph } from './waitGraph.ts';
/** Timers that may fire in a row without `noteProgress`, before the simulation counts as hung. */
const IDLE_JUMPS_MAX = 100_000;
const EPROCESS_LENGTH = 0x2c0;
const ETHREAD_LENGTH = 0x2b8;
/** What the token of any user holds. */
const EVERYBODY = ['SeChangeNotifyPrivilege'];
export class CooperativeScheduler {
    /** Where a thread stands in the driver, for wait graphs; set by whoever can tell. */
    placeOf = null;
    /** Set with the machine's. */
    debug = null;
    running;
    clock;
    ready;
    timers = new Timers();
    threads = [];
    allocateObject;
    switchHooks = [];
    finish = null;
    fail = null;
    liveThreads = 0;
    nextId = 4;
    idleJumps = 0;
    constructor(options) {
        this.clock = options.clock;
        this.ready = new ReadyQueue(options.choice);
        this.allocateObject = options.allocateObject;
        // What runs before the first thread (mounting volumes …) runs as the system's boot thread.
        const system = this.createProcess('System');
        this.running = this.newThread(system, 'boot', true);
        this.running.state = 'running';
    }
    get current() {
        return this.running;
    }
    /** The process of the system's own threads. */
    get systemProcess() {
        return this.threads[0].process;
    }
    createProcess(name, privileges = EVERYBODY) {
        const address = this.allocateObject('Proc', EPROCESS_LENGTH);
        return { name, id: this.takeId(), address, privileges: new Set(privileges) };
    }
    createThread(process, name, body, options = {}) {
        const thread = this.newThread(process, name, options.daemon ?? false);
        if (!thread.daemon)
            this.liveThreads += 1;
        const started = new Promise((resolve) => {
            thread.resume = resolve;
        });
        started.then(body).then(() => this.ended(thread), (reason) => this.stop(reason));
        this.ready.push(thread);
        return thread;
    }
    onSwitch(hook) {
        this.switchHooks.push(hook);
    }
    /** Runs until every thread but the daemons has ended, or nothing can. Errors of threads reject. */
    run() {
        assert(this.finish === null, 'the scheduler runs once at a time');
        return new Promise((resolve, reject) => {
            this.finish = resolve;
            this.fail = reject;
            if (this.liveThreads === 0)
                this.end({ kind: 'completed' });
            else
                this.switchToNext();
        });
    }
    /** The workload has moved on: what waits in a loop is not hung. */
    noteProgress() {
        this.idleJumps = 0;
    }
    /** Whether another thread could run right now. */
    get othersReady() {
        return this.ready.length > 0;
    }
    /** Every thread that has not ended, in the order in which they were made. */
    get all() {
        return this.threads;
    }
    waitGraph() {
        return waitGraph(this.threads, this.placeOf);
    }
    createEvent(kind, signalled) {
        return new EventRecord(kind, signalled, this);
    }
    async waitForEvent(event, reason, timeout_100ns) {
        assert(event instanceof EventRecord, 'events come from createEvent');
        const signalled = await this.waitFor(event, reason, timeout_100ns);
        return signalled ? 'signalled' : 'timeout';
    }
    async waitFor(object, reason, timeout_100ns) {
        const thread = this.running;
        const due = timeout_100ns === undefined ? null : this.clock.elapsed_100ns + Number(timeout_100ns);
        for (;;) {
            if (this.apcDeliverable)
                await this.deliverApcs();
            if (thread.granted) {
                thread.granted = false;
                return true;
            }
            if (object.tryTake(thread))
                return true;
            if (due !== null && this.clock.elapsed_100ns >= due)
                return false;
            object.waiters.push(thread);
            await this.block(thread, reason, due);
            const place = object.waiters.indexOf(thread);
            if (place !== -1)
                object.waiters.splice(place, 1);
        }
    }
    grant(thread) {
        const record = thread;
        record.granted = true;
        this.wake(record);
    }
    async yieldToOthers() {
        const thread = this.running;
        if (this.ready.length > 0) {
            thread.state = 'ready';
            this.ready.push(thread);
            await this.suspend(thread);
        }
        if (this.apcDeliverable)
            await this.deliverApcs();
    }
    queueApc(thread, apc) {
        const record = thread;
        assert(record.state !== 'ended', `no APC can be queued to ${thread.name}: it has ended`);
        enqueueApc(record, apc);
        if (record.state === 'waiting' && nextDeliverable(record) !== -1)
            this.wake(record);
    }
    get apcDeliverable() {
        return nextDeliverable(this.running) !== -1;
    }
    async deliverApcs() {
        const thread = this.running;
        for (;;) {
            const place = nextDeliverable(thread);
            if (place === -1)
                return;
            const [apc] = thread.apcQueue.splice(place, 1);
            const irqlBefore = thread.irql;
            const normal = apc.kind === 'normal';
            if (normal)
                thread.normalApcInProgress = true;
            else
                thread.irql = Irql.APC_LEVEL;
            // Its own waits must not take what the interrupted wait has been granted.
            const grantedBefore = thread.granted;
            thread.granted = false;
            const frame = this.debug?.enter('nt!KiDeliverApc');
            const done = apc.routine();
            if (done !== undefined)
                await done;
            this.debug?.leave(frame);
            thread.granted = grantedBefore;
            if (normal)
                thread.normalApcInProgress = false;
            else
                thread.irql = irqlBefore;
        }
    }
    newThread(process, name, daemon) {
        const address = this.allocateObject('Thre', ETHREAD_LENGTH);
        const thread = createThreadRecord({ address, id: this.takeId(), name }, process, daemon);
        this.threads.push(thread);
        return thread;
    }
    takeId() {
        const id = this.nextId;
        this.nextId += 4;
        return id;
    }
    async block(thread, reason, due) {
        assert(thread.irql < Irql.DISPATCH_LEVEL, `${thread.name} waits at DISPATCH_LEVEL`);
        thread.state = 'waiting';
        thread.waiting = reason;
        if (due !== null)
            this.timers.set(thread, due);
        await this.suspend(thread);
    }
    /** The current thread stops here until it is picked again. */
    suspend(thread) {
        const resumed = new Promise((resolve) => {
            thread.resume = resolve;
        });
        this.switchToNext();
        return resumed;
    }
    wake(thread) {
        if (thread.state !== 'waiting')
            return;
        thread.state = 'ready';
        thread.waiting = null;
        thread.waitNumber += 1;
        this.ready.push(thread);
    }
    switchToNext() {
        if (this.finish === null)
            return;
        const next = this.pick();
        if (next === null) {
            this.end({ kind: 'hang', waitGraph: this.waitGraph() });
            return;
        }
        this.running = next;
        next.state = 'running';
        for (const hook of this.switchHooks)
            hook(next);
        const { resume } = next;
        assert(resume !== null, `${next.name} is not suspended`);
        next.resume = null;
        resume();
    }
    pick() {
        for (const thread of this.timers.takeDue(this.clock.elapsed_100ns))
            this.wake(thread);
        const ready = this.ready.take();
        if (ready !== null)
            return ready;
        const due = this.timers.nextDue();
        if (due === null)
            return null;
        this.idleJumps += 1;
        if (this.idleJumps > IDLE_JUMPS_MAX)
            return null;
        this.clock.jumpTo(due);
        for (const thread of this.timers.takeDue(due))
            this.wake(thread);
        return this.ready.take();
    }
    ended(thread) {
        thread.state = 'ended';
        if (!thread.daemon)
            this.liveThreads -= 1;
        this.threads.splice(this.threads.indexOf(thread), 1);
        if (this.liveThreads === 0)
            this.end({ kind: 'completed' });
        else
            this.switchToNext();
    }
    end(end) {
        const { finish } = this;
        this.finish = null;
        this.fail = null;
        finish?.(end);
    }
    /** A thread threw: a bugcheck, a refusal or our bug. No other thread goes on. */
    stop(reason) {
        const { fail } = this;
        this.finish = null;
        this.fail = null;
        if (reason instanceof HangSignal)
            fail?.(new HangSignal([...reason.lines, ...this.waitGraph()]));
        else
            fail?.(reason);
    }
}
