// The Filter Manager as the rest of the model sees it: its devices on every volume, the filters that
// registered, and what a filter may ask of it about an operation.
import { CallbackDataFlag, IrpMajor, NtStatus, ntSuccess } from '../../contract/windows/index.ts';
import type { Neighbour, Stack, VolumeStack } from '../../contract/stack.ts';
import type { DeviceObject, Dispatch, DriverObject, Volume } from '../io/deviceObject.ts';
import type { IoManager } from '../io/ioManager.ts';
import type { FileObject } from '../io/fileObject.ts';
import { currentStackLocation, type Mdl } from '../io/irp.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { MaybeLater } from '../kernel/later.ts';
import { USER_LIMIT } from '../kernel/memory.ts';
import { attachAutomatically, attachManually, detach } from './attachment.ts';
import { irpCtrlLayout, type CallbackData } from './callbackData.ts';
import { CommunicationPorts } from './communicationPorts.ts';
import { resumeVerdict } from './decisions.ts';
import { frameOf, plainStack, raiseStack, standsOn, volumeIn } from './deviceStack.ts';
import { fastIoDispatch } from './fastPath.ts';
import { FilterIo } from './filterIo.ts';
import {
  TeardownReason,
  type Filter,
  type FilterCallbacks,
  type FltVolume,
  type Frame,
  type Instance,
  type InstanceDefinition,
} from './filter.ts';
import { fsFilterDispatch } from './fsFilterPath.ts';
import { dispatchClose, dispatchIrp, resumeAscent, resumeDescent } from './irpPath.ts';
import type { Context } from './operation.ts';
import { passiveFilter } from './passiveFilter.ts';
import { pendingFilter } from './pendingFilter.ts';
import { scannerFilter } from './scannerFilter.ts';
import { stacksOf } from './stackPicture.ts';
import { settlePost } from './postOperation.ts';
import { settlePre } from './preOperation.ts';
import {
  adjustStackSize,
  InstancePairs,
  isRedirectionAllowed,
  isRedirectionAllowedForOperation,
  type RedirectionAnswer,
} from './redirection.ts';
import { refuseRegistration, type Refusal } from './registration.ts';

const FLT_FILTER_LENGTH = 0x100;

export type Registration =
  | { readonly kind: 'registered'; readonly filter: Filter }
  | ({ readonly kind: 'refused' } & Refusal);

/** A filter that stands beside the driver under test; on all volumes where it names none. */
export interface NeighbourPlan {
  readonly filter: string;
  readonly altitude: string;
  readonly kind?: Neighbour['kind'];
  readonly volumes?: readonly string[] | undefined;
}

export class FilterManager {
  private readonly context: Context;
  /** What filters send by themselves. */
  readonly io: FilterIo;
  /** What programs connect to. */
  readonly ports: CommunicationPorts;
  /** From the lowest up: R-FLT-4. */
  readonly frames: readonly Frame[];
  private readonly registered: Filter[] = [];
  private readonly stack: Stack;

  /** Attaches to every mounted volume, above what is attached to it already. */
  constructor(kernel: Kernel, io: IoManager, stack: Stack = plainStack) {
    const layout = irpCtrlLayout(kernel.profile);
    this.stack = stack;
    this.context = {
      kernel,
      io,
      layout,
      live: new Map(),
      operations: 0,
      frames: [],
      allowedPairs: new InstancePairs(),
      onFileClosed: null,
      freeSwappedMdl: null,
    };
    this.io = new FilterIo(this.context);
    this.ports = new CommunicationPorts(kernel);
    const dispatch: Dispatch = (device, irp) => {
      const volume = volumeOf(device);
      const { majorFunction } = currentStackLocation(irp);
      const closes = majorFunction === IrpMajor.IRP_MJ_CLOSE && this.context.onFileClosed !== null;
      return (closes ? dispatchClose : dispatchIrp)(this.context, volume, irp);
    };
    const driver: DriverObject = {
      name: '\\FileSystem\\FltMgr',
      dispatch: new Map(Object.values(IrpMajor).map((major) => [major, dispatch] as const)),
      fastIo: fastIoDispatch(this.context, (device) => volumeOf(device)),
      fsFilter: fsFilterDispatch(this.context, (device) => volumeOf(device)),
    };
    const byDevice = new Map<DeviceObject, FltVolume>();
    const volumeOf = (device: DeviceObject): FltVolume => {
      const found = byDevice.get(device);
      if (found === undefined) throw new RangeError('not a device of the Filter Manager');
      return found;
    };
    this.frames = raiseStack(this.context, stack, driver);
    this.context.frames = this.frames;
    for (const volume of this.volumes) byDevice.set(volume.device, volume);
  }

  /** `stream`: what the file system kept for it; other opens may still have it. */
  onFileClosed(listener: (file: FileObject, stream: object | null) => MaybeLater<void>): void {
    this.context.onFileClosed = listener;
  }

  /** Of all frames; a filter is shown those of its own. */
  get volumes(): readonly FltVolume[] {
    return this.frames.flatMap((frame) => frame.volumes);
  }

  /** What stands on each volume now, for people. */
  stacks(): VolumeStack[] {
    return stacksOf(this.context.io.volumes, this.frames, this.stack);
  }

  /** The volume that Windows is on: C, or the first where there is none of that name. */
  get systemVolume(): Volume {
    const { volumes } = this.context.io;
    const found = volumes.find(({ name }) => name === 'C') ?? volumes[0];
    if (found === undefined) throw new RangeError('no volume is mounted');
    return found;
  }

  /** Every filter, in the order of registration; neighbours too. */
  get filters(): readonly Filter[] {
    return this.registered;
  }

  /** FltRegisterFilter, with the registration decoded. IRQL <= APC_LEVEL. */
  register(
    name: string,
    definitions: readonly InstanceDefinition[],
    callbacks: FilterCallbacks,
    kind: Filter['kind'] = 'driver',
  ): Registration {
    const refusal = refuseRegistration(callbacks);
    if (refusal !== null) return { kind: 'refused', ...refusal };
    const filter: Filter = {
      address: this.context.kernel.allocateObject('FMfl', FLT_FILTER_LENGTH),
      name,
      kind,
      definitions,
      frame: frameOf(this.frames, definitions[0]?.altitude ?? '0'),
      callbacks,
      byMajor: new Map(callbacks.operations.map((one) => [one.majorFunction, one])),
      state: 'registered',
      instances: [],
    };
    this.registered.push(filter);
    return { kind: 'registered', filter };
  }

  /**
   * FltStartFiltering: offers the filter every mounted volume, unless `volumes` says which. Errors:
   * STATUS_INVALID_PARAMETER when it filters already or has been unregistered.
   */
  async startFiltering(
    filter: Filter,
    volumes: readonly Volume[] = this.context.io.volumes,
  ): Promise<NtStatus> {
    if (filter.state !== 'registered') return NtStatus.STATUS_INVALID_PARAMETER;
    filter.state = 'filtering';
    for (const volume of volumes) {
      for (const definition of filter.definitions) {
        const place = volumeIn(frameOf(this.frames, definition.altitude), volume);
        await attachAutomatically(this.context, filter, place, definition);
      }
    }
    return NtStatus.STATUS_SUCCESS;
  }

  /** A modelled neighbour: registered, attached to its volumes, all of them where it names none. */
  async addNeighbour(neighbour: NeighbourPlan): Promise<void> {
    const { filter: name, altitude } = neighbour;
    // As Windows' own filters call theirs: "FileInfo", "FileInfo".
    const definitions = [{ name, altitude, flags: 0 }];
    const callbacks = this.callbacksOf(neighbour);
    const registration = this.register(name, definitions, callbacks, 'neighbour');
    if (registration.kind !== 'registered') return;
    const volumes = this.context.io.volumes.filter((volume) => standsOn(neighbour, volume));
    await this.startFiltering(registration.filter, volumes);
  }

  private callbacksOf({ filter, kind = 'passive' }: NeighbourPlan): FilterCallbacks {
    if (kind === 'passive') return passiveFilter(filter);
    if (kind === 'pends-reads') return pendingFilter(this.context.kernel, this);
    return scannerFilter(this.context, kind);
  }

  /** FltUnregisterFilter: tears its instances down and forgets it. */
  async unregister(filter: Filter, reason: number = TeardownReason.FILTER_UNLOAD): Promise<void> {
    if (filter.state === 'unregistered') return;
    filter.state = 'unregistered';
    for (const instance of [...filter.instances]) await detach(this.context, instance, reason);
    this.registered.splice(this.registered.indexOf(filter), 1);
    this.context.kernel.freeObject(filter.address);
  }

  /**
   * FltAttachVolume and FltAttachVolumeAtAltitude: in the frame of the altitude, whichever frame's
   * record of the volume is given. The instance, or why there is none.
   */
  async attachManually(
    filter: Filter,
    { volume }: FltVolume,
    definition: InstanceDefinition,
  ): Promise<Instance | NtStatus> {
    if (filter.state !== 'filtering') return NtStatus.STATUS_FLT_FILTER_NOT_READY;
    const place = volumeIn(frameOf(this.frames, definition.altitude), volume);
    return attachManually(this.context, filter, place, definition);
  }

  /** FltDetachVolume, `fltmc detach`: asks the filter first. */
  async detachManually(instance: Instance): Promise<NtStatus> {
    const { filter, volume } = instance;
    const { instanceQueryTeardown } = filter.callbacks;
    // A filter that registers no query routine cannot be detached by hand.
    if (instanceQueryTeardown === null) return NtStatus.STATUS_FLT_DO_NOT_DETACH;
    const status = await instanceQueryTeardown({ filter, volume, instance, fileObject: null });
    if (ntSuccess(status)) await detach(this.context, instance, TeardownReason.MANUAL);
    return status;
  }

  /** Every filter that is registered, neighbours too, in the order in which they came. */
  get all(): readonly Filter[] {
    return this.filters;
  }

  /** FilterDetach. */
  async detachByName(name: string, volumeName: string): Promise<NtStatus> {
    const wanted = name.toLowerCase();
    const filter = this.filters.find((one) => one.name.toLowerCase() === wanted);
    if (filter === undefined) return NtStatus.STATUS_FLT_FILTER_NOT_FOUND;
    const instance = filter.instances.find((one) => one.volume.volume.name === volumeName);
    return instance === undefined
      ? NtStatus.STATUS_FLT_INSTANCE_NOT_FOUND
      : this.detachManually(instance);
  }

  /** The callback data that a driver's pointer names, or undefined when it names none. */
  dataAt(address: number): CallbackData | undefined {
    return this.context.live.get(address);
  }

  filterAt(address: number): Filter | undefined {
    return this.registered.find((filter) => filter.address === address);
  }

  volumeAt(address: number): FltVolume | undefined {
    return this.volumes.find((volume) => volume.address === address);
  }

  instanceAt(address: number): Instance | undefined {
    for (const filter of this.filters) {
      const found = filter.instances.find((instance) => instance.address === address);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** FltIsIoRedirectionAllowed. */
  isRedirectionAllowed(from: Instance, to: Instance): boolean | 'not-supported' {
    return isRedirectionAllowed(this.context, from, to);
  }

  /** FltAdjustDeviceStackSizeForIoRedirection. */
  adjustStackSize = adjustStackSize;

  /** FltIsIoRedirectionAllowedForOperation; null outside a callback that has the operation. */
  isRedirectionAllowedForOperation(
    data: CallbackData,
    to: Instance,
  ): RedirectionAnswer | 'not-supported' | null {
    const from = data.operation.hold?.instance;
    return from === undefined ? null : isRedirectionAllowedForOperation(data, from, to);
  }

  /**
   * FltCompletePendedPreOperation. False when the operation is not one that a pre-operation holds
   * (or has yet to pend).
   */
  async completePendedPre(
    data: CallbackData,
    status: number,
    completionContext: number,
  ): Promise<boolean> {
    const { operation } = data;
    const { hold, irp } = operation;
    if (hold === null || hold.phase !== 'pre' || irp === null || hold.early !== null) return false;
    if (hold.state === 'running') {
      hold.early = { status, completionContext };
      return true;
    }
    const result = { status, completionContext };
    const descent = settlePre(this.context, operation, hold, resumeVerdict(status), result);
    await resumeDescent(this.context, operation, irp, descent === 'completed');
    return true;
  }

  /** FltCompletePendedPostOperation. False when no post-operation holds the operation. */
  async completePendedPost(data: CallbackData): Promise<boolean> {
    const { operation } = data;
    const { hold, irp } = operation;
    if (hold === null || hold.node === null || irp === null || hold.early !== null) return false;
    if (hold.state === 'running') {
      hold.early = { status: 0, completionContext: 0 };
      return true;
    }
    settlePost(this.context, operation, hold.node);
    await resumeAscent(this.context, operation, irp);
    return true;
  }

  /** FltGetNewSystemBufferAddress: 0 unless the flag is set (R-NOTIFY-58). */
  newSystemBuffer(data: CallbackData): number {
    const isNew = (data.flags & CallbackDataFlag.FLTFL_CALLBACK_DATA_NEW_SYSTEM_BUFFER) !== 0;
    return isNew ? (data.operation.irp?.systemBuffer ?? 0) : 0;
  }

  /**
   * FltLockUserBuffer: an MDL for the operation's buffer, whatever process is current. Dirty where a
   * pre-operation calls it, so that the layers below use the MDL (R-NOTIFY-60).
   * Differs: the MDL maps a copy that is written back when the operation ends.
   */
  lockUserBuffer(data: CallbackData): NtStatus {
    const { kernel } = this.context;
    const { parameters } = data.iopb;
    if (parameters.mdl !== null) return NtStatus.STATUS_SUCCESS;
    const length = lockableLength(data);
    if (length === null) return NtStatus.STATUS_INVALID_PARAMETER;
    let mdl: Mdl = { address: parameters.buffer, length };
    if (parameters.buffer < USER_LIMIT) {
      mdl = { address: kernel.pool.allocate('nonpaged', length, 'Mdl ', 'system'), length };
      kernel.memory.bytes(mdl.address, length).set(kernel.memory.bytes(parameters.buffer, length));
      data.operation.locked.push({ mdl, userAddress: parameters.buffer });
    }
    data.iopb = { ...data.iopb, parameters: { ...parameters, mdl } };
    const post = CallbackDataFlag.FLTFL_CALLBACK_DATA_POST_OPERATION;
    if ((data.flags & post) === 0) data.flags |= CallbackDataFlag.FLTFL_CALLBACK_DATA_DIRTY;
    return NtStatus.STATUS_SUCCESS;
  }
}

/** How much FltLockUserBuffer locks; null for an operation that it does not take. */
function lockableLength(data: CallbackData): number | null {
  const { operation } = data.iopb.parameters;
  switch (operation.kind) {
    case 'read':
    case 'write':
    case 'notify-directory':
    case 'query-directory':
    case 'query-security':
      return operation.length;
    case 'fs-control':
      return operation.outputBufferLength;
    default:
      return null;
  }
}
