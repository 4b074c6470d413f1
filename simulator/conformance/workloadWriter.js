// The workload that a case becomes, while it is being written.
import { escapesRoot } from '../../contract/expandWorkload.ts';
import { CaseRefusal } from './case.ts';
/**
 * Step ids are the convention by which a trace is judged, here and in hand-written workloads:
 * `setup.N.M`, `action.N.M` (the Nth operation, its Mth step), `probe.<expected key>.M`, `wait.<request>`.
 */
export class WorkloadWriter {
    steps = [];
    handles = new Map();
    requests = [];
    /** Every oplock that may be held, in the order in which it is asked for. */
    oplocks = [];
    /** Calls that are issued and not waited for, by the names of their requests. */
    started = [];
    /** Actors beside the main one. */
    actors = {};
    /** What the actor's token holds beside what everybody has, and what it lacks of that. */
    privileges = [];
    lacks = [];
    /** Directories and files that are there before the first step. */
    setup = [{ mkdir: 'D' }];
    prefix = '';
    count = 0;
    isStarting = false;
    /** The steps that follow belong to this operation. */
    begin(prefix) {
        this.prefix = prefix;
        this.count = 0;
    }
    add(step) {
        for (const key of ['path', 'to']) {
            const path = step[key];
            if (typeof path === 'string' && escapesRoot(path)) {
                throw new CaseRefusal('notModelled', `the workload language has no path "${path}"`);
            }
        }
        this.count += 1;
        const id = `${this.prefix}.${this.count}`;
        if (this.isStarting)
            this.started.push(String(step['as'] ?? id));
        this.steps.push({ ...step, ...(this.isStarting ? { start: true } : {}), id });
    }
    /** A step that belongs to no operation's own status. */
    addAs(id, step) {
        this.steps.push({ ...step, id });
    }
    /** What is written meanwhile is issued and not waited for. */
    starting(write) {
        this.isStarting = true;
        write();
        this.isStarting = false;
    }
    oplocksOf(handle) {
        return this.oplocks.filter((one) => one.handle === handle);
    }
    /** A name for a handle that the case did not name. */
    handleName() {
        return `${this.prefix.replaceAll('.', '_')}_${this.count + 1}`;
    }
    handle(name) {
        const known = this.handles.get(name);
        if (known === undefined)
            throw new CaseRefusal('failed', `no handle "${name}" was opened`);
        return known;
    }
}
