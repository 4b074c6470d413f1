// Fast I/O: a call down a stack of devices, from FAST_IO_DISPATCH to FAST_IO_DISPATCH, without an IRP.
// A routine that returns false, or that is not there, makes the caller build an IRP instead.
// Models: FAST_IO_DISPATCH; R-FLT-32, R-FLT-33, R-REDIRECT-40.
import type { RuleId } from '../../contract/rules.ts';
import { FltMajor, IrpMajor, IrpMinor } from '../../contract/windows/index.ts';
import { inFrame } from '../kernel/callStack.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { DeviceObject } from './deviceObject.ts';
import type { FileObject } from './fileObject.ts';
import { displayNameOf } from './fileObjectRecord.ts';
import type { IoStatusBlock, Irp, IrpParameters, Mdl } from './irp.ts';

interface Numbers {
  /** As a minifilter sees it. */
  readonly majorFunction: number;
  readonly minorFunction: number;
}

const numbers = (majorFunction: number, minorFunction = 0): Numbers => ({
  majorFunction,
  minorFunction,
});

const lock = (minor: keyof typeof IrpMinor): Numbers =>
  numbers(IrpMajor.IRP_MJ_LOCK_CONTROL, IrpMinor[minor]);

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
} as const satisfies Record<string, Numbers>;

export type FastIoEntry = keyof typeof fastIoEntries;
export const fastIoEntryNames = Object.keys(fastIoEntries) as FastIoEntry[];

/** One call, the same for all entries: what differs is in the parameters. */
export interface FastIoCall {
  readonly entry: FastIoEntry;
  readonly fileObject: FileObject;
  readonly operation: IrpParameters;
  /** The caller's own address: always neither buffered nor direct. 0 where there is none. */
  readonly buffer: number;
  /** What MdlRead and PrepareMdlWrite give, and their completions take back. */
  readonly mdl: { chain: Mdl | null } | null;
  /** The create that FastIoQueryOpen stands for; its IoStatus is the result. */
  readonly irp: Irp | null;
  readonly iosb: IoStatusBlock;
  /** Why it goes to this device, for the trace. */
  readonly rules?: readonly RuleId[];
  readonly requestorMode: 'user' | 'kernel';
}

/** True: done, the result is in `call.iosb`. In the caller's thread; IRQL <= APC_LEVEL. */
export type FastIoRoutine = (device: DeviceObject, call: FastIoCall) => boolean | Promise<boolean>;

export interface FastIoDispatch {
  /** "Ntfs!NtfsCopyReadA": what a debugger shows. */
  readonly nameOf: (entry: FastIoEntry) => string;
  readonly entries: Readonly<Partial<Record<FastIoEntry, FastIoRoutine>>>;
}

/** Calls a device's entry; false where its driver has none. */
export function callFastIo(
  kernel: Kernel,
  device: DeviceObject,
  call: FastIoCall,
): boolean | Promise<boolean> {
  const { fastIo } = device.driver;
  const routine = fastIo?.entries[call.entry];
  if (fastIo === null || routine === undefined) return false;
  const frame = { routine: fastIo.nameOf(call.entry), arguments: argumentsOf(device, call) };
  const taken = inFrame(kernel, frame, () => routine(device, call));
  if (device.volume?.fileSystemDevice !== device) return taken;
  if (typeof taken !== 'boolean') return tellLater(kernel, device, call, taken);
  tell(kernel, device, call, taken);
  return taken;
}

/** A query by name has its create, its buffer and the device; else the file object comes first. */
function argumentsOf(device: DeviceObject, call: FastIoCall): readonly number[] {
  return call.irp !== null
    ? [call.irp.address, call.buffer, device.address]
    : [call.fileObject.address, call.buffer, device.address];
}

async function tellLater(
  kernel: Kernel,
  device: DeviceObject,
  call: FastIoCall,
  taken: Promise<boolean>,
): Promise<boolean> {
  const result = await taken;
  tell(kernel, device, call, result);
  return result;
}

/** Like the requests that reach a file system, the calls that do are told. */
function tell({ trace }: Kernel, device: DeviceObject, call: FastIoCall, taken: boolean): void {
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
