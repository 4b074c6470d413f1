// The command line of a QEMU machine. It is also the record of what was started: the lab finds a running
// machine, its port and its accelerator by reading the command line of the process, so no file about
// it can be stale.
import type { QemuMachine } from '../../../contract/vm.ts';
import type { QemuLayout } from './layout.ts';

export type Accelerator = 'kvm' | 'hvf' | 'tcg';

export interface Start {
  readonly accelerator: Accelerator;
  /** Of this machine's loopback; undefined without a network. */
  readonly hostPort?: number | undefined;
  /** An internal snapshot to begin from. */
  readonly load?: string | undefined;
  /** The writable disk: the description's own, or the overlay above it. */
  readonly disk?: string | undefined;
}

/** Names of block nodes: what a snapshot covers. */
export const DISK_NODE = 'disk';
export const VARIABLES_NODE = 'variables';

const diskDevices = {
  virtio: ['-device', `virtio-blk-pci,drive=${DISK_NODE},bootindex=1`],
  sata: ['-device', 'ahci,id=sata', '-device', `ide-hd,drive=${DISK_NODE},bus=sata.0,bootindex=1`],
  nvme: ['-device', `nvme,drive=${DISK_NODE},serial=fltlab0,bootindex=1`],
} as const;

export function commandLine(
  machine: QemuMachine,
  layout: QemuLayout,
  start: Start,
): readonly string[] {
  const { kernel, network, disk } = machine;
  return [
    ...['-name', escape(machine.name), '-no-user-config', '-nodefaults', '-display', 'none'],
    // A triple fault or a panic stops the machine where it is, to be looked at; a shut-down ends QEMU.
    ...['-action', 'reboot=reset,shutdown=poweroff,panic=pause'],
    ...['-machine', `${machine.machine},accel=${start.accelerator}`],
    ...['-cpu', machine.cpu ?? (start.accelerator === 'tcg' ? 'max' : 'host')],
    ...['-smp', String(machine.processors), '-m', `${machine.memory_MiB}M`],
    ...['-device', 'VGA', '-device', 'pvpanic-pci'],
    ...['-device', 'qemu-xhci,id=usb', '-device', 'usb-tablet,bus=usb.0'],
    ...socketDevice('qmp', layout.qmp, []),
    ...['-mon', 'chardev=qmp,mode=control'],
    // QEMU itself writes the log, so that no byte is missed while nobody is connected.
    ...socketDevice('serial', layout.serial, [`logfile=${escape(layout.serialLog)}`]),
    ...['-serial', 'chardev:serial'],
    ...socketDevice('gdb', layout.gdb, []),
    ...['-gdb', 'chardev:gdb'],
    ...(machine.uefi === undefined ? [] : firmware(machine.uefi)),
    ...(disk === undefined || start.disk === undefined
      ? []
      : [...blockNode(DISK_NODE, start.disk), ...diskDevices[disk.bus]]),
    ...(network === undefined || start.hostPort === undefined
      ? []
      : networkCard(network, start.hostPort)),
    ...(kernel === undefined ? [] : directKernel(kernel)),
    ...machine.more,
    ...(start.load === undefined ? [] : ['-loadvm', start.load]),
  ];
}

/** A comma separates the options of a device, so one in a value is written twice. */
const escape = (value: string): string => value.replaceAll(',', ',,');

function socketDevice(id: string, path: string, more: readonly string[]): readonly string[] {
  const options = [`socket,id=${id}`, `path=${escape(path)}`, 'server=on', 'wait=off', ...more];
  return ['-chardev', options.join(',')];
}

const blockNode = (name: string, file: string): readonly string[] => [
  '-blockdev',
  `driver=file,node-name=${name}-file,filename=${escape(file)},discard=unmap`,
  '-blockdev',
  `driver=qcow2,node-name=${name},file=${name}-file,discard=unmap`,
];

const firmware = ({ code, variables }: NonNullable<QemuMachine['uefi']>): readonly string[] => [
  '-drive',
  `if=pflash,format=raw,unit=0,readonly=on,file=${escape(code)}`,
  ...blockNode(VARIABLES_NODE, variables),
  '-machine',
  `pflash1=${VARIABLES_NODE}`,
];

const networkCard = (
  { model, guestPort }: NonNullable<QemuMachine['network']>,
  hostPort: number,
): readonly string[] => [
  '-netdev',
  `user,id=net0,restrict=off,hostfwd=tcp:127.0.0.1:${hostPort}-:${guestPort}`,
  '-device',
  `${model},netdev=net0`,
];

const directKernel = ({
  image,
  initrd,
  commandLine: append,
}: NonNullable<QemuMachine['kernel']>): readonly string[] => [
  '-kernel',
  image,
  ...(initrd === undefined ? [] : ['-initrd', initrd]),
  ...(append === '' ? [] : ['-append', append]),
];

export interface Started {
  readonly accelerator: string | undefined;
  readonly hostPort: number | undefined;
}

/** What a command line says of the machine that it started; arguments separated by blanks. */
export function readCommandLine(command: string): Started {
  const port = /hostfwd=tcp:127\.0\.0\.1:(\d+)-/.exec(command)?.[1];
  return {
    accelerator: /,accel=(\w+)/.exec(command)?.[1],
    hostPort: port === undefined ? undefined : Number(port),
  };
}
