import { FltMajor, IrpMajor, IrpMinor } from '../../contract/windows/index.ts';
import { inFrame } from '../kernel/callStack.ts';
import { displayNameOf } from './fileObjectRecord.ts';
const numbers = (majorFunction, minorFunction = 0) => ({
    majorFunction,
    minorFunction,
});
const lock = (minor) => numbers(IrpMajor.IRP_MJ_LOCK_CONTROL, IrpMinor[minor]);
/**
 * The entries of FAST_IO_DISPATCH that the Filter Manager shows to minifilters, in the order of wdm.h.
 * Not among them: the Acquire… and Release… entries, which come as FsFilter callbacks, and
 * FastIoDetachDevice. Differs: the compressed variants of read and write do not exist.
 */
export const fastIoEntries = {
    FastIoCheckIfPossible: numbers(FltMajor.IRP_MJ_FAST_IO_CHECK_IF_POSSIBLE),
    FastIoRead: numbers(IrpMajor.IRP_MJ_READ),
    FastIoWrite: numbers(IrpMajor.IRP_MJ_WRITE),
    FastIoQueryBasicInfo: numbers(IrpMajor.IRP_MJ_QUERY_INFORMATION),
    FastIoQueryStandardInfo: numbers(IrpMajor.IRP_MJ_QUERY_INFORMATION),
    FastIoLock: lock('IRP_MN_LOCK'),
    FastIoUnlockSingle: lock('IRP_MN_UNLOCK_SINGLE'),
    FastIoUnlockAll: lock('IRP_MN_UNLOCK_ALL'),
    FastIoUnlockAllByKey: lock('IRP_MN_UNLOCK_ALL_BY_KEY'),
    FastIoDeviceControl: numbers(IrpMajor.IRP_MJ_DEVICE_CONTROL),
    FastIoQueryNetworkOpenInfo: numbers(IrpMajor.IRP_MJ_QUERY_INFORMATION),
    MdlRead: numbers(FltMajor.IRP_MJ_MDL_READ),
    MdlReadComplete: numbers(FltMajor.IRP_MJ_MDL_READ_COMPLETE),
    PrepareMdlWrite: numbers(FltMajor.IRP_MJ_PREPARE_MDL_WRITE),
    MdlWriteComplete: numbers(FltMajor.IRP_MJ_MDL_WRITE_COMPLETE),
    FastIoQueryOpen: numbers(FltMajor.IRP_MJ_NETWORK_QUERY_OPEN),
    /**
     * Not of FAST_IO_DISPATCH but PreQueryOpen of FS_FILTER_CALLBACKS: an FSFilter operation, which goes
     * down the stack and back as the others do (R-REDIRECT-47).
     */
    PreQueryOpen: numbers(FltMajor.IRP_MJ_QUERY_OPEN),
};
export const fastIoEntryNames = Object.keys(fastIoEntries);
/** Calls a device's entry; false where its driver has none. */
export function callFastIo(kernel, device, call) {
    const { fastIo } = device.driver;
    const routine = fastIo?.entries[call.entry];
    if (fastIo === null || routine === undefined)
        return false;
    const frame = { routine: fastIo.nameOf(call.entry), arguments: argumentsOf(device, call) };
    const taken = inFrame(kernel, frame, () => routine(device, call));
    if (device.volume?.fileSystemDevice !== device)
        return taken;
    if (typeof taken !== 'boolean')
        return tellLater(kernel, device, call, taken);
    tell(kernel, device, call, taken);
    return taken;
}
/** A query by name has its create, its buffer and the device; else the file object comes first. */
function argumentsOf(device, call) {
    return call.irp !== null
        ? [call.irp.address, call.buffer, device.address]
        : [call.fileObject.address, call.buffer, device.address];
}
async function tellLater(kernel, device, call, taken) {
    const result = await taken;
    tell(kernel, device, call, result);
    return result;
}
/** Like the requests that reach a file system, the calls that do are told. */
function tell({ trace }, device, call, taken) {
    trace.emit({
        kind: 'fast-io',
        ...(call.rules === undefined || call.rules.length === 0 ? {} : { rules: [...call.rules] }),
        entry: call.entry,
        device: device.name,
        file: displayNameOf(call.fileObject),
        taken,
        ...(taken ? { status: call.iosb.status >>> 0, information: call.iosb.information } : {}),
    });
}
