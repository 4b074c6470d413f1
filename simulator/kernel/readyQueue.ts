// The threads that could run, in the order in which they became ready.
import type { Prng } from './prng.ts';
import type { ThreadRecord } from './threadRecord.ts';

export class ReadyQueue {
  private threads: ThreadRecord[] = [];
  private head = 0;
  private readonly choice: Prng | null;

  /** Without a source of choice the plain schedule: first come, first served. */
  constructor(choice: Prng | null) {
    this.choice = choice;
  }

  get length(): number {
    return this.threads.length - this.head;
  }

  push(thread: ThreadRecord): void {
    this.threads.push(thread);
  }

  take(): ThreadRecord | null {
    if (this.length === 0) return null;
    const place = this.choice === null ? this.head : this.head + this.choice.below(this.length);
    const taken = this.threads[place] as ThreadRecord;
    if (place === this.head) this.dropFirst();
    else this.threads.splice(place, 1);
    return taken;
  }

  private dropFirst(): void {
    this.head += 1;
    if (this.head === this.threads.length) {
      this.threads.length = 0;
      this.head = 0;
    } else if (this.head > 64) {
      this.threads = this.threads.slice(this.head);
      this.head = 0;
    }
  }
}
