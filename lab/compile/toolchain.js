// The client of the compiler's thread: starts it when it is first needed, keeps it warm, and ends it
// only when it hangs or is no longer wanted.
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { LabError } from '../../contract/errors/labError.ts';
import { assetPath } from '../assets.ts';
import { cancelledError } from '../data/cancellation.ts';
/** A compile takes a fraction of a second when warm; cold, on a busy machine, some ten. */
const HANG_LIMIT_MS = 180_000;
export class Toolchain {
    #mounted;
    #queue = [];
    #current;
    #worker;
    #watchdog;
    #nextId = 1;
    #closed = false;
    /** `mounted`: files that every run sees, under the root. */
    constructor(mounted) {
        this.#mounted = mounted;
    }
    /** Starts the thread ahead of the first run. */
    warm() {
        this.#worker ??= this.#start();
    }
    /**
     * Runs one tool; runs are queued. A run that is cancelled before its turn never starts; one that
     * has started is let finish unheard, because a warm thread is worth seconds.
     * Throws LabError compile.compiler-crashed, run.cancelled.
     */
    run(run, signal) {
        return new Promise((resolve, reject) => {
            if (this.#closed)
                return reject(closed());
            if (signal?.aborted)
                return reject(cancelledError(signal, 'the compilation'));
            const forget = () => {
                const place = this.#queue.indexOf(waiting);
                if (place >= 0)
                    this.#queue.splice(place, 1);
                reject(cancelledError(signal, 'the compilation'));
            };
            const waiting = {
                request: { kind: 'run', id: this.#nextId++, ...run },
                settle(reply) {
                    signal?.removeEventListener('abort', forget);
                    if (reply instanceof LabError)
                        reject(reply);
                    else if (reply.kind === 'crashed')
                        reject(compilerCrashed(reply.problem, reply.output));
                    else
                        resolve(reply);
                },
            };
            signal?.addEventListener('abort', forget, { once: true });
            this.#queue.push(waiting);
            this.#next();
        });
    }
    /** Ends the thread for good; what waits, or comes later, is told so. */
    async dispose() {
        this.#closed = true;
        for (const { settle } of this.#queue.splice(0))
            settle(closed());
        const stopped = this.#stop();
        this.#finish(closed());
        await stopped;
    }
    #start() {
        const started = new Worker(workerEntry());
        started.on('message', (reply) => this.#finish(reply));
        started.on('error', (cause) => this.#fail(started, `Its thread failed: ${String(cause)}.`));
        started.on('exit', () => this.#fail(started, 'Its thread ended by itself.'));
        // An idle compiler must not keep the process alive.
        started.unref();
        started.postMessage({ kind: 'mount', files: this.#mounted });
        return started;
    }
    #next() {
        if (this.#current !== undefined)
            return;
        this.#current = this.#queue.shift();
        if (this.#current === undefined) {
            this.#worker?.unref();
            return;
        }
        const worker = (this.#worker ??= this.#start());
        worker.ref();
        worker.postMessage(this.#current.request);
        this.#watchdog = setTimeout(() => {
            void this.#stop();
            this.#finish(compilerCrashed(`It gave no answer in ${HANG_LIMIT_MS / 1000} s.`));
        }, HANG_LIMIT_MS);
    }
    #finish(reply) {
        const current = this.#current;
        if (current === undefined)
            return;
        if (!(reply instanceof LabError) && reply.id !== current.request.id)
            return;
        clearTimeout(this.#watchdog);
        this.#current = undefined;
        current.settle(reply);
        this.#next();
    }
    #fail(worker, problem) {
        if (this.#worker !== worker)
            return;
        this.#worker = undefined;
        this.#finish(compilerCrashed(problem));
    }
    async #stop() {
        const stopped = this.#worker;
        this.#worker = undefined;
        await stopped?.terminate();
    }
}
/** In the source tree this folder's own file; in a built product the bundle beside the others. */
function workerEntry() {
    const source = new URL('./worker.ts', import.meta.url);
    return existsSync(source) ? source : assetPath('out/lab/compileWorker.mjs');
}
export const compilerCrashed = (problem, detail) => new LabError('compile.compiler-crashed', {
    problem: `The embedded compiler ended abnormally. ${problem}`,
    remedy: 'Try again; if it happens with the same source, report it together with that source.',
    ...(detail ? { detail } : {}),
});
const closed = () => compilerCrashed('It was closed while it worked.');
