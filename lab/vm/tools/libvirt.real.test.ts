// Goal: virsh is driven for real, against libvirt's own test driver and against a domain of QEMU under a
// libvirtd of our own: unprivileged, with all its files in a folder that is removed.
import { chmod, chown, copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LibvirtMachine } from '../../../contract/vm.ts';
import { findProgram, runProgram } from '../../process/index.ts';
import { startInBackground, type BackgroundProgram } from '../../process/background.ts';
import { endProcesses, listProcesses } from '../../process/processTable.ts';
import { VmController } from '../controller.ts';
import { call, canRunGuests, guestLab, signal, type GuestLab } from '../testing/guestLab.ts';
import { GUEST_READY } from '../testing/linuxGuest.ts';
import { thisHost } from './host.ts';
import { openLibvirt } from './libvirt.ts';

const virsh = await findProgram('virsh');
const setpriv = await findProgram('setpriv');
const libvirtd = ['/usr/sbin/libvirtd'].find((file) => existsSync(file));

const controller = async (
  dataFolder: string,
  uri: string,
  domain: string,
): Promise<VmController> => {
  const description = LibvirtMachine.parse({ vm: 1, name: 'lv', kind: 'libvirt', uri, domain });
  const hypervisor = await openLibvirt(description, thisHost(), signal);
  return new VmController({ description, hypervisor, dataFolder });
};

describe.skipIf(virsh === undefined)('the test driver of libvirt', () => {
  // It forgets everything when virsh ends: each request finds the machine that runs.
  test('is looked at, changed, and told what it does not have', async () => {
    const { hypervisor } = await controller('/nowhere', 'test:///default', 'test');
    expect(hypervisor.version).toMatch(/^\d+\.\d+/);
    expect(await hypervisor.state(signal)).toBe('running');
    expect(await hypervisor.snapshots(signal)).toEqual([]);
    expect(await hypervisor.address?.(signal)).toMatchObject({
      host: expect.stringMatching(/^192\.168\.122\.\d+$/),
      port: 22,
    });
    await hypervisor.createSnapshot('clean', signal);
    await hypervisor.askToShutDown(signal);
    await hypervisor.powerOff(signal);
    await expect(hypervisor.start(signal)).rejects.toMatchObject({
      code: 'vm.tool-failed',
      detail: expect.stringContaining('already'),
    });
    const other = await controller('/nowhere', 'test:///default', 'nothing');
    await expect(other.hypervisor.state(signal)).rejects.toMatchObject({
      code: 'vm.unknown-to-hypervisor',
    });
  });
});

const canServe = canRunGuests && virsh !== undefined && libvirtd !== undefined;
const asRoot = process.getuid?.() === 0;

describe.skipIf(!canServe || (asRoot && setpriv === undefined))('a QEMU domain of libvirt', () => {
  const NOBODY = 65534;
  let lab: GuestLab;
  let folder = '';
  let daemon: BackgroundProgram;
  let uri = '';

  beforeAll(async () => {
    lab = await guestLab();
    await chmod(lab.folder, 0o755);
    folder = path.join(lab.folder, 'lv');
    await mkdir(folder);
    const file = (name: string): string => path.join(folder, name);
    await copyFile(lab.guest.kernel, file('kernel'));
    await copyFile(lab.guest.initrd, file('initrd'));
    await writeFile(file('libvirtd.conf'), 'log_outputs = "3:stderr"\n');
    await runProgram('qemu-img', ['create', '-q', '-f', 'qcow2', file('disk'), '16M'], { signal });
    await writeFile(file('guest.xml'), domainXml(file));
    const owned = ['kernel', 'initrd', 'libvirtd.conf', 'disk', 'guest.xml'].map(file);
    if (asRoot) for (const one of [folder, ...owned]) await chown(one, NOBODY, NOBODY);
    daemon = startDaemon(folder);
    const socket = path.join(folder, 'run', 'libvirt', 'libvirt-sock');
    uri = `qemu+unix:///session?socket=${socket}`;
    while (!existsSync(socket)) {
      expect(daemon.ended(), await readFile(file('log'), 'utf8').catch(() => '')).toBeUndefined();
      await pause(50);
    }
    const defined = await runProgram('virsh', ['-c', uri, 'define', file('guest.xml')], { signal });
    expect(defined).toMatchObject({ kind: 'exited', code: 0 });
  });

  afterAll(async () => {
    // The daemon, and QEMU, which outlives it.
    await endProcesses(async () =>
      (await listProcesses())
        .filter(({ command }) => command.includes(folder))
        .map(({ pid }) => pid),
    );
    await lab.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  test('starts, is put back from running, from off and after a panic', async () => {
    const vm = await controller(lab.dataFolder, uri, 'guest');
    await vm.start(call);
    const log = path.join(folder, 'serial.log');
    await expect
      .poll(() => readFile(log, 'utf8').catch(() => ''), { timeout: 120_000, interval: 200 })
      .toContain(GUEST_READY);
    await vm.createSnapshot('clean', call);
    expect(await vm.snapshots(call)).toMatchObject([{ name: 'clean', live: true, current: true }]);
    await vm.revert('clean', call);
    await vm.powerOff(call);
    expect(await vm.state(call)).toBe('off');
    await vm.revert('clean', call);
    expect(await vm.state(call)).toBe('running');
    await vm.nmi(call);
    await vm.revert('clean', call);
    await vm.powerOff(call);
    await vm.deleteSnapshot('clean', call);
    expect(await vm.snapshots(call)).toEqual([]);
  });
});

function startDaemon(folder: string): BackgroundProgram {
  const environment = {
    PATH: '/usr/bin:/bin:/usr/sbin:/sbin',
    HOME: folder,
    XDG_RUNTIME_DIR: path.join(folder, 'run'),
    XDG_CONFIG_HOME: folder,
    XDG_CACHE_HOME: folder,
    XDG_DATA_HOME: folder,
    FLTLAB_TEST_RUN: process.env['FLTLAB_TEST_RUN'],
  };
  const conf = path.join(folder, 'libvirtd.conf');
  const args = ['-f', conf, '-p', path.join(folder, 'pid')];
  const options = { logFile: path.join(folder, 'log') };
  const program = libvirtd ?? 'libvirtd';
  if (!asRoot) return startInBackground(program, args, environment, options);
  const drop = ['--reuid=65534', '--regid=65534', '--clear-groups', program];
  return startInBackground(setpriv ?? 'setpriv', [...drop, ...args], environment, options);
}

const domainXml = (file: (name: string) => string): string => `<domain type='qemu'>
  <name>guest</name><memory unit='MiB'>96</memory><vcpu>1</vcpu>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <kernel>${file('kernel')}</kernel><initrd>${file('initrd')}</initrd>
    <cmdline>console=ttyS0 quiet nokaslr</cmdline>
  </os>
  <features><acpi/></features>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/><source file='${file('disk')}'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <serial type='file'><source path='${file('serial.log')}'/></serial>
    <memballoon model='none'/>
  </devices>
</domain>
`;
