// What the tests of virtual machines share: the guest, a folder, a controller, and ways to reach and to
// break the guest.
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { QemuMachine } from '../../../contract/vm.ts';
import { findProgram, runProgram } from '../../process/index.ts';
import { connectSsh, type SshConnection } from '../../ssh/index.ts';
import { VmController, type VmCall } from '../controller.ts';
import { openQemu } from '../qemu/open.ts';
import type { QemuHypervisor } from '../qemu/qemu.ts';
import { GUEST_READY, guestMachine, linuxGuest, type LinuxGuest } from './linuxGuest.ts';

export const signal = new AbortController().signal;
export const call: VmCall = { signal };

/** QEMU, and Debian's packages to make the guest from. */
export const canRunGuests =
  process.platform === 'linux' &&
  (await findProgram('qemu-system-x86_64')) !== undefined &&
  (await findProgram('qemu-img')) !== undefined &&
  (await findProgram('apt-get')) !== undefined;

export interface GuestLab {
  readonly folder: string;
  readonly dataFolder: string;
  readonly guest: LinuxGuest;
  /** A machine of its own, off, with an empty disk. */
  machine(name: string, more?: Record<string, unknown>): Promise<GuestVm>;
  /** Switches all of them off and removes the folder. */
  dispose(): Promise<void>;
}

export interface GuestVm {
  readonly vm: VmController;
  readonly qemu: QemuHypervisor;
  /** Resolves when the serial line has said `text`. */
  serialSays(text: string): Promise<string>;
  ready(): Promise<void>;
  ssh(): Promise<SshConnection>;
}

export async function guestLab(): Promise<GuestLab> {
  const shared = process.env['FLTLAB_TEST_DATA'] ?? path.join(tmpdir(), 'fltlab-test-guests');
  await mkdir(shared, { recursive: true });
  const guest = await linuxGuest(path.join(shared, 'linux-guest'));
  const folder = await mkdtemp(path.join(tmpdir(), 'fltlab-guest-'));
  const dataFolder = path.join(folder, 'data');
  const machines: VmController[] = [];
  return {
    folder,
    dataFolder,
    guest,
    machine: async (name, more = {}) => {
      const disk = path.join(folder, `${name}.qcow2`);
      await runProgram('qemu-img', ['create', '-q', '-f', 'qcow2', disk, '16M'], { signal });
      const description = QemuMachine.parse({ ...guestMachine(guest, name, disk), ...more });
      const made = await openGuest(description, guest, dataFolder);
      machines.push(made.vm);
      return made;
    },
    dispose: async () => {
      for (const machine of machines) await machine.powerOff(call);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A second lab on the same machine is made by calling this again. */
export async function openGuest(
  description: QemuMachine,
  guest: LinuxGuest,
  dataFolder: string,
): Promise<GuestVm> {
  const qemu = await openQemu(description, dataFolder, signal);
  const vm = new VmController({ description, hypervisor: qemu, dataFolder });
  const serialSays = async (text: string): Promise<string> => {
    for (;;) {
      const said = await readFile(qemu.layout.serialLog, 'utf8');
      if (said.includes(text)) return said;
      if ((await vm.state(call)) === 'off') throw new Error(`off before "${text}":\n${said}`);
      await pause(50);
    }
  };
  return {
    vm,
    qemu,
    serialSays,
    ready: async () => void (await serialSays(GUEST_READY)),
    ssh: async () => {
      const at = await vm.address(call);
      if (at === undefined) throw new Error('no address');
      return connectSsh({
        at: { ...at, user: 'root' },
        privateKey: guest.key.privateKey,
        hostKey: { kind: 'expected', fingerprint: guest.hostKey },
        readyLimit_ms: 60_000,
        keepalive_ms: 500,
      });
    },
  };
}
