// Runs that were asked for from a workbench. They belong to the lab, not to a window: every window sees
// the same ones, and closing or losing a window changes nothing. On one target they wait for each other.
import { randomUUID } from 'node:crypto';
import { isLabError } from '../../contract/errors/labError.ts';
const LOG_LINES_MAX = 2_000;
/** Ended ones that are still shown. */
const KEPT_JOBS = 50;
const systemClock = { now: () => new Date(), elapsed_ms: () => performance.now() };
export class RunJobs {
    entries = new Map();
    lanes = new Map();
    watchers = new Set();
    report;
    clock;
    revision = 0;
    constructor(report, clock = systemClock) {
        this.report = report;
        this.clock = clock;
    }
    /** Returns at once; what happens is told to who watches. */
    start(asked, carryOut) {
        const job = randomUUID();
        const entry = {
            controller: new AbortController(),
            state: {
                ...asked,
                job,
                revision: 0,
                state: 'waiting',
                askedAt: this.clock.now().toISOString(),
                beganAt: null,
                stages: [],
                log: [],
                run: null,
                verdict: null,
                error: null,
            },
        };
        this.entries.set(job, entry);
        this.forgetOld();
        this.tell(entry, {});
        const before = this.lanes.get(asked.target) ?? Promise.resolve();
        this.lanes.set(asked.target, before.then(() => this.run(entry, carryOut)));
        return job;
    }
    /** Safe to repeat, and for a job that has ended. */
    cancel(job) {
        const entry = this.entries.get(job);
        if (entry === undefined)
            return;
        if (entry.state.state === 'waiting')
            this.tell(entry, { state: 'cancelled' });
        else if (entry.state.state === 'running')
            this.tell(entry, { state: 'cancelling' });
        entry.controller.abort(new Error('cancelled in the workbench'));
    }
    all() {
        return [...this.entries.values()].map(({ state }) => state);
    }
    /** Each job as it is, then whenever it changes. A slow reader gets the last state of each, not all. */
    async *watch(signal) {
        const fresh = new Map(this.all().map((job) => [job.job, job]));
        let wake = () => undefined;
        const watcher = (job) => {
            fresh.set(job.job, job);
            wake();
        };
        this.watchers.add(watcher);
        const leave = () => wake();
        signal?.addEventListener('abort', leave, { once: true });
        try {
            while (signal?.aborted !== true) {
                const [next] = fresh.values();
                if (next === undefined) {
                    await new Promise((resolve) => (wake = resolve));
                    continue;
                }
                fresh.delete(next.job);
                yield next;
            }
        }
        finally {
            this.watchers.delete(watcher);
            signal?.removeEventListener('abort', leave);
        }
    }
    /** Cancels all and waits until each has taken back what it began. */
    async close() {
        for (const job of this.entries.keys())
            this.cancel(job);
        await Promise.all(this.lanes.values());
    }
    async run(entry, carryOut) {
        if (entry.controller.signal.aborted)
            return;
        const began_ms = this.clock.elapsed_ms();
        this.tell(entry, { state: 'running', beganAt: this.clock.now().toISOString() });
        const progress = (stage, text) => this.progress(entry, stage, text, this.clock.elapsed_ms() - began_ms);
        try {
            const { run, verdict } = await carryOut(progress, entry.controller.signal);
            this.endStages(entry, 'done', this.clock.elapsed_ms() - began_ms);
            this.tell(entry, { state: 'done', run, verdict });
        }
        catch (error) {
            this.endStages(entry, 'failed', this.clock.elapsed_ms() - began_ms);
            const cancelled = entry.controller.signal.aborted;
            this.tell(entry, { state: cancelled ? 'cancelled' : 'failed', error: this.errorOf(error) });
        }
    }
    errorOf(error) {
        if (isLabError(error))
            return this.report(error);
        return {
            code: 'internal.bug',
            whose: 'our bug',
            problem: error instanceof Error ? error.message : String(error),
            remedy: 'Report it with the log of the run.',
            ...(error instanceof Error && error.stack !== undefined ? { detail: error.stack } : {}),
        };
    }
    progress(entry, stage, text, at_ms) {
        const { stages, log } = entry.state;
        const current = stages.at(-1);
        const updated = current?.stage === stage
            ? [...stages.slice(0, -1), { ...current, text }]
            : [
                ...ended(stages, 'done', at_ms),
                { stage, state: 'running', text, began_ms: at_ms, took_ms: null },
            ];
        const lines = [...log, { at_ms, text: `${stage}: ${text}` }].slice(-LOG_LINES_MAX);
        this.tell(entry, { stages: updated, log: lines });
    }
    endStages(entry, state, at_ms) {
        entry.state = { ...entry.state, stages: ended(entry.state.stages, state, at_ms) };
    }
    tell(entry, change) {
        this.revision += 1;
        entry.state = { ...entry.state, ...change, revision: this.revision };
        for (const watcher of this.watchers)
            watcher(entry.state);
    }
    forgetOld() {
        const over = [...this.entries.values()].filter(({ state }) => ['done', 'failed', 'cancelled'].includes(state.state));
        for (const { state } of over.slice(0, Math.max(0, over.length - KEPT_JOBS))) {
            this.entries.delete(state.job);
        }
    }
}
/** The stage that was under way ended like this. */
function ended(stages, state, at_ms) {
    return stages.map((one) => one.state === 'running' ? { ...one, state, took_ms: at_ms - one.began_ms } : one);
}
