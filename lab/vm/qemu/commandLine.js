/** Names of block nodes: what a snapshot covers. */
export const DISK_NODE = 'disk';
export const VARIABLES_NODE = 'variables';
const diskDevices = {
    virtio: ['-device', `virtio-blk-pci,drive=${DISK_NODE},bootindex=1`],
    sata: ['-device', 'ahci,id=sata', '-device', `ide-hd,drive=${DISK_NODE},bus=sata.0,bootindex=1`],
    nvme: ['-device', `nvme,drive=${DISK_NODE},serial=fltlab0,bootindex=1`],
};
export function commandLine(machine, layout, start) {
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
const escape = (value) => value.replaceAll(',', ',,');
function socketDevice(id, path, more) {
    const options = [`socket,id=${id}`, `path=${escape(path)}`, 'server=on', 'wait=off', ...more];
    return ['-chardev', options.join(',')];
}
const blockNode = (name, file) => [
    '-blockdev',
    `driver=file,node-name=${name}-file,filename=${escape(file)},discard=unmap`,
    '-blockdev',
    `driver=qcow2,node-name=${name},file=${name}-file,discard=unmap`,
];
const firmware = ({ code, variables }) => [
    '-drive',
    `if=pflash,format=raw,unit=0,readonly=on,file=${escape(code)}`,
    ...blockNode(VARIABLES_NODE, variables),
    '-machine',
    `pflash1=${VARIABLES_NODE}`,
];
const networkCard = ({ model, guestPort }, hostPort) => [
    '-netdev',
    `user,id=net0,restrict=off,hostfwd=tcp:127.0.0.1:${hostPort}-:${guestPort}`,
    '-device',
    `${model},netdev=net0`,
];
const directKernel = ({ image, initrd, commandLine: append, }) => [
    '-kernel',
    image,
    ...(initrd === undefined ? [] : ['-initrd', initrd]),
    ...(append === '' ? [] : ['-append', append]),
];
/** What a command line says of the machine that it started; arguments separated by blanks. */
export function readCommandLine(command) {
    const port = /hostfwd=tcp:127\.0\.0\.1:(\d+)-/.exec(command)?.[1];
    return {
        accelerator: /,accel=(\w+)/.exec(command)?.[1],
        hostPort: port === undefined ? undefined : Number(port),
    };
}
