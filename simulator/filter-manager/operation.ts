// The life of an IRP_CTRL: made when an operation arrives at a frame that somebody in it wants to see,
// freed when the last post-operation has returned.
import { compareAltitudes } from '../../contract/altitude.ts';
import {
  CallbackDataFlag,
  isFileSynchronization,
  IrpFlag,
  OperationRegistrationFlag,
} from '../../contract/windows/index.ts';
import type { FileObject } from '../io/fileObject.ts';
import type { IoManager } from '../io/ioManager.ts';
import type { Irp, Mdl } from '../io/irp.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { MaybeLater } from '../kernel/later.ts';
import type {
  CallbackData,
  IoParameterBlock,
  IrpCtrlLayout,
  Operation,
  OperationPath,
} from './callbackData.ts';
import type { FltVolume, Frame, Instance, OperationCallbacks, RelatedObjects } from './filter.ts';
import { hasSystemBuffer, iopbFromIrp, isVolumeOpen } from './parameters.ts';
import type { InstancePairs } from './redirection.ts';

/** What the parts of the Filter Manager share. */
export interface Context {
  readonly kernel: Kernel;
  readonly io: IoManager;
  readonly layout: IrpCtrlLayout;
  /** Callback data by address, while a driver may hold a pointer to it. */
  readonly live: Map<number, CallbackData>;
  operations: number;
  /** From the lowest up. */
  frames: readonly Frame[];
  /** Pairs that FltIsIoRedirectionAllowed has allowed. */
  readonly allowedPairs: InstancePairs;
  /** Told when IRP_MJ_CLOSE has gone through: what hung on the open, or on its stream, goes. */
  onFileClosed: ((file: FileObject, stream: object | null) => MaybeLater<void>) | null;
  /** Gives back an MDL that a filter swapped in; what is not a driver's own is left alone. */
  freeSwappedMdl: ((mdl: Mdl) => void) | null;
}

/**
 * What IoStatus holds in the pre-operation of an FSFilter operation: nothing has set it. Whoever
 * completes one without a status of his own is found out by it.
 */
export const UNSET_STATUS = 0x5a5a5a5a;

const pathFlag: Readonly<Record<OperationPath, number>> = {
  irp: CallbackDataFlag.FLTFL_CALLBACK_DATA_IRP_OPERATION,
  'fast-io': CallbackDataFlag.FLTFL_CALLBACK_DATA_FAST_IO_OPERATION,
  'fs-filter': CallbackDataFlag.FLTFL_CALLBACK_DATA_FS_FILTER_OPERATION,
};

/** FLT_CALLBACK_DATA.Flags before any callback has run (R-FLT-16). */
function firstFlags(path: OperationPath, irp: Irp | null, own: boolean): number {
  const buffered = irp !== null && hasSystemBuffer(irp);
  const generated = own || (irp !== null && irp.entry !== null);
  return (
    pathFlag[path] |
    (buffered ? CallbackDataFlag.FLTFL_CALLBACK_DATA_SYSTEM_BUFFER : 0) |
    (generated ? CallbackDataFlag.FLTFL_CALLBACK_DATA_GENERATED_IO : 0)
  );
}

const noInstances: readonly Instance[] = [];

/** A request that a filter made itself begins below the instance that it made it for (R-FLT-27). */
export function instancesFor(volume: FltVolume, irp: Irp | null): readonly Instance[] {
  const entry = irp?.entry ?? null;
  if (entry === null) return volume.instances;
  const start = entry as Instance;
  if (start.volume !== volume) return volume.instances;
  return volume.instances.filter((one) => compareAltitudes(one.altitude, start.altitude) < 0);
}

/** What an operation without an IRP begins with: its working block, and who asks. */
interface Call {
  readonly iopb: IoParameterBlock;
  readonly requestorMode: 'user' | 'kernel';
  readonly path?: Exclude<OperationPath, 'irp'>;
  /** The instance whose own callback data it is: an IRP, once it is sent. */
  readonly own?: Instance;
}

const firstStatus = (source: { readonly irp: Irp } | Call): number =>
  'iopb' in source && isFileSynchronization(source.iopb.majorFunction) ? UNSET_STATUS : 0;

/** Begins an operation. An IRP carries its own working block. */
export function beginOperation(
  context: Context,
  volume: FltVolume,
  source: { readonly irp: Irp } | Call,
): Operation {
  const { kernel, layout } = context;
  const irp = 'irp' in source ? source.irp : null;
  const own = 'irp' in source ? undefined : source.own;
  const path: OperationPath =
    'irp' in source || source.own !== undefined ? 'irp' : (source.path ?? 'fast-io');
  const instances = own === undefined ? instancesFor(volume, irp) : noInstances;
  // As many nodes as it may come to need, whether or not instances will want one (R-FLT-11).
  const length = layout.nodes + volume.frame.completionNodes * layout.nodeLength;
  const address = kernel.pool.allocate('nonpaged', length, 'FMic', 'system');
  context.operations += 1;
  const data: Mutable<CallbackData> = {
    address: address + layout.callbackData,
    operation: null as unknown as Operation, // Set below: the two records name each other.
    flags: firstFlags(path, irp, own !== undefined),
    thread: irp?.thread ?? kernel.scheduler.current,
    iopbAddress: address + layout.workingIopb,
    iopb: 'irp' in source ? iopbFromIrp(source.irp) : source.iopb,
    ioStatus: { status: firstStatus(source), information: 0 },
    tagData: null,
    requestorMode: 'irp' in source ? source.irp.requestorMode : source.requestorMode,
    filterContext: [0, 0, 0, 0],
  };
  const operation: Operation = {
    address,
    id: `o${context.operations}`,
    path,
    told: isTold(context, volume, data.iopb, path),
    volume,
    goesTo: volume,
    redirectedIn: null,
    irp,
    own: own ?? null,
    data,
    instances,
    disallowed: false,
    nextInstance: 0,
    nodes: [],
    working: null,
    parametersChanged: false,
    waitPoints: [],
    systemBufferGoingDown: irp?.systemBuffer ?? 0,
    userBufferGoingDown: irp?.userBuffer ?? 0,
    mdlGoingDown: irp?.mdl ?? null,
    nameGoingDown: data.iopb.targetFileObject?.fileName ?? null,
    swapped: false,
    locked: [],
    sideBlocks: new Map(),
    statusCallbacks: [],
    markedPending: false,
    shown: null,
    askedRedirection: null,
    hold: null,
    finalStatus: null,
  };
  data.operation = operation;
  context.live.set(data.address, data);
  kernel.debug?.created('operation', operation);
  return operation;
}

/** In another frame of the same volume too: the neighbours there are part of the same story. */
function isTold(
  { frames }: Context,
  { volume, instances }: FltVolume,
  iopb: IoParameterBlock,
  path: OperationPath,
): boolean {
  const wants = (one: Instance): boolean =>
    isDrivers(one) && wantedBy(one, iopb, path) !== undefined;
  if (frames.length === 1) return instances.some(wants);
  return frames.some(({ volumes }) =>
    volumes.some((one) => one.volume === volume && one.instances.some(wants)),
  );
}

const isDrivers = ({ filter }: Instance): boolean => filter.kind === 'driver';

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** The result goes into the IRP, buffers that filters swapped come out of it, IRP_CTRL is freed. */
export function endOperation(context: Context, operation: Operation): void {
  const { irp, data } = operation;
  operation.finalStatus = data.ioStatus.status;
  if (irp !== null) {
    irp.ioStatus.status = data.ioStatus.status;
    irp.ioStatus.information = data.ioStatus.information;
    irp.auxiliaryBuffer = data.tagData;
    if (operation.swapped) {
      irp.userBuffer = operation.userBufferGoingDown;
      irp.mdl = operation.mdlGoingDown;
    }
  }
  context.kernel.debug?.gone('operation', operation);
  unlockUserBuffers(context, operation);
  for (const address of operation.sideBlocks.values()) context.kernel.pool.free(address);
  context.live.delete(data.address);
  context.kernel.pool.free(operation.address);
}

/**
 * The alias of a locked user buffer and the buffer itself are the same pages on Windows; here they are
 * two ranges, made equal when the operation ends.
 */
function unlockUserBuffers({ kernel }: Context, operation: Operation): void {
  for (const { mdl, userAddress } of operation.locked) {
    const alias = kernel.memory.bytes(mdl.address, mdl.length);
    kernel.memory.bytes(userAddress, mdl.length).set(alias);
    kernel.pool.free(mdl.address);
  }
}

export const relatedObjects = (operation: Operation, instance: Instance): RelatedObjects => ({
  filter: instance.filter,
  volume: instance.volume,
  instance,
  fileObject: operation.data.iopb.targetFileObject,
});

/** The callbacks of `instance` for this operation, or undefined when it does not want it (R-FLT-2). */
export function wantedBy(
  instance: Instance,
  iopb: IoParameterBlock,
  path: OperationPath,
): OperationCallbacks | undefined {
  if (instance.state !== 'attached') return undefined;
  const callbacks = instance.filter.byMajor.get(iopb.majorFunction);
  if (callbacks === undefined || callbacks.flags === 0) return callbacks;
  return skipped(callbacks.flags, iopb, path) ? undefined : callbacks;
}

const Skip = OperationRegistrationFlag;

function skipped(flags: number, iopb: IoParameterBlock, path: OperationPath): boolean {
  const set = (flag: number): boolean => (flags & flag) !== 0;
  const paging = path === 'irp' && (iopb.irpFlags & IrpFlag.IRP_PAGING_IO) !== 0;
  const { kind } = iopb.parameters.operation;
  const transfer = kind === 'read' || kind === 'write';
  // Fast I/O is cached by nature.
  const cached = path === 'fast-io' || (iopb.irpFlags & IrpFlag.IRP_NOCACHE) === 0;
  if (set(Skip.FLTFL_OPERATION_REGISTRATION_SKIP_PAGING_IO) && paging) return true;
  if (set(Skip.FLTFL_OPERATION_REGISTRATION_SKIP_CACHED_IO) && transfer && cached && !paging) {
    return true;
  }
  if (set(Skip.FLTFL_OPERATION_REGISTRATION_SKIP_NON_DASD_IO)) {
    if (!isVolumeOpen(iopb.targetFileObject)) return true;
  }
  return (
    set(Skip.FLTFL_OPERATION_REGISTRATION_SKIP_NON_CACHED_NON_PAGING_IO) &&
    transfer &&
    !cached &&
    !paging
  );
}

/** Whether anything of an instance is still under way; its teardown waits until not. */
export function noteIdle(instance: Instance): void {
  if (instance.running === 0 && instance.nodes.size === 0 && instance.pended.size === 0) {
    instance.idle?.set();
  }
}

/** Runs one callback of an instance, counted, so that a teardown can wait for it. */
export async function runCallback<Result>(
  instance: Instance,
  call: () => MaybeLater<Result>,
): Promise<Result> {
  instance.running += 1;
  const result = await call();
  instance.running -= 1;
  return result;
}
