// Simulated time. It moves by a small fixed amount with every system service, so that two files made
// one after the other never carry the same time, and jumps to the next timer when nothing can run.
import type { Clock } from './kernel.ts';

/** 2026-01-01 00:00:00 UTC in 100 ns since 1601: every simulation begins there. */
export const EPOCH_100NS = 134_116_992_000_000_000n;
/** One system service, in 100 ns. */
const SERVICE_100NS = 100;

export class SimulatedClock implements Clock {
  /** Since the simulation began: exact, since 2^53 units are 28 years. */
  elapsed_100ns = 0;

  now(): bigint {
    return EPOCH_100NS + BigInt(this.elapsed_100ns);
  }

  /** A system service begins. */
  tick(): void {
    this.elapsed_100ns += SERVICE_100NS;
  }

  /** Nothing can run before `elapsed_100ns`. Time never moves back. */
  jumpTo(elapsed_100ns: number): void {
    if (elapsed_100ns > this.elapsed_100ns) this.elapsed_100ns = elapsed_100ns;
  }
}
