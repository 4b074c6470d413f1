// A target that lives in a virtual machine begins each run from its clean snapshot and is put back to it
// after: what a crash, a leftover device or a full disk left behind is gone, whoever caused it.
import { setTimeout as pause } from 'node:timers/promises';
import { isLabError, LabError } from '../../contract/errors/labError.ts';
import type { TargetFacts } from '../../contract/target.ts';
import type { VmDescription } from '../../contract/vm.ts';
import { throwIfCancelled } from '../data/cancellation.ts';
import type { OpenedVm } from '../vm/index.ts';

export interface MachineRoom {
  list(): Promise<readonly VmDescription[]>;
  open(name: string, signal: AbortSignal): Promise<OpenedVm>;
}

export interface MachineBehind {
  readonly name: string;
  readonly snapshot: string | undefined;
  readonly description: VmDescription;
  open(signal: AbortSignal): Promise<OpenedVm>;
  /** To the clean snapshot where it has one, else only started. */
  putBack(signal: AbortSignal, say: (text: string) => void): Promise<void>;
}

/** What a run names itself goes before what the description of the machine says. */
export interface Named {
  readonly vm?: string | undefined;
  readonly snapshot?: string | undefined;
}

/** Undefined for a target that lives in no machine of the lab. Errors: `vm.not-found`. */
export async function machineBehind(
  target: string,
  room: MachineRoom,
  named: Named = {},
): Promise<MachineBehind | undefined> {
  const known = await room.list();
  const description = known.find((one) =>
    named.vm === undefined ? one.target === target : one.name === named.vm,
  );
  if (description === undefined) return notNamed(named, known);
  const { name } = description;
  const cleanSnapshot = named.snapshot ?? description.cleanSnapshot;
  return {
    name,
    snapshot: cleanSnapshot,
    description,
    open: (signal) => room.open(name, signal),
    putBack: async (signal, progress) => {
      const { vm, close } = await room.open(name, signal);
      try {
        if (cleanSnapshot === undefined) await vm.start({ signal, progress });
        else await vm.revert(cleanSnapshot, { signal, progress });
      } finally {
        await close();
      }
    },
  };
}

function notNamed({ vm, snapshot }: Named, known: readonly VmDescription[]): undefined {
  if (vm === undefined && snapshot === undefined) return undefined;
  throw new LabError('vm.not-found', {
    problem:
      vm === undefined
        ? 'A snapshot was named, and the target lives in no virtual machine of the lab.'
        : `There is no virtual machine "${vm}"; known: ${known.map((one) => one.name).join(', ') || 'none'}.`,
    remedy: 'Add one with `fltlab vm add`, or name it with --vm.',
  });
}

const ASK_AGAIN_MS = 250;
/** A machine without memory in its snapshot has to start Windows first. */
const REACH_LIMIT_MS = 180_000;

/** Connects as soon as the guest answers. Errors: `vm.guest-unreachable`, and all that is no refusal. */
export async function whenReached<T>(
  vm: string,
  connect: () => Promise<T>,
  signal: AbortSignal,
  limit_ms: number = REACH_LIMIT_MS,
): Promise<T> {
  const give_up_at = performance.now() + limit_ms;
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      if (!isLabError(error) || error.code !== 'ssh.refused') throw error;
      if (performance.now() > give_up_at) throw unreachable(vm, limit_ms, error);
    }
    await pause(ASK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    throwIfCancelled(signal, `waiting for the guest of "${vm}"`);
  }
}

const unreachable = (vm: string, limit_ms: number, cause: LabError): LabError =>
  new LabError('vm.guest-unreachable', {
    problem: `The machine "${vm}" runs, and its guest did not answer within ${limit_ms / 1_000} s.`,
    remedy: `Look at it: fltlab kd serial ${vm}, or the window of its hypervisor.`,
    detail: cause.problem,
    cause,
  });

/** What the machine adds to what the target can show. */
export const withRevert = (facts: TargetFacts): TargetFacts => ({
  ...facts,
  has: [...new Set([...facts.has, 'revert' as const])],
  lacks: facts.lacks.filter(({ capability }) => capability !== 'revert'),
});
