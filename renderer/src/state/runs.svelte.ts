// Runs as every window sees them: those that go on, told by the lab, and those that are kept.
import type { ReportedError, RunJob, RunSummary } from '../../../contract/rpc.ts';
import type { ProcmonFile } from '../runs/procmon.ts';
import { ask, reportedError, type Lab, type LabLine, type LineState } from '../lab.ts';

export class Runs {
  line = $state<LineState>('connected');
  jobs = $state.raw<readonly RunJob[]>([]);
  kept = $state.raw<readonly RunSummary[]>([]);
  total = $state(0);
  filter = $state('');
  error = $state.raw<ReportedError | null>(null);
  /** What Process Monitor saw, by run, for as long as the window is open. */
  beside = $state.raw<ReadonlyMap<string, ProcmonFile>>(new Map());
  /** The job whose steps are on show: the last that was begun. */
  readonly current: RunJob | null = $derived(this.jobs.at(-1) ?? null);
  readonly busy: boolean = $derived(
    this.jobs.some((job) => ['waiting', 'running', 'cancelling'].includes(job.state)),
  );
  private readonly lab: Lab;
  private readonly ended: (job: RunJob) => void;
  private readonly seen = new Set<string>();

  /** `ended` is told once of each job that ends while this window is open. */
  constructor(lab: Lab, ended: (job: RunJob) => void) {
    this.lab = lab;
    this.ended = ended;
  }

  follow(line: LabLine): void {
    line.onstate((state) => {
      this.line = state;
      if (state === 'connected') void this.watch();
    });
  }

  /** Ends with the connection; the next one begins again, and nothing that happened between is lost. */
  private async watch(): Promise<void> {
    void this.list();
    try {
      for await (const job of await this.lab.runs.watch()) this.take(job);
    } catch (error) {
      const told = reportedError(error);
      if (told.code === 'internal.bug') this.error = told;
    }
  }

  private take(job: RunJob): void {
    const before = this.jobs.find((one) => one.job === job.job);
    if (before !== undefined && before.revision >= job.revision) return;
    this.jobs =
      before === undefined
        ? [...this.jobs, job].sort((a, b) => (a.askedAt < b.askedAt ? -1 : 1))
        : this.jobs.map((one) => (one.job === job.job ? job : one));
    const over = ['done', 'failed', 'cancelled'].includes(job.state);
    if (!over || this.seen.has(job.job)) return;
    this.seen.add(job.job);
    if (before === undefined) return;
    void this.list();
    this.ended(job);
  }

  async list(): Promise<void> {
    const listed = await ask(this.lab.runs.list({ text: this.filter, count: 200 }));
    this.error = listed.ok ? null : listed.error;
    if (!listed.ok) return;
    this.kept = listed.value.runs;
    this.total = listed.value.total;
  }

  /** Null takes it away. */
  putBeside(run: string, file: ProcmonFile | null): void {
    const others = [...this.beside].filter(([id]) => id !== run);
    this.beside = new Map(file === null ? others : [...others, [run, file]]);
  }

  async cancel(): Promise<void> {
    for (const { job, state } of this.jobs) {
      if (state === 'waiting' || state === 'running') await ask(this.lab.runs.cancel({ job }));
    }
  }
}
