// Runs that were asked for from a workbench. They belong to the lab, not to a window: every window sees
// the same ones, and closing or losing a window changes nothing. On one target they wait for each other.
import { randomUUID } from 'node:crypto';
import { isLabError, type LabError } from '../../contract/errors/labError.ts';
import type { RunJob, StageState } from '../../contract/rpc.ts';
import type { RunStage } from '../../contract/run.ts';

/** Does one run; says where it is. Resolves with the kept run. */
export type CarryOut = (
  progress: (stage: RunStage, text: string) => void,
  signal: AbortSignal,
) => Promise<{ readonly run: string; readonly verdict: NonNullable<RunJob['verdict']> }>;

export type Asked = Pick<RunJob, 'sample' | 'title' | 'variant' | 'workload' | 'target'>;

const LOG_LINES_MAX = 2_000;
/** Ended ones that are still shown. */
const KEPT_JOBS = 50;

interface Entry {
  state: RunJob;
  readonly controller: AbortController;
}

export interface Clock {
  now(): Date;
  elapsed_ms(): number;
}

const systemClock: Clock = { now: () => new Date(), elapsed_ms: () => performance.now() };

export class RunJobs {
  private readonly entries = new Map<string, Entry>();
  private readonly lanes = new Map<string, Promise<void>>();
  private readonly watchers = new Set<(job: RunJob) => void>();
  private readonly report: (error: LabError) => RunJob['error'];
  private readonly clock: Clock;
  private revision = 0;

  constructor(report: (error: LabError) => RunJob['error'], clock: Clock = systemClock) {
    this.report = report;
    this.clock = clock;
  }

  /** Returns at once; what happens is told to who watches. */
  start(asked: Asked, carryOut: CarryOut): string {
    const job = randomUUID();
    const entry: Entry = {
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
    this.lanes.set(
      asked.target,
      before.then(() => this.run(entry, carryOut)),
    );
    return job;
  }

  /** Safe to repeat, and for a job that has ended. */
  cancel(job: string): void {
    const entry = this.entries.get(job);
    if (entry === undefined) return;
    if (entry.state.state === 'waiting') this.tell(entry, { state: 'cancelled' });
    else if (entry.state.state === 'running') this.tell(entry, { state: 'cancelling' });
    entry.controller.abort(new Error('cancelled in the workbench'));
  }

  all(): RunJob[] {
    return [...this.entries.values()].map(({ state }) => state);
  }

  /** Each job as it is, then whenever it changes. A slow reader gets the last state of each, not all. */
  async *watch(signal: AbortSignal | undefined): AsyncGenerator<RunJob> {
    const fresh = new Map(this.all().map((job) => [job.job, job]));
    let wake: () => void = () => undefined;
    const watcher = (job: RunJob): void => {
      fresh.set(job.job, job);
      wake();
    };
    this.watchers.add(watcher);
    const leave = (): void => wake();
    signal?.addEventListener('abort', leave, { once: true });
    try {
      while (signal?.aborted !== true) {
        const [next] = fresh.values();
        if (next === undefined) {
          await new Promise<void>((resolve) => (wake = resolve));
          continue;
        }
        fresh.delete(next.job);
        yield next;
      }
    } finally {
      this.watchers.delete(watcher);
      signal?.removeEventListener('abort', leave);
    }
  }

  /** Cancels all and waits until each has taken back what it began. */
  async close(): Promise<void> {
    for (const job of this.entries.keys()) this.cancel(job);
    await Promise.all(this.lanes.values());
  }

  private async run(entry: Entry, carryOut: CarryOut): Promise<void> {
    if (entry.controller.signal.aborted) return;
    const began_ms = this.clock.elapsed_ms();
    this.tell(entry, { state: 'running', beganAt: this.clock.now().toISOString() });
    const progress = (stage: RunStage, text: string): void =>
      this.progress(entry, stage, text, this.clock.elapsed_ms() - began_ms);
    try {
      const { run, verdict } = await carryOut(progress, entry.controller.signal);
      this.endStages(entry, 'done', this.clock.elapsed_ms() - began_ms);
      this.tell(entry, { state: 'done', run, verdict });
    } catch (error) {
      this.endStages(entry, 'failed', this.clock.elapsed_ms() - began_ms);
      const cancelled = entry.controller.signal.aborted;
      this.tell(entry, { state: cancelled ? 'cancelled' : 'failed', error: this.errorOf(error) });
    }
  }

  private errorOf(error: unknown): RunJob['error'] {
    if (isLabError(error)) return this.report(error);
    return {
      code: 'internal.bug',
      whose: 'our bug',
      problem: error instanceof Error ? error.message : String(error),
      remedy: 'Report it with the log of the run.',
      ...(error instanceof Error && error.stack !== undefined ? { detail: error.stack } : {}),
    };
  }

  private progress(entry: Entry, stage: RunStage, text: string, at_ms: number): void {
    const { stages, log } = entry.state;
    const current = stages.at(-1);
    const updated: StageState[] =
      current?.stage === stage
        ? [...stages.slice(0, -1), { ...current, text }]
        : [
            ...ended(stages, 'done', at_ms),
            { stage, state: 'running', text, began_ms: at_ms, took_ms: null },
          ];
    const lines = [...log, { at_ms, text: `${stage}: ${text}` }].slice(-LOG_LINES_MAX);
    this.tell(entry, { stages: updated, log: lines });
  }

  private endStages(entry: Entry, state: 'done' | 'failed', at_ms: number): void {
    entry.state = { ...entry.state, stages: ended(entry.state.stages, state, at_ms) };
  }

  private tell(entry: Entry, change: Partial<RunJob>): void {
    this.revision += 1;
    entry.state = { ...entry.state, ...change, revision: this.revision };
    for (const watcher of this.watchers) watcher(entry.state);
  }

  private forgetOld(): void {
    const over = [...this.entries.values()].filter(({ state }) =>
      ['done', 'failed', 'cancelled'].includes(state.state),
    );
    for (const { state } of over.slice(0, Math.max(0, over.length - KEPT_JOBS))) {
      this.entries.delete(state.job);
    }
  }
}

/** The stage that was under way ended like this. */
function ended(
  stages: readonly StageState[],
  state: 'done' | 'failed',
  at_ms: number,
): StageState[] {
  return stages.map((one) =>
    one.state === 'running' ? { ...one, state, took_ms: at_ms - one.began_ms } : one,
  );
}
