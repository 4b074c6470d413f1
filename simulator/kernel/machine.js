import { SimulatedClock } from './clock.ts';
import { Findings } from './findings.ts';
import { PoolAllocator } from './poolAllocator.ts';
import { Prng } from './prng.ts';
import { ResourceRecord } from './resourceRecord.ts';
import { CooperativeScheduler } from './scheduler.ts';
import { TraceSink } from './traceSink.ts';
import { UserPages } from './userPages.ts';
import { WorkQueueThreads } from './workQueueThreads.ts';
const ERESOURCE_LENGTH = 0x38;
export class Machine {
    profile;
    memory;
    pool;
    user;
    scheduler;
    workQueue;
    clock = new SimulatedClock();
    trace;
    /** Seed 0: first come, first served. */
    isPlainSchedule;
    driverPlace = null;
    threadPlace = null;
    findings;
    constructor(options) {
        this.profile = options.profile;
        this.isPlainSchedule = options.seed === 0;
        this.memory = options.memory;
        this.pool = new PoolAllocator(options.memory);
        this.user = new UserPages(options.memory);
        this.findings = new Findings(options.gradeOf);
        this.scheduler = new CooperativeScheduler({
            clock: this.clock,
            choice: options.seed === 0 ? null : new Prng(options.seed),
            allocateObject: (tag, length) => this.allocateObject(tag, length),
        });
        this.scheduler.placeOf = (thread) => {
            const place = this.threadPlace?.(thread)[0];
            return place === undefined ? null : `${place.file}:${place.line}`;
        };
        this.trace = new TraceSink(options.onEvent, () => this.scheduler.current);
        this.workQueue = new WorkQueueThreads(this.scheduler, this.scheduler.systemProcess);
    }
    get debug() {
        return this.scheduler.debug;
    }
    /** Attaches a debugger, before anything runs. */
    set debug(port) {
        this.scheduler.debug = port;
    }
    createResource() {
        const address = this.allocateObject('Reso', ERESOURCE_LENGTH);
        const resource = new ResourceRecord(address, this.scheduler);
        this.debug?.created('resource', resource);
        return resource;
    }
    allocateObject(tag, length) {
        return this.pool.allocate('nonpaged', length, tag, 'system');
    }
    freeObject(address) {
        this.pool.free(address);
    }
    because(...rules) {
        const { because } = this.scheduler.current;
        for (const rule of rules)
            if (!because.includes(rule))
                because.push(rule);
    }
    report(told) {
        const stack = told.stack ?? this.driverPlace?.() ?? [];
        const finding = this.findings.add(told, stack, this.scheduler.current);
        if (finding === null)
            return;
        this.trace.emit({ kind: 'finding', rules: finding.rules, finding: { ...finding } });
    }
    /** What was found so far, each mistake once, with its count. */
    reported() {
        return this.findings.list();
    }
}
