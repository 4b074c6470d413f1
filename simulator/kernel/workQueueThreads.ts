// System worker threads: one is started whenever an item finds none idle, as the executive does, up to
// a limit; beyond it items wait, and a limit of workers that all wait for an item is a hang.
import type { KernelEvent, Scheduler, WorkQueue } from './kernel.ts';
import type { Process } from './thread.ts';

const WORKERS_MAX = 16;

interface WorkItem {
  readonly what: string;
  readonly routine: () => void | Promise<void>;
}

export class WorkQueueThreads implements WorkQueue {
  private readonly scheduler: Scheduler;
  private readonly process: Process;
  private readonly items: WorkItem[] = [];
  /** One per idle worker, the longest idle first. */
  private readonly idle: KernelEvent[] = [];
  private workers = 0;

  constructor(scheduler: Scheduler, process: Process) {
    this.scheduler = scheduler;
    this.process = process;
  }

  queue(what: string, routine: () => void | Promise<void>): void {
    this.items.push({ what, routine });
    const waiting = this.idle.shift();
    if (waiting !== undefined) waiting.set();
    else if (this.workers < WORKERS_MAX) this.startWorker();
  }

  private startWorker(): void {
    this.workers += 1;
    const name = `worker-${this.workers}`;
    this.scheduler.createThread(this.process, name, () => this.work(), { daemon: true });
  }

  private async work(): Promise<void> {
    const wakeUp = this.scheduler.createEvent('synchronization', false);
    for (;;) {
      const item = this.items.shift();
      if (item === undefined) {
        this.idle.push(wakeUp);
        await this.scheduler.waitForEvent(wakeUp, { kind: 'idle', what: 'work' });
        continue;
      }
      const done = item.routine();
      if (done !== undefined) await done;
    }
  }
}
