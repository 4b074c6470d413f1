// What the scheduler keeps of a thread beside what the model sees of it.
import type { WaitReason, Irql, KernelApc, Process, Thread } from './thread.ts';

export interface ThreadRecord extends Thread {
  state: 'ready' | 'running' | 'waiting' | 'ended';
  /** A worker that may wait for ever: it does not keep the simulation going. */
  readonly daemon: boolean;
  /** Lets the suspended function go on; null while it is not suspended. */
  resume: (() => void) | null;
  /** What it waits for has been handed to it. */
  granted: boolean;
  /** Counts its waits, so that a timer of an earlier wait is recognized as stale. */
  waitNumber: number;
  /** A normal kernel APC runs: no other one is delivered. */
  normalApcInProgress: boolean;
  /** APCs of this thread that are being delivered, for wait graphs. */
  readonly apcQueue: KernelApc[];
  waiting: WaitReason | null;
}

export function createThreadRecord(
  place: { readonly address: number; readonly id: number; readonly name: string },
  process: Process,
  daemon: boolean,
): ThreadRecord {
  const irql: Irql = 0;
  return {
    address: place.address,
    name: `${process.name}/${place.name}`,
    id: place.id,
    process,
    irql,
    criticalRegions: 0,
    guardedRegions: 0,
    apcQueue: [],
    barriers: [],
    waiting: null,
    actor: null,
    step: null,
    because: [],
    topLevelIrp: 0,
    state: 'ready',
    daemon,
    resume: null,
    granted: false,
    waitNumber: 0,
    normalApcInProgress: false,
  };
}
