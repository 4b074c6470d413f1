// Virtual machines: what is kept about each, what it can do, and the states that it can be in.
import { z } from 'zod';
import { TargetName } from './target.ts';
import type { Versioned } from './versioned.ts';

export const VmName = TargetName;

/**
 * A snapshot becomes an argument of a foreign program and, for some, a file: letters, digits, dots,
 * dashes and underscores, a letter or digit first.
 */
export const SnapshotName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
  message: 'a snapshot name is 1 to 64 letters, digits, dots, dashes and underscores',
});

const common = {
  vm: z.literal(1),
  name: VmName,
  /** The target of the lab that lives in this machine. */
  target: TargetName.optional(),
  /** The snapshot that runs begin from and return to. */
  cleanSnapshot: SnapshotName.optional(),
  /** What is read beside each run; left out, the serial line where the machine has one. */
  console: z
    .discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('serial'),
        /** The guest was booted with its kernel debugger on that line: packets are decoded. */
        packets: z.boolean().default(false),
      }),
      /** kd.exe over KDNET; its key is asked for and kept in no file of the lab. */
      z.strictObject({
        kind: z.literal('kdnet'),
        port: z.number().int().min(1024).max(65535),
        /** Poked twice a second, so that it is found sooner. */
        target: z.string().min(1).optional(),
        /** A target of kind `windows` on which kd.exe runs; left out, this machine. */
        host: TargetName.optional(),
      }),
      z.strictObject({ kind: z.literal('none') }),
    ])
    .optional(),
  /** Where the guest answers, for a hypervisor that cannot say. */
  address: z
    .strictObject({ host: z.string().min(1), port: z.number().int().min(1).max(65535) })
    .optional(),
};

const filePath = z.string().min(1);

/** A host that is driven over SSH: a target's name in the lab, or left out for this machine. */
const host = { host: z.string().min(1).optional() };

export const QemuMachine = z.strictObject({
  ...common,
  kind: z.literal('qemu'),
  /** The program, by name or path. */
  program: filePath.default('qemu-system-x86_64'),
  /** `auto` takes what this machine has and proves by starting it; emulation is the last choice. */
  accelerator: z.enum(['auto', 'kvm', 'hvf', 'tcg']).default('auto'),
  machine: z.enum(['q35', 'pc']).default('q35'),
  cpu: z
    .string()
    .regex(/^[A-Za-z0-9_.,+=-]+$/)
    .optional(),
  memory_MiB: z.number().int().min(16).max(1_048_576),
  processors: z.number().int().min(1).max(255).default(1),
  /** qcow2. Without one the machine boots `kernel` and remembers nothing. */
  disk: z
    .strictObject({ file: filePath, bus: z.enum(['virtio', 'sata', 'nvme']).default('sata') })
    .optional(),
  /** Code is read only; `variables` is a qcow2 copy of the template and part of each snapshot. */
  uefi: z.strictObject({ code: filePath, variables: filePath }).optional(),
  kernel: z
    .strictObject({
      image: filePath,
      initrd: filePath.optional(),
      commandLine: z.string().default(''),
    })
    .optional(),
  network: z
    .strictObject({
      model: z.enum(['virtio-net-pci', 'e1000e']).default('e1000e'),
      /** The port of the guest that a port of this machine's loopback leads to. */
      guestPort: z.number().int().min(1).max(65535).default(22),
      /** Left out, a free one is taken at each start. */
      hostPort: z.number().int().min(1024).max(65535).optional(),
    })
    .optional(),
  /** `internal` keeps memory too and returns in a moment; `overlay` keeps disks, machine off. */
  snapshots: z.enum(['internal', 'overlay']).default('internal'),
  /** Further arguments, as they are. */
  more: z.array(z.string()).default([]),
});
export type QemuMachine = z.infer<typeof QemuMachine>;

export const LibvirtMachine = z.strictObject({
  ...common,
  kind: z.literal('libvirt'),
  /** "qemu:///system", "qemu+ssh://root@lab1/system", "test:///default". */
  uri: z.string().regex(/^[a-z][a-z0-9+.-]*:\/\/[^\s]*$/),
  domain: z.string().min(1),
});
export type LibvirtMachine = z.infer<typeof LibvirtMachine>;

export const VirtualBoxMachine = z.strictObject({
  ...common,
  ...host,
  kind: z.literal('virtualbox'),
  /** Name or UUID. */
  machine: z.string().min(1),
});
export type VirtualBoxMachine = z.infer<typeof VirtualBoxMachine>;

export const VmwareMachine = z.strictObject({
  ...common,
  ...host,
  kind: z.literal('vmware'),
  /** Path of the .vmx on the host. */
  vmx: filePath,
  product: z.enum(['ws', 'fusion', 'player']).default('ws'),
});
export type VmwareMachine = z.infer<typeof VmwareMachine>;

export const HyperVMachine = z.strictObject({
  ...common,
  ...host,
  kind: z.literal('hyperv'),
  machine: z.string().min(1),
});
export type HyperVMachine = z.infer<typeof HyperVMachine>;

export const VmDescription = z.discriminatedUnion('kind', [
  QemuMachine,
  LibvirtMachine,
  VirtualBoxMachine,
  VmwareMachine,
  HyperVMachine,
]);
export type VmDescription = z.infer<typeof VmDescription>;
export type VmKind = VmDescription['kind'];

export const vmFormat = {
  kind: 'vm',
  current: 1,
  schema: VmDescription,
  upgrades: [],
} as const satisfies Versioned<typeof VmDescription>;

export const VmState = z.enum([
  /** No power; nothing of it runs. */
  'off',
  'running',
  /** Its processors stand still and can go on. */
  'paused',
  /** Memory written to disk, no power; the next start goes on from there. */
  'saved',
  /** The hypervisor is at work on it: starting, saving, merging. */
  'changing',
  /** The guest ended itself (panic, triple fault) or the hypervisor cannot go on with it. */
  'crashed',
]);
export type VmState = z.infer<typeof VmState>;

export const VmAbility = z.enum([
  /** A snapshot of a running machine, memory included. */
  'live-snapshot',
  /** A snapshot of the disks of a machine that is off. */
  'disk-snapshot',
  /** The guest can be asked to shut down. */
  'shut-down',
  /** Where the guest answers is known without asking the person. */
  'address',
  'serial',
  /** A debugger's stub in the hypervisor, or a debugger's transport into the guest. */
  'debug-channel',
  /** A non-maskable interrupt: a hung Windows that is set up for it writes a dump. */
  'nmi',
  /** All of the guest's memory into a file of this machine. */
  'memory-dump',
]);
export type VmAbility = z.infer<typeof VmAbility>;

export interface VmSnapshot {
  readonly name: string;
  /** Null where the hypervisor does not say. */
  readonly made_s: number | null;
  /** Memory is part of it: a revert goes on running. Null where it is not told. */
  readonly live: boolean | null;
  readonly current: boolean;
}

/** How a program of this machine reaches a byte stream of the guest. */
export type VmStream =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  /** A named pipe of Windows. */
  | { readonly kind: 'pipe'; readonly path: string };

export interface VmDebugChannel {
  /** `gdb`: a remote stub. `kd-serial`: the line of a Windows kernel debugger. */
  readonly protocol: 'gdb' | 'kd-serial';
  readonly at: VmStream;
}
