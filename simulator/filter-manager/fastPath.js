// Fast I/O at a frame's device: the same callbacks without an IRP, all in the caller's thread, nested
// as the calls are.
// Models: R-FLT-20, R-FLT-32, R-FLT-33; R-REDIRECT-40 to 43.
import { NtStatus } from '../../contract/windows/index.ts';
import { callFastIo, fastIoEntries, fastIoEntryNames, } from '../io/fastIo.ts';
import { inFrame } from '../kernel/callStack.ts';
import { deviceBelow, reportIgnored } from './fastIoDevice.ts';
import { noteMissed } from './missedQuery.ts';
import { beginOperation, endOperation, wantedBy } from './operation.ts';
import { ascend } from './postOperation.ts';
import { descend } from './preOperation.ts';
/** The entry points that every frame's device has: all that minifilters can see, and one routine. */
export function fastIoDispatch(context, volumeOf) {
    const routine = (device, call) => pass(context, volumeOf(device), call);
    return {
        nameOf: (entry) => `fltmgr!${routineName(entry)}`,
        entries: Object.fromEntries(fastIoEntryNames.map((entry) => [entry, routine])),
    };
}
function routineName(entry) {
    if (entry === 'PreQueryOpen')
        return 'FltpPreFsFilterOperation';
    return entry.startsWith('FastIo') ? `Fltp${entry}` : `FltpFastIo${entry}`;
}
function blockOf({ entry, fileObject, operation, buffer, mdl }) {
    return {
        irpFlags: 0,
        ...fastIoEntries[entry],
        operationFlags: 0,
        targetFileObject: fileObject,
        targetInstance: null,
        parameters: { operation, buffer, mdl: mdl?.chain ?? null },
    };
}
const pathOf = ({ entry }) => entry === 'PreQueryOpen' ? 'fs-filter' : 'fast-io';
/** False tells the caller to build an IRP (R-FLT-33). */
function pass(context, volume, call) {
    const { lower } = volume.device;
    if (lower === null)
        return false;
    const iopb = blockOf(call);
    const path = pathOf(call);
    if (!volume.instances.some((one) => wantedBy(one, iopb, path) !== undefined)) {
        return noteMissed(context, volume, call, callFastIo(context.kernel, lower, call));
    }
    return passFiltered(context, volume, call, iopb);
}
/** Models: FltpPassThroughFastIo. */
function passFiltered(context, volume, call, iopb) {
    const { requestorMode } = call;
    const operation = beginOperation(context, volume, { iopb, requestorMode, path: pathOf(call) });
    const frame = {
        routine: 'fltmgr!FltpPassThroughFastIo',
        arguments: [operation.address, volume.device.address, call.fileObject.address],
        locals: { _IRP_CALL_CTRL: operation },
    };
    const passed = inFrame(context.kernel, frame, () => carry(context, operation, call));
    return noteMissed(context, volume, call, passed);
}
async function carry(context, operation, call) {
    const { data } = operation;
    const descent = await descend(context, operation);
    let taken = descent === 'completed';
    if (descent === 'passed') {
        taken = await perform(context, operation, call);
        data.ioStatus.status = taken ? call.iosb.status : NtStatus.STATUS_FLT_DISALLOW_FAST_IO;
        data.ioStatus.information = taken ? call.iosb.information : 0;
    }
    await ascend(context, operation);
    if (operation.disallowed)
        taken = false;
    endOperation(context, operation);
    call.iosb.status = data.ioStatus.status;
    call.iosb.information = data.ioStatus.information;
    return taken;
}
/** FLT_IO_PARAMETER_BLOCK.Parameters on x86. */
const PARAMETERS_OFFSET = 0x10;
/** Models: FltpPerformFastIoCall: the entry of the device below, with what the filters left. */
async function perform(context, operation, call) {
    const { device, rules } = deviceBelow(context, operation);
    const { majorFunction, minorFunction, targetFileObject, parameters } = operation.data.iopb;
    if (device === null)
        return false;
    const frame = {
        routine: 'fltmgr!FltpPerformFastIoCall',
        arguments: [majorFunction, minorFunction, operation.data.iopbAddress + PARAMETERS_OFFSET],
    };
    const below = {
        ...call,
        fileObject: targetFileObject ?? call.fileObject,
        operation: parameters.operation,
        buffer: parameters.buffer,
        rules,
    };
    const { kernel } = context;
    const taken = await inFrame(kernel, frame, () => callFastIo(kernel, device, below));
    reportIgnored(context, operation, below, taken);
    return taken;
}
