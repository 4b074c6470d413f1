// The objects of the Filter Manager: frames, volumes, filters, instances; and what a filter is to it,
// an interface that driver/ implements with a driver's own code and the models of neighbours in
// TypeScript.
import type { SourcePlace } from '../../contract/finding.ts';
import type { RuleId } from '../../contract/rules.ts';
import type { NtStatus } from '../../contract/windows/index.ts';
import type { DeviceObject, Volume } from '../io/deviceObject.ts';
import type { FileObject } from '../io/fileObject.ts';
import type { KernelEvent } from '../kernel/kernel.ts';
import type { CallbackData, CompletionNode, Operation } from './callbackData.ts';

/** FLT_RELATED_OBJECTS. */
export interface RelatedObjects {
  readonly filter: Filter;
  readonly volume: FltVolume;
  readonly instance: Instance;
  readonly fileObject: FileObject | null;
}

/** What a pre-operation callback gave back: as the driver returned it, legal or not. */
export interface PreResult {
  readonly status: number;
  /** *CompletionContext, 0 for NULL. */
  readonly completionContext: number;
  /** Why a modelled neighbour decides so. */
  readonly rules?: readonly RuleId[];
}

/**
 * A callback sees `data` and may replace `data.iopb` (never change it in place) and set
 * `data.ioStatus`; whether the replacement counts is the Filter Manager's business (R-FLT-12).
 */
export type PreOperation = (
  data: CallbackData,
  objects: RelatedObjects,
) => PreResult | Promise<PreResult>;

/** Returns an FLT_POSTOP_… value as the driver returned it. `flags`: FLTFL_POST_OPERATION_…. */
export type PostOperation = (
  data: CallbackData,
  objects: RelatedObjects,
  completionContext: number,
  flags: number,
) => number | Promise<number>;

/** One element of the operation registration (FLT_OPERATION_REGISTRATION), decoded. */
export interface OperationCallbacks {
  readonly majorFunction: number;
  /** FLTFL_OPERATION_REGISTRATION_…. */
  readonly flags: number;
  readonly pre: PreOperation | null;
  readonly post: PostOperation | null;
  /** Where each begins in the driver's source, for the trace. */
  readonly preAt?: SourcePlace | undefined;
  readonly postAt?: SourcePlace | undefined;
}

type MaybeLater<Value> = Value | Promise<Value>;

export interface InstanceSetup {
  /** FLTFL_INSTANCE_SETUP_…. */
  readonly flags: number;
  /** FILE_DEVICE_…: DISK_FILE_SYSTEM 8. */
  readonly volumeDeviceType: number;
  /** FLT_FSTYPE_…: NTFS 2. */
  readonly volumeFilesystemType: number;
}

/** A filter as FltRegisterFilter received it. Absent callbacks are null. */
export interface FilterCallbacks {
  readonly operations: readonly OperationCallbacks[];
  readonly unload: ((flags: number) => MaybeLater<NtStatus>) | null;
  readonly instanceSetup:
    ((objects: RelatedObjects, setup: InstanceSetup) => MaybeLater<NtStatus>) | null;
  readonly instanceQueryTeardown: ((objects: RelatedObjects) => MaybeLater<NtStatus>) | null;
  readonly instanceTeardownStart:
    ((objects: RelatedObjects, reason: number) => MaybeLater<void>) | null;
  readonly instanceTeardownComplete:
    ((objects: RelatedObjects, reason: number) => MaybeLater<void>) | null;
}

/** FLTFL_INSTANCE_TEARDOWN_…: why an instance goes. */
export const TeardownReason = {
  MANUAL: 0x1,
  FILTER_UNLOAD: 0x2,
  MANDATORY_FILTER_UNLOAD: 0x4,
  VOLUME_DISMOUNT: 0x8,
  INTERNAL_ERROR: 0x10,
} as const;

/** An instance as the service's registry key (the INF) defines it. */
export interface InstanceDefinition {
  readonly name: string;
  readonly altitude: string;
  /** Bit 0: no automatic attachment; bit 1: no manual attachment (R-FLT-7). */
  readonly flags: number;
}

export interface Filter {
  /** PFLT_FILTER. */
  readonly address: number;
  readonly name: string;
  /** Neighbours are modelled: their coming and going is no news. */
  readonly kind: 'driver' | 'neighbour';
  readonly definitions: readonly InstanceDefinition[];
  /** That of its first instance's altitude. */
  readonly frame: Frame;
  readonly callbacks: FilterCallbacks;
  /** By major function; built from `callbacks.operations` once. */
  readonly byMajor: ReadonlyMap<number, OperationCallbacks>;
  state: 'registered' | 'filtering' | 'unregistered';
  readonly instances: Instance[];
}

export interface Instance {
  /** PFLT_INSTANCE. */
  readonly address: number;
  readonly name: string;
  readonly altitude: string;
  readonly filter: Filter;
  readonly volume: FltVolume;
  state: 'setting-up' | 'attached' | 'tearing-down' | 'detached';
  /** Completion nodes that still owe this instance a post-operation. */
  readonly nodes: Set<CompletionNode>;
  /** Operations that its pre-operation has pended. */
  readonly pended: Set<Operation>;
  /** The callbacks by which it last refused IRP_MJ_NETWORK_QUERY_OPEN; null while it has not. */
  refusedQueryIn: OperationCallbacks | null;
  /** Callbacks of it that run right now, in any thread. */
  running: number;
  /** Signalled when nodes, pended and running are all empty; only a teardown waits on it. */
  idle: KernelEvent | null;
}

/** FLT_VOLUME: one volume in one frame. */
export interface FltVolume {
  /** PFLT_VOLUME. */
  readonly address: number;
  readonly frame: Frame;
  readonly volume: Volume;
  /** The frame's device in the volume's attachment stack. */
  readonly device: DeviceObject;
  /** Highest altitude first; `setInstances` alone sets it. Replaced, never changed in place: an operation keeps the one it began with. */
  instances: readonly Instance[];
}

/** A frame: one device per volume, and a range of altitudes. Frame 0 is the lowest (R-FLT-4). */
export interface Frame {
  readonly id: number;
  /** Its altitudes: from here … */
  readonly lowest: string;
  /** … up to here; where another frame is above, that is where it begins. */
  readonly highest: string;
  /** One record for each mounted volume, in the order of mounting. */
  readonly volumes: FltVolume[];
  /**
   * Completion nodes that an operation may come to need here: the altitudes that are taken on any
   * volume, because redirection goes on at the same altitude of another one (R-FLT-11).
   */
  completionNodes: number;
}
