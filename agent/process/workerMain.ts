// A process that plays one process of a workload: it keeps a thread for each actor and passes
// questions and answers through. It does nothing native itself, so it always answers.
import { Worker } from 'node:worker_threads';
import type { Question, Reply } from '../thread/actorThread.ts';

export interface ToWorker {
  readonly thread: number;
  readonly question: Question;
}
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'reply'; readonly thread: number; readonly reply: Reply }
  /** A thread has ended with an error; what it was asked is never answered. */
  | { readonly kind: 'crashed'; readonly thread: number; readonly problem: string };

/** `bundle` is the file that this process runs; its threads run the same. */
export function serveWorker(bundle: string): void {
  const threads = new Map<number, Worker>();
  const send = (message: FromWorker): void => void process.send?.(message);
  const threadOf = (thread: number): Worker => {
    const known = threads.get(thread);
    if (known !== undefined) return known;
    const worker = new Worker(bundle, { workerData: { role: 'actor' } });
    worker.on('message', (reply: Reply) => send({ kind: 'reply', thread, reply }));
    worker.on('error', (error) => {
      threads.delete(thread);
      send({ kind: 'crashed', thread, problem: error.stack ?? error.message });
    });
    threads.set(thread, worker);
    return worker;
  };
  process.on('message', (message: ToWorker) => {
    threadOf(message.thread).postMessage(message.question);
  });
  // Without the agent there is nothing to do. exit() would wait for a thread that is stuck in a call.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  send({ kind: 'ready' });
}
