// One machine under the lab's hand. Whatever the hypervisor: changes wait their turn under a lock, each
// has a time limit and obeys a signal, the table of lifecycle.ts decides what a request means, and
// after a change that failed or was cut short the machine is in a state that has a name.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isLabError, type LabError } from '../../contract/errors/labError.ts';
import type {
  VmAbility,
  VmDebugChannel,
  VmDescription,
  VmSnapshot,
  VmState,
  VmStream,
} from '../../contract/vm.ts';
import { cancelledError, throwIfCancelled, withLimit } from '../data/cancellation.ts';
import { acquireLock, type HeldLock } from '../data/lock.ts';
import type { Hypervisor, VmAddress } from './hypervisor.ts';
import { lifecycle, type VmRequest } from './lifecycle.ts';
import {
  didNotAnswer,
  notAble,
  revertFailed,
  shutDownIgnored,
  snapshotExists,
  snapshotMissing,
  toolFailed,
  wrongState,
} from './vmErrors.ts';

export interface VmCall {
  readonly signal: AbortSignal;
  /** Instead of the usual limit of the operation. */
  readonly limit_ms?: number;
  readonly progress?: (text: string) => void;
}

/** Generous: a limit is for what hangs, not for what is slow. */
export const usualLimits_ms = {
  look: 30_000,
  start: 180_000,
  'shut-down': 180_000,
  'power-off': 60_000,
  revert: 300_000,
  snapshot: 600_000,
} as const;

const LOOK_AGAIN_MS = 100;
const SETTLE_LIMIT_MS = 60_000;

export interface ControllerParts {
  readonly description: VmDescription;
  readonly hypervisor: Hypervisor;
  readonly dataFolder: string;
}

export class VmController {
  readonly description: VmDescription;
  readonly hypervisor: Hypervisor;
  private readonly dataFolder: string;

  constructor(parts: ControllerParts) {
    this.description = parts.description;
    this.hypervisor = parts.hypervisor;
    this.dataFolder = parts.dataFolder;
  }

  get name(): string {
    return this.description.name;
  }

  can(ability: VmAbility): boolean {
    return this.hypervisor.abilities.includes(ability);
  }

  state(call: VmCall): Promise<VmState> {
    return this.limited(call, 'look', 'say its state', (signal) => this.hypervisor.state(signal));
  }

  snapshots(call: VmCall): Promise<readonly VmSnapshot[]> {
    return this.limited(call, 'look', 'list its snapshots', (signal) =>
      this.hypervisor.snapshots(signal),
    );
  }

  /** Resolves when the machine runs; the guest may still be on its way up. */
  start(call: VmCall): Promise<void> {
    return this.change(call, 'start', 'start', 'start', async (signal) => {
      await this.reach('start', signal);
    });
  }

  /** Asks the guest and waits until it has gone. Errors: `vm.shut-down-ignored` after the limit. */
  shutDown(call: VmCall): Promise<void> {
    this.demand('shut-down');
    return this.change(call, 'shut-down', 'shut-down', 'shut down', async (signal) => {
      await this.reach('shut-down', signal);
      await this.waitFor('off', signal);
    }).catch((error: unknown) => {
      throw isLabError(error) && error.code === 'vm.did-not-answer'
        ? shutDownIgnored(this.name)
        : error;
    });
  }

  powerOff(call: VmCall): Promise<void> {
    return this.change(call, 'power-off', 'power-off', 'switch off', async (signal) => {
      await this.reach('power-off', signal);
    });
  }

  createSnapshot(name: string, call: VmCall): Promise<void> {
    return this.change(call, 'create-snapshot', 'snapshot', 'make a snapshot', async (signal) => {
      const { state } = await this.plan('create-snapshot', signal);
      this.demand(state === 'off' ? 'disk-snapshot' : 'live-snapshot');
      const known = await this.hypervisor.snapshots(signal);
      if (known.some((one) => one.name === name)) throw snapshotExists(this.name, name);
      await this.hypervisor.createSnapshot(name, signal);
    });
  }

  deleteSnapshot(name: string, call: VmCall): Promise<void> {
    return this.change(call, 'delete-snapshot', 'snapshot', 'delete a snapshot', async (signal) => {
      await this.plan('delete-snapshot', signal);
      await this.find(name, signal);
      await this.hypervisor.deleteSnapshot(name, signal);
    });
  }

  /**
   * Puts the machine back and sets it running. A revert that fails is tried once more from power-off;
   * if that fails too the machine is left off. Errors: `vm.snapshot-missing`, `vm.revert-failed`.
   */
  revert(name: string, call: VmCall): Promise<void> {
    return this.change(call, 'revert', 'revert', `go back to "${name}"`, async (signal) => {
      await this.plan('revert', signal);
      const snapshot = await this.find(name, signal);
      try {
        await this.revertOnce(snapshot, signal);
      } catch (first) {
        if (signal.aborted || isUsage(first)) throw first;
        call.progress?.(`revert failed; once more from power-off`);
        await this.hypervisor.powerOff(signal);
        await this.revertOnce(snapshot, signal).catch((second: Error) => {
          throw signal.aborted ? second : revertFailed(this.name, name, second);
        });
      }
    });
  }

  /** Undefined while the guest has none. Errors: `vm.not-able`. */
  address(call: VmCall): Promise<VmAddress | undefined> {
    if (this.description.address !== undefined) return Promise.resolve(this.description.address);
    this.demand('address');
    return this.limited(call, 'look', 'say its address', async (signal) =>
      this.hypervisor.address?.(signal),
    );
  }

  serial(call: VmCall): Promise<VmStream | undefined> {
    this.demand('serial');
    return this.limited(call, 'look', 'say where its serial line is', async (signal) =>
      this.hypervisor.serial?.(signal),
    );
  }

  debugChannel(call: VmCall): Promise<VmDebugChannel | undefined> {
    this.demand('debug-channel');
    return this.limited(call, 'look', 'say where its debug channel is', async (signal) =>
      this.hypervisor.debugChannel?.(signal),
    );
  }

  /** A hung guest that is set up for it writes a dump and restarts. */
  nmi(call: VmCall): Promise<void> {
    this.demand('nmi');
    return this.change(call, 'nmi', 'look', 'send an NMI', async (signal) => {
      await this.plan('nmi', signal);
      await this.hypervisor.nmi?.(signal);
    });
  }

  /** All of the guest's memory as an ELF core. It stands still meanwhile. */
  dumpMemory(file: string, call: VmCall): Promise<void> {
    this.demand('memory-dump');
    return this.change(call, 'nmi', 'snapshot', "save the machine's memory", async (signal) =>
      this.hypervisor.dumpMemory?.(file, signal),
    );
  }

  private async revertOnce(snapshot: VmSnapshot, signal: AbortSignal): Promise<void> {
    await this.hypervisor.revert(snapshot, signal);
    await this.reach('start', signal);
    await this.waitFor('running', signal);
  }

  private async find(name: string, signal: AbortSignal): Promise<VmSnapshot> {
    const known = await this.hypervisor.snapshots(signal);
    const found = known.find((one) => one.name === name);
    if (found === undefined) throw snapshotMissing(this.name, name, known);
    return found;
  }

  private demand(ability: VmAbility): void {
    if (this.can(ability)) return;
    const lack = this.hypervisor.lacks.find((one) => one.ability === ability);
    throw notAble(this.name, ability, lack?.because ?? 'its hypervisor offers no such thing');
  }

  /** What the table says of the state that the machine is in, once it has come to rest. */
  private async plan(request: VmRequest, signal: AbortSignal) {
    for (;;) {
      const state = await this.hypervisor.state(signal);
      const plan = lifecycle[request][state];
      if (typeof plan === 'object') throw wrongState(this.name, state, request, plan.refuse);
      if (plan !== 'wait') return { state, plan };
      await pause(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw cancelledError(signal, `waiting for "${this.name}"`);
    }
  }

  private async reach(request: Power, signal: AbortSignal): Promise<void> {
    const { hypervisor } = this;
    const { plan } = await this.plan(request, signal);
    if (plan === 'nothing') return;
    if (plan === 'resume') return hypervisor.resume(signal);
    if (plan === 'power-off-first' || request === 'power-off') await hypervisor.powerOff(signal);
    if (request === 'start') await hypervisor.start(signal);
    if (request === 'shut-down' && plan === 'do') await hypervisor.askToShutDown(signal);
  }

  private async waitFor(wanted: VmState, signal: AbortSignal): Promise<void> {
    while ((await this.hypervisor.state(signal)) !== wanted) {
      await pause(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw cancelledError(signal, `waiting for "${this.name}"`);
    }
  }

  private async limited<T>(
    call: VmCall,
    limit: keyof typeof usualLimits_ms,
    what: string,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const limit_ms = call.limit_ms ?? usualLimits_ms[limit];
    const limited = withLimit(call.signal, limit_ms, () => didNotAnswer(this.name, what, limit_ms));
    try {
      return await work(limited.signal);
    } finally {
      limited.done();
    }
  }

  /** Under the lock of the machine; what is cut short is settled before the lock is given up. */
  private async change(
    call: VmCall,
    request: VmRequest,
    limit: keyof typeof usualLimits_ms,
    what: string,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    throwIfCancelled(call.signal, `to ${what}: "${this.name}"`);
    const lock = await this.lock(call);
    try {
      await this.limited(call, limit, what, async (signal) => {
        await this.hypervisor.mend?.(signal);
        await work(signal);
      });
    } catch (error) {
      if (!isUsage(error) && !isOver(error)) await this.settle(request);
      throw error;
    } finally {
      await lock.release();
    }
  }

  /**
   * After a failure in the middle: a start or a revert that did not end in a running machine ends in one
   * that is off. Other changes leave the machine as the hypervisor has it, which has a name.
   */
  private async settle(request: VmRequest): Promise<void> {
    if (request !== 'start' && request !== 'revert') return;
    const signal = AbortSignal.timeout(SETTLE_LIMIT_MS);
    const state = await this.hypervisor.state(signal).catch(() => 'changing' as const);
    if (state === 'running' && request === 'start') return;
    await this.hypervisor.powerOff(signal).catch((error: Error) => {
      throw toolFailed(this.name, 'switch the machine off after a failure', error.message);
    });
  }

  private async lock({ signal, progress }: VmCall): Promise<HeldLock> {
    const folder = path.join(this.dataFolder, 'locks');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return acquireLock(path.join(folder, `vm-${this.name}.lock`), {
      signal,
      onWait: ({ pid }) =>
        progress?.(`waiting for another FltLab (process ${pid}) at "${this.name}"`),
    });
  }
}

type Power = Extract<VmRequest, 'start' | 'shut-down' | 'power-off'>;

/** Refused before anything was changed. */
const isUsage = (error: unknown): error is LabError =>
  isLabError(error) && error.whose === 'usage' && error.code !== 'run.cancelled';

/** The machine is known to be off. */
const isOver = (error: unknown): boolean =>
  isLabError(error) && (error.code === 'vm.start-failed' || error.code === 'vm.revert-failed');
