// Virtual machines, as the workbench shows them and changes them.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { SnapshotName, VmAbility, VmName, VmState } from '../vm.ts';
import { base } from './base.ts';

const MachineSummary = z.strictObject({
  name: VmName,
  kind: z.string(),
  /** The target of the lab that lives in it. */
  target: z.string().nullable(),
  /** What runs begin from and return to. */
  cleanSnapshot: z.string().nullable(),
});
export type MachineSummary = z.infer<typeof MachineSummary>;

const Snapshot = z.strictObject({
  name: z.string(),
  /** Seconds since 1970; null where the hypervisor does not say. */
  made_s: z.number().nullable(),
  /** With memory: a revert goes on running. */
  live: z.boolean().nullable(),
  current: z.boolean(),
});

/** What its hypervisor says of it now. */
const MachineLook = z.strictObject({
  state: VmState,
  /** "qemu 7.2.22". */
  hypervisor: z.string(),
  abilities: z.array(VmAbility),
  lacks: z.array(z.strictObject({ ability: VmAbility, because: z.string() })),
  snapshots: z.array(Snapshot),
});
export type MachineLook = z.infer<typeof MachineLook>;

const MachineChange = z.discriminatedUnion('do', [
  z.strictObject({ do: z.enum(['start', 'shut-down', 'power-off', 'nmi']) }),
  z.strictObject({ do: z.enum(['revert', 'snapshot', 'drop']), snapshot: SnapshotName }),
]);
export type MachineChange = z.infer<typeof MachineChange>;

const Changed = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('step'), text: z.string() }),
  z.strictObject({ kind: z.literal('done'), look: MachineLook }),
]);

const Name = z.strictObject({ name: VmName });

export const machinesContract = {
  list: base.output(z.array(MachineSummary)),
  look: base.input(Name).output(MachineLook),
  /** Leaving the stream cancels it; the machine is then in a state that has a name. */
  change: base.input(Name.extend({ change: MachineChange })).output(eventIterator(Changed)),
};
