// Dispatcher objects and locks in the driver's own memory: the structure holds what a driver may read,
// the model behind its address does the waiting.
import { NotModelledSignal, } from '../kernel/kernel.ts';
import { DispatcherLayout } from './layout.ts';
const NOTIFICATION_EVENT = 0;
/** KOBJECTS: what DISPATCHER_HEADER.Type says. */
const MUTANT = 2;
const SEMAPHORE = 5;
/** KSEMAPHORE and KMUTANT: a count, or an owner who may take it again. */
class Countable {
    waiters = [];
    recursive;
    count;
    owner = null;
    /** Times that the owner has it. */
    depth = 0;
    constructor(count, recursive) {
        this.count = count;
        this.recursive = recursive;
    }
    tryTake(thread) {
        if (this.recursive && this.owner === thread) {
            this.depth += 1;
            return true;
        }
        if (this.count <= 0)
            return false;
        this.count -= 1;
        this.owner = thread;
        this.depth = 1;
        return true;
    }
}
export class DispatcherObjects {
    room;
    objects = new Map();
    mutexes = new Map();
    rundowns = new Map();
    resources = new Map();
    /** Threads that the driver created end by setting their event. */
    threadEnds = new Map();
    constructor(room) {
        this.room = room;
    }
    initializeEvent(address, type, signalled) {
        const kind = type === NOTIFICATION_EVENT ? 'notification' : 'synchronization';
        const event = this.room.kernel.scheduler.createEvent(kind, signalled);
        this.objects.set(address, { event });
        this.writeHeader(address, type, signalled ? 1 : 0);
    }
    initializeSemaphore(address, count) {
        this.objects.set(address, { countable: new Countable(count, false) });
        this.writeHeader(address, SEMAPHORE, count);
    }
    initializeMutex(address) {
        this.objects.set(address, { countable: new Countable(1, true) });
        this.writeHeader(address, MUTANT, 1);
    }
    writeHeader(address, type, state) {
        this.room.probe(address, DispatcherLayout.length, true, 'the initialization of an object');
        this.room.memory.write8(address + DispatcherLayout.Type, type);
        this.room.memory.write32(address + DispatcherLayout.SignalState, state);
    }
    object(address, routine) {
        const found = this.objects.get(address);
        if (found !== undefined)
            return found;
        this.room.probe(address, DispatcherLayout.length, false, routine);
        const shown = `0x${address.toString(16).padStart(8, '0')}`;
        this.room.kernel.report({
            id: 'bad-handle',
            message: `${routine} was given ${shown}, which was never initialized as a dispatcher object.`,
        });
        throw new NotModelledSignal(`${routine} on an object that was never initialized`);
    }
    event(address, routine) {
        const found = this.object(address, routine);
        if ('event' in found)
            return found.event;
        throw new NotModelledSignal(`${routine} on an object that is no event`);
    }
    countable(address, routine) {
        const found = this.object(address, routine);
        if ('countable' in found)
            return found.countable;
        throw new NotModelledSignal(`${routine} on an object that is neither semaphore nor mutex`);
    }
    /** KeSetEvent, KeResetEvent, KeReadStateEvent: the state before, as 0 or 1. */
    setEvent(address) {
        const event = this.event(address, 'KeSetEvent');
        const before = event.signalled ? 1 : 0;
        event.set();
        this.showEvent(address, event);
        return before;
    }
    resetEvent(address) {
        const event = this.event(address, 'KeResetEvent');
        const before = event.signalled ? 1 : 0;
        event.reset();
        this.showEvent(address, event);
        return before;
    }
    readEvent(address) {
        return this.event(address, 'KeReadStateEvent').signalled ? 1 : 0;
    }
    showEvent(address, event) {
        this.room.memory.write32(address + DispatcherLayout.SignalState, event.signalled ? 1 : 0);
    }
    /** KeReleaseSemaphore, KeReleaseMutex: the count before. */
    release(address, adjustment, routine) {
        const object = this.countable(address, routine);
        const before = object.count;
        if (object.recursive) {
            object.depth -= 1;
            if (object.depth > 0)
                return before;
        }
        this.hand(object, adjustment);
        this.room.memory.write32(address + DispatcherLayout.SignalState, object.count);
        return before;
    }
    /** Adds to a count and hands it to whoever waits. */
    hand(object, adjustment) {
        object.count += adjustment;
        object.owner = null;
        while (object.count > 0) {
            const next = object.waiters.shift();
            if (next === undefined)
                return;
            object.tryTake(next);
            this.room.kernel.scheduler.grant(next);
        }
    }
    /** KeWaitForSingleObject: false when the time was over. */
    async wait(address, timeout_100ns) {
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
    async acquireMutex(address, wait) {
        const { scheduler } = this.room.kernel;
        let mutex = this.mutexes.get(address);
        if (mutex === undefined)
            this.mutexes.set(address, (mutex = new Countable(1, false)));
        if (!wait && mutex.count <= 0)
            return false;
        const holder = mutex.owner === null ? {} : { holder: mutex.owner };
        const what = `the driver's mutex 0x${address.toString(16).padStart(8, '0')}`;
        return scheduler.waitFor(mutex, { kind: 'mutex', what, ...holder });
    }
    releaseMutex(address, routine) {
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
    initializeResource(address) {
        this.resources.set(address, this.room.kernel.createResource());
    }
    deleteResource(address) {
        this.resources.delete(address);
    }
    resource(address, routine) {
        this.room.contexts.noticeUse(address, routine);
        const found = this.resources.get(address);
        if (found !== undefined)
            return found;
        const shown = `0x${address.toString(16).padStart(8, '0')}`;
        this.room.kernel.report({
            id: 'bad-handle',
            message: `${routine} was given ${shown}, which was never initialized as a lock.`,
        });
        throw new NotModelledSignal(`${routine} on a lock that was never initialized`);
    }
    /** EX_RUNDOWN_REF: users that hold an object, and one who waits until they have gone. */
    initializeRundown(address) {
        const gone = this.room.kernel.scheduler.createEvent('notification', true);
        this.rundowns.set(address, { users: 0, gone, closed: false });
    }
    acquireRundown(address) {
        const rundown = this.rundown(address);
        if (rundown.closed)
            return false;
        rundown.users += 1;
        rundown.gone.reset();
        return true;
    }
    releaseRundown(address) {
        const rundown = this.rundown(address);
        rundown.users -= 1;
        if (rundown.users === 0)
            rundown.gone.set();
    }
    async waitForRundown(address) {
        const rundown = this.rundown(address);
        rundown.closed = true;
        const what = `the users of rundown protection 0x${address.toString(16).padStart(8, '0')}`;
        await this.room.kernel.scheduler.waitForEvent(rundown.gone, { kind: 'rundown', what });
    }
    /** A zeroed EX_RUNDOWN_REF is an initialized one. */
    rundown(address) {
        const found = this.rundowns.get(address);
        if (found !== undefined)
            return found;
        this.initializeRundown(address);
        return this.rundowns.get(address);
    }
    noteThread(thread) {
        const ended = this.room.kernel.scheduler.createEvent('notification', false);
        this.threadEnds.set(thread.address, ended);
        return ended;
    }
}
