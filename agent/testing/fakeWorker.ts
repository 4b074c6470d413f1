// Worker processes at the edge of a test: their threads are fake threads.
import type { WorkerProcess } from '../process/workerProcess.ts';
import { WorkerLostError } from '../process/workerProcess.ts';
import type { ActorThread } from '../thread/messages.ts';
import { FakeThread, type Play } from './fakeThread.ts';

export class FakeWorker implements WorkerProcess {
  readonly blockingCalls: number;
  readonly threads: FakeThread[] = [];
  readonly id = undefined;
  alive = true;
  private readonly play: Play;
  private readonly endable: boolean;
  private lose = (_error: Error): void => undefined;
  private readonly lost: Promise<never>;

  constructor(blockingCalls: number, play: Play, endable = true) {
    this.blockingCalls = blockingCalls;
    this.play = play;
    this.endable = endable;
    this.lost = new Promise((_resolve, reject) => (this.lose = reject));
    this.lost.catch(() => undefined);
  }

  thread(index: number): ActorThread {
    const thread = (this.threads[index] ??= new FakeThread(this.play));
    return {
      ask: (kind, ask) =>
        this.alive ? Promise.race([thread.ask(kind, ask), this.lost]) : this.lost,
    };
  }

  kill(): Promise<boolean> {
    this.alive = false;
    this.lose(new WorkerLostError('the process was ended'));
    return Promise.resolve(this.endable);
  }
}
