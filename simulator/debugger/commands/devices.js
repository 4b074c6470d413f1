// !devstack, !devobj, !drvobj, !fileobj, !irp: the I/O manager's objects.
import { StackLocation as Sl } from '../../../contract/windows/index.ts';
import { displayNameOf } from '../../io/fileObjectRecord.ts';
import { evaluateMasm } from '../expression/masm.ts';
import { hex8, KdError } from '../failure.ts';
import { stackOf } from '../records.ts';
const DEVICE_LENGTH = 0xb8;
const DRIVER_WIDTH = 18;
function deviceOf({ standing, machine }, text) {
    const address = evaluateMasm(standing.scope(machine), text);
    const device = standing.records.deviceAt(address);
    if (device === undefined)
        throw new KdError(`${hex8(address)}: is not a device object`);
    return device;
}
/** The whole stack, the highest first, with a mark at the one that was asked for. */
export const deviceStack = (looking, text) => {
    const device = deviceOf(looking, text);
    let lowest = device;
    while (lowest.lower !== null)
        lowest = lowest.lower;
    const rows = stackOf(lowest).map((one) => {
        const mark = one === device ? '> ' : '  ';
        const driver = one.driver.name.padEnd(DRIVER_WIDTH);
        return `${mark}${hex8(one.address)}  ${driver} ${hex8(one.address + DEVICE_LENGTH)}  `;
    });
    return ['  !DevObj   !DrvObj            !DevExt   ObjectName', ...rows.reverse()];
};
export const deviceObject = (looking, text) => {
    const device = deviceOf(looking, text);
    const { records } = looking.standing;
    const driver = hex8(records.driverAddress(device.driver));
    return [
        `Device object (${hex8(device.address)}) is for:`,
        `  ${device.driver.name} DriverObject ${driver}`,
        `Current Irp 00000000 RefCount ${device.volume?.openFiles.size ?? 0} Type 00000008 Flags ${hex8(device.ioFlags ?? 0)}`,
        `DevExt ${hex8(device.address + DEVICE_LENGTH)} StackSize ${device.stackSize}`,
        ...(device.attached === null ? [] : [attachment('AttachedDevice (Upper)', device.attached)]),
        ...(device.lower === null ? [] : [attachment('AttachedTo (Lower)', device.lower)]),
        'Device queue is not busy.',
    ];
};
const attachment = (how, { address, driver }) => `${how} ${hex8(address)} ${driver.name}`;
export const driverObject = ({ standing, machine }, text) => {
    const { devices } = standing.records;
    const wanted = text.trim().toLowerCase();
    const address = /^[0-9a-f]+$/.test(wanted) ? evaluateMasm(standing.scope(machine), text) : -1;
    const own = devices.filter(({ driver }) => driver.name.toLowerCase().endsWith(`\\${wanted.replace(/^.*\\/, '')}`) ||
        standing.records.driverAddress(driver) === address);
    const [first] = own;
    if (first === undefined)
        throw new KdError(`Driver object ${text.trim()} not found`);
    return [
        `Driver object (${hex8(standing.records.driverAddress(first.driver))}) is for:`,
        ` ${first.driver.name}`,
        'Device Object list:',
        own.map((one) => hex8(one.address)).join('  '),
    ];
};
export const fileObject = ({ standing, machine }, text) => {
    const address = evaluateMasm(standing.scope(machine), text);
    const file = standing.records.files.find((one) => one.address === address);
    if (file === undefined)
        throw new KdError(`${hex8(address)}: is not a file object`);
    return [
        '',
        file.fileName,
        '',
        `Device Object: 0x${hex8(file.device.address)}   ${file.device.driver.name}`,
        `Related File Object: 0x${hex8(file.relatedFileObject?.address ?? 0)}`,
        `Flags:  0x${file.flags.toString(16)}`,
        `Handles: ${file.handleCount}  References: ${file.referenceCount}  (${displayNameOf(file)})`,
        `CurrentByteOffset: ${file.currentByteOffset.toString(16)}`,
    ];
};
export const irp = (looking, text) => {
    const { standing, machine } = looking;
    const [address = ''] = text.trim().split(/\s+/);
    const at = evaluateMasm(standing.scope(machine), address);
    const found = standing.records.irpAt(at);
    if (found === undefined)
        throw new KdError(`IRP signature does not match, probably not an IRP: ${hex8(at)}`);
    return irpLines(looking, found);
};
function irpLines(looking, one) {
    const current = one.currentLocation;
    const location = hex8(one.address + 0x70 + (current - 1) * 0x24);
    const state = current > one.stackCount
        ? 'Irp is completed.  '
        : `Irp is active with ${one.stackCount} stacks ${current} is current (= 0x${location})`;
    const mdl = one.mdl === null ? 'No Mdl:' : `Mdl=${hex8(one.mdl.address)}:`;
    const buffer = one.systemBuffer === 0 ? 'No System Buffer:' : `System buffer=${hex8(one.systemBuffer)}:`;
    const pending = one.pendingReturned ? 'pending returned, ' : '';
    const cancel = one.cancel ? '  Cancel set.' : '';
    return [
        state,
        ` ${mdl} ${buffer} Thread ${hex8(one.thread.address)}:  Irp stack trace.  ${pending}${cancel}`.trimEnd(),
        '     cmd  flg cl Device   File     Completion-Context',
        ...one.stack.flatMap((entry, index) => locationLines(looking, entry, index + 1 === current)),
    ];
}
const byte = (value) => value.toString(16).padStart(2, ' ');
function locationLines(looking, entry, isCurrent) {
    const { device, fileObject: file, control, completionRoutine } = entry;
    const command = `[${entry.majorFunction.toString(16).padStart(3)},${entry.minorFunction.toString(16).padStart(2)}]`;
    // Completion routines of the model are the Filter Manager's or a legacy filter's.
    const routine = completionRoutine === null ? 0 : looking.standing.symbols.addressOfRoutine(COMPLETION);
    const objects = `${hex8(device?.address ?? 0)} ${hex8(file?.address ?? 0)} ${hex8(routine)}-00000000`;
    const told = [
        control & Sl.SL_INVOKE_ON_SUCCESS ? 'Success' : '',
        control & Sl.SL_INVOKE_ON_ERROR ? 'Error' : '',
        control & Sl.SL_INVOKE_ON_CANCEL ? 'Cancel' : '',
        control & Sl.SL_PENDING_RETURNED ? 'pending' : '',
    ].filter((word) => word !== '');
    const mark = isCurrent ? '>' : ' ';
    const words = Object.values(entry.parameters)
        .filter((value) => typeof value === 'number')
        .slice(0, 4);
    const args = [0, 1, 2, 3].map((index) => hex8(Number(words[index] ?? 0))).join(' ');
    return [
        `${mark}${command}  ${byte(entry.flags)} ${byte(control)} ${objects} ${told.join(' ')}`.trimEnd(),
        ...(device === null
            ? []
            : [
                `\t       ${device.driver.name}\t${completionRoutine === null ? '' : looking.standing.symbols.shown(COMPLETION)}`.trimEnd(),
            ]),
        `\t\t\tArgs: ${args}`,
    ];
}
const COMPLETION = 'fltmgr!FltpPassThroughCompletion';
