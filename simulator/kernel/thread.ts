// Simulated threads and processes. A thread is an async function that runs until it blocks; the
// scheduler alone decides which one goes on.

import type { SourcePlace } from '../../contract/finding.ts';
import type { RuleId } from '../../contract/rules.ts';

export const Irql = { PASSIVE_LEVEL: 0, APC_LEVEL: 1, DISPATCH_LEVEL: 2 } as const;
export type Irql = (typeof Irql)[keyof typeof Irql];

export interface Process {
  /** As the workload names it, or "System". */
  readonly name: string;
  readonly id: number;
  /** EPROCESS address. */
  readonly address: number;
  /** What its token holds. */
  readonly privileges: ReadonlySet<string>;
}

/** What a blocked thread waits for, in words that a wait graph can show. */
export interface WaitReason {
  /** "event", "resource", "request", "work item", "turn" (the workload's own order). */
  readonly kind: string;
  /** What exactly: "completion of n1", "ERESOURCE 0x…". */
  readonly what: string;
  /** The routine of the system that waits: "nt!IopSynchronousServiceTail". */
  readonly inside?: string;
  /** The thread that could end the wait, if one can be named. */
  readonly holder?: Thread;
}

export interface KernelApc {
  readonly kind: 'special' | 'normal';
  /** For wait graphs: "completion of IRP 0x…". */
  readonly what: string;
  readonly routine: () => void | Promise<void>;
}

/** Why APCs are held back, for wait graphs and debuggers; innermost last. */
export interface ApcBarrier {
  readonly kind: 'critical region' | 'guarded region' | 'IRQL';
  readonly culprit: Culprit;
}

/** Who did something, told when somebody asks. */
export interface Culprit {
  /** "nt!MmAccessFault", or "read.c:120, KeEnterGuardedRegion". */
  readonly name: () => string;
  /** Where in the driver, innermost first; empty for the system itself. */
  readonly stack: () => readonly SourcePlace[];
}

export const ofSystem = (routine: string): Culprit => ({ name: () => routine, stack: () => [] });

export interface Thread {
  /** ETHREAD address. */
  readonly address: number;
  /** "explorer/watcher": process and actor. */
  readonly name: string;
  readonly id: number;
  readonly process: Process;
  irql: Irql;
  /** KeEnterCriticalRegion count: > 0 holds back normal kernel APCs. */
  criticalRegions: number;
  /** KeEnterGuardedRegion count: > 0 holds back special kernel APCs too. */
  guardedRegions: number;
  readonly apcQueue: KernelApc[];
  /** Who entered the regions and raised the IRQL that are in force. */
  readonly barriers: ApcBarrier[];
  /** Why it is blocked; null while it can run. */
  waiting: WaitReason | null;
  /** Actor and step of the workload that this thread carries out right now, for trace events. */
  actor: string | null;
  step: string | null;
  /** Rules behind what its current step is about to return (`Kernel.because`). */
  readonly because: RuleId[];
  /** IoGetTopLevelIrp. */
  topLevelIrp: number;
}
