// One place where every pending call on a connection meets the three things that may end it: its own
// answer, the caller's AbortSignal, the loss of the connection. ssh2 drops some callbacks when the
// socket dies; here nothing that waits is forgotten.
import type { LabError } from '../../contract/errors/labError.ts';
import { cancelledError } from '../data/cancellation.ts';

/** What was asked of the other machine, by kind: the price of an operation is its round trips. */
export interface RequestCount {
  readonly commands: number;
  readonly files: number;
  readonly tunnels: number;
  readonly total: number;
}

export type RequestKind = 'commands' | 'files' | 'tunnels';

export interface CallOptions<T> {
  /** For the error of an abort: "copying dirnotify.sys". */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
  /** Counts as one request; left out for the packets of a larger operation. */
  readonly counts?: RequestKind | undefined;
  /** Receives an answer that came after the caller had gone, to close what it opened. */
  readonly discard?: ((late: T) => void) | undefined;
  /** Turns the error of ssh2 into one of the lab's. */
  readonly fails: (error: Error) => Error;
}

export type Done<T> = (error: Error | null | undefined, value?: T) => void;

export class Link {
  readonly #pending = new Set<(error: LabError) => void>();
  readonly #onLoss = new Set<(error: LabError) => void>();
  readonly #count = { commands: 0, files: 0, tunnels: 0 };
  #loss: LabError | undefined;

  get loss(): LabError | undefined {
    return this.#loss;
  }

  get requests(): RequestCount {
    const { commands, files, tunnels } = this.#count;
    return { commands, files, tunnels, total: commands + files + tunnels };
  }

  count(kind: RequestKind): void {
    this.#count[kind] += 1;
  }

  /** Ends the link once; the first reason stays. */
  fail(loss: LabError): void {
    if (this.#loss !== undefined) return;
    this.#loss = loss;
    for (const reject of [...this.#pending]) reject(loss);
    for (const tell of [...this.#onLoss]) tell(loss);
  }

  /** Called at once when the link is lost already. Returns how to stop listening. */
  onLoss(tell: (error: LabError) => void): () => void {
    if (this.#loss !== undefined) {
      tell(this.#loss);
      return () => undefined;
    }
    this.#onLoss.add(tell);
    return () => this.#onLoss.delete(tell);
  }

  call<T>(options: CallOptions<T>, begin: (done: Done<T>) => void): Promise<T> {
    const { signal, what, counts } = options;
    if (this.#loss !== undefined) return Promise.reject(this.#loss);
    if (signal?.aborted) return Promise.reject(cancelledError(signal, what));
    if (counts !== undefined) this.count(counts);
    return new Promise<T>((resolve, reject) => {
      let open = true;
      const leave = (): boolean => {
        if (!open) return false;
        open = false;
        this.#pending.delete(lose);
        signal?.removeEventListener('abort', abort);
        return true;
      };
      const lose = (error: LabError): void => void (leave() && reject(error));
      const abort = (): void => {
        if (signal !== undefined && leave()) reject(cancelledError(signal, what));
      };
      this.#pending.add(lose);
      signal?.addEventListener('abort', abort);
      const done: Done<T> = (error, value) => {
        const waited = leave();
        if (error) {
          // An error of a connection that is gone is the loss, whatever ssh2 calls it.
          if (waited) reject(this.#loss ?? options.fails(error));
        } else if (waited) resolve(value as T);
        else options.discard?.(value as T);
      };
      try {
        begin(done);
      } catch (error) {
        // ssh2 throws where it cannot send ("Not connected") or the server lacks an extension.
        done(error as Error);
      }
    });
  }
}
