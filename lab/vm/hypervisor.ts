// What one hypervisor can do with one machine, in the plainest form: each call does one thing and says
// what it found. Locks, time limits, waiting and tidying up are the controller's (controller.ts), so
// that they are the same for all.
import type {
  VmAbility,
  VmDebugChannel,
  VmKind,
  VmSnapshot,
  VmState,
  VmStream,
} from '../../contract/vm.ts';

export interface VmLack {
  readonly ability: VmAbility;
  readonly because: string;
}

export interface VmAddress {
  readonly host: string;
  readonly port: number;
}

export interface Hypervisor {
  readonly kind: VmKind;
  /** Of the tool, as it says: "7.2.22". */
  readonly version: string;
  readonly abilities: readonly VmAbility[];
  readonly lacks: readonly VmLack[];
  state(signal: AbortSignal): Promise<VmState>;
  /** From `off` or `saved`. Resolves when the machine runs, whatever the guest makes of it. */
  start(signal: AbortSignal): Promise<void>;
  /** From `paused`. */
  resume(signal: AbortSignal): Promise<void>;
  /** Asks the guest; resolves when it has been asked. */
  askToShutDown(signal: AbortSignal): Promise<void>;
  /** Pulls the plug: resolves when nothing of the machine runs. Safe when it is off. */
  powerOff(signal: AbortSignal): Promise<void>;
  snapshots(signal: AbortSignal): Promise<readonly VmSnapshot[]>;
  createSnapshot(name: string, signal: AbortSignal): Promise<void>;
  deleteSnapshot(name: string, signal: AbortSignal): Promise<void>;
  /**
   * Puts the machine back. It may be in any state but `changing` before; after, it runs if the
   * snapshot holds memory, and is off, saved or paused if not: the controller goes on from there.
   */
  revert(snapshot: VmSnapshot, signal: AbortSignal): Promise<void>;
  /** Undefined while the guest has none. */
  address?(signal: AbortSignal): Promise<VmAddress | undefined>;
  serial?(signal: AbortSignal): Promise<VmStream | undefined>;
  debugChannel?(signal: AbortSignal): Promise<VmDebugChannel | undefined>;
  nmi?(signal: AbortSignal): Promise<void>;
  /** From `running` or `paused`; the machine goes on after. */
  dumpMemory?(file: string, signal: AbortSignal): Promise<void>;
  /** Takes back what an earlier lab left half done. Under the lock, before the first change. */
  mend?(signal: AbortSignal): Promise<void>;
}
