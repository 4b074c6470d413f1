// Worker processes, kept warm between runs: starting one costs more than a small workload.
import { BLOCKING_CALLS_MAX, type WorkerProcess } from './workerProcess.ts';

/** What a worker must offer at least; a fresh one is made a little larger than asked for. */
const BLOCKING_CALLS_MIN = 8;
const KILL_LIMIT_MS = 5_000;

export class WorkerPool {
  private readonly start: (blockingCalls: number) => WorkerProcess;
  private readonly idle: WorkerProcess[] = [];
  private readonly busy = new Set<WorkerProcess>();

  constructor(start: (blockingCalls: number) => WorkerProcess) {
    this.start = start;
  }

  /** Has workers ready before anyone asks for them. */
  warm(count: number): void {
    while (this.idle.length < count) this.idle.push(this.start(BLOCKING_CALLS_MIN));
  }

  take(blockingCalls: number): WorkerProcess {
    const alive = this.idle.filter((one) => one.alive);
    this.idle.splice(0, this.idle.length, ...alive);
    const fit = alive.findIndex((one) => one.blockingCalls >= blockingCalls);
    const wanted = Math.min(Math.max(blockingCalls, BLOCKING_CALLS_MIN), BLOCKING_CALLS_MAX);
    const worker = this.idle.splice(fit, fit === -1 ? 0 : 1)[0] ?? this.start(wanted);
    this.busy.add(worker);
    return worker;
  }

  /** Takes back a worker in which nothing is left: no handle, no request, no call under way. */
  giveBack(worker: WorkerProcess): void {
    if (this.busy.delete(worker) && worker.alive) this.idle.push(worker);
  }

  /** Ends a worker that may still hold something. False when the system could not end it in time. */
  async end(worker: WorkerProcess): Promise<boolean> {
    this.busy.delete(worker);
    const index = this.idle.indexOf(worker);
    if (index !== -1) this.idle.splice(index, 1);
    return worker.kill(KILL_LIMIT_MS);
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.idle, ...this.busy].map((worker) => this.end(worker)));
  }
}
