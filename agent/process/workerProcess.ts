// The agent's side of one worker process: starts it, asks its threads, ends it.
import { spawn, type ChildProcess } from 'node:child_process';
import type { ActorThread, Answer, Ask, ThreadCall } from '../thread/messages.ts';
import type { FromWorker, ToWorker } from './workerMain.ts';

/** The process of an actor has ended before it answered. */
export class WorkerLostError extends Error {
  override readonly name = 'WorkerLostError';
}

export interface WorkerProcess {
  /** Most calls that may block in it at the same time. */
  readonly blockingCalls: number;
  /** Undefined when it could not be started. */
  readonly id: number | undefined;
  /** Whether it still runs; a process may also end on its own. */
  readonly alive: boolean;
  /** The thread of that number; made when it is first asked. */
  thread(index: number): ActorThread;
  /** Ends the process whatever it does. False when it was still there after `limit_ms`. */
  kill(limit_ms: number): Promise<boolean>;
}

interface Waiting {
  readonly thread: number;
  readonly resolve: (answer: Answer<ThreadCall>) => void;
  readonly reject: (error: Error) => void;
}

export interface WorkerOptions {
  readonly node: string;
  readonly bundle: string;
  readonly blockingCalls: number;
}

/** Threads that libuv keeps for calls that block; its own limit is 1024. */
export const BLOCKING_CALLS_MAX = 1_000;

export function startWorker(options: WorkerOptions): WorkerProcess {
  const child = spawn(options.node, [options.bundle, 'worker'], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
    windowsHide: true,
    env: { ...process.env, UV_THREADPOOL_SIZE: String(options.blockingCalls) },
  });
  return new SpawnedWorker(child, options.blockingCalls);
}

class SpawnedWorker implements WorkerProcess {
  readonly blockingCalls: number;
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, Waiting>();
  private readonly ended: Promise<void>;
  private lost: WorkerLostError | undefined;
  private nextId = 0;

  constructor(child: ChildProcess, blockingCalls: number) {
    this.child = child;
    this.blockingCalls = blockingCalls;
    child.on('message', (message) => this.receive(message as FromWorker));
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.lose(`the process ended (${signal ?? `code ${code}`})`);
        resolve();
      });
      child.on('error', (error) => {
        this.lose(error.message);
        if (child.pid === undefined) resolve();
      });
    });
  }

  get id(): number | undefined {
    return this.child.pid;
  }

  get alive(): boolean {
    return this.lost === undefined;
  }

  thread(index: number): ActorThread {
    return { ask: (kind, ask) => this.ask(index, kind, ask) };
  }

  async kill(limit_ms: number): Promise<boolean> {
    this.child.kill('SIGKILL');
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), limit_ms);
    });
    const gone = await Promise.race([this.ended.then(() => true), late]);
    clearTimeout(timer);
    this.lose('the process was ended');
    return gone;
  }

  private ask<Kind extends ThreadCall>(
    thread: number,
    kind: Kind,
    ask: Ask<Kind>,
  ): Promise<Answer<Kind>> {
    if (this.lost !== undefined) return Promise.reject(this.lost);
    const id = this.nextId;
    this.nextId += 1;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, {
        thread,
        resolve: resolve as (answer: Answer<ThreadCall>) => void,
        reject,
      });
      const message: ToWorker = { thread, question: { id, kind, ask } };
      this.child.send(message, (error) => {
        if (error) this.lose(error.message);
      });
    });
  }

  private receive(message: FromWorker): void {
    if (message.kind === 'crashed') this.lose(message.problem, message.thread);
    if (message.kind !== 'reply') return;
    const { reply } = message;
    const waiting = this.waiting.get(reply.id);
    if (waiting === undefined) return;
    this.waiting.delete(reply.id);
    if ('answer' in reply) waiting.resolve(reply.answer);
    else waiting.reject(new Error(reply.problem));
  }

  /** Rejects what is still waiting: of one thread, or of the whole process. */
  private lose(problem: string, thread?: number): void {
    const error = new WorkerLostError(problem);
    if (thread === undefined) this.lost ??= error;
    for (const [id, one] of this.waiting) {
      if (thread !== undefined && one.thread !== thread) continue;
      this.waiting.delete(id);
      one.reject(error);
    }
  }
}
