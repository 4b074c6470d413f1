// What drivers of the model (the file system, the Filter Manager) may ask of the I/O manager.
import type { NtStatus } from '../../contract/windows/index.ts';
import type { MaybeLater } from '../kernel/later.ts';
import type { DeviceObject, Volume } from './deviceObject.ts';
import type { FileObject, StackEntry } from './fileObject.ts';
import type { ServiceContext } from './services/serviceContext.ts';
import type { ControlArea } from './sections/controlArea.ts';
import type { QueryByName } from './queryOpen.ts';
import type { CancelRoutine, CompletionRoutine, Irp, IrpParameters } from './irp.ts';

export interface NewIrp {
  readonly majorFunction: number;
  readonly minorFunction?: number;
  /** SL_… for the top stack location. */
  readonly flags?: number;
  readonly irpFlags?: number;
  readonly parameters: IrpParameters;
  readonly fileObject: FileObject | null;
  readonly requestorMode: 'user' | 'kernel';
  readonly userBuffer?: number;
  readonly systemBuffer?: number;
  readonly systemBufferLength?: number;
  /** Irp.entry. */
  readonly entry?: object | null;
}

/** Which results of a request a completion routine is called for; all of them when left out. */
export interface CompletionConditions {
  readonly onSuccess: boolean;
  readonly onError: boolean;
  readonly onCancel: boolean;
}

/** IoCreateFileEx and what lies under NtCreateFile: an open without a handle. */
export interface OpenRequest {
  /** Absolute in the object namespace ("\\??\\C:\\dir"), or relative to `related`. */
  readonly name: string;
  readonly related: FileObject | null;
  readonly caseSensitive: boolean;
  /** Generic rights are mapped by the I/O manager. */
  readonly desiredAccess: number;
  readonly shareAccess: number;
  readonly disposition: number;
  readonly options: number;
  readonly fileAttributes: number;
  readonly allocationSize: number;
  readonly ea: Uint8Array;
  readonly requestorMode: 'user' | 'kernel';
  /** SL_OPEN_TARGET_DIRECTORY, SL_FORCE_ACCESS_CHECK …: for the stack location of the create. */
  readonly locationFlags?: number;
  /** A query by name: the fast way is tried first. Where it succeeds there is no file object. */
  readonly query?: QueryByName;
  /**
   * Where the create, and later every request of the open file, enters the stack of the volume that the
   * name leads to, or why it may not go there; the top when left out.
   * Models: IoCreateFileSpecifyDeviceObjectHint.
   */
  readonly enter?: (volume: Volume) => StackEntry | null | NtStatus;
}

export interface OpenResult {
  /** Never STATUS_REPARSE: the parse has been followed to its end. */
  readonly status: NtStatus;
  readonly information: number;
  /**
   * With one reference that belongs to the caller; null where the open failed, or where a query has
   * been answered without one.
   */
  readonly fileObject: FileObject | null;
}

export interface IoManager {
  readonly volumes: readonly Volume[];
  /** Mounts it: its name and its drive letter appear in the object namespace. */
  addVolume(volume: Volume): void;

  /** IoAllocateIrp for a stack whose top is `top`: as many locations as its StackSize. */
  allocateIrp(top: DeviceObject, request: NewIrp): Irp;

  /**
   * IoCallDriver: moves to the next lower stack location and calls the device's dispatch routine.
   * No location left is bugcheck 0x35 (R-IO-23).
   */
  callDriver(device: DeviceObject, irp: Irp): MaybeLater<NtStatus>;

  /** IoCopyCurrentIrpStackLocationToNext. */
  copyToNext(irp: Irp): void;

  /** IoSkipCurrentIrpStackLocation: the next driver is given the caller's own location. */
  skipCurrentLocation(irp: Irp): void;

  /**
   * IoSetCompletionRoutine: called when the driver below has completed the request, with the
   * caller's own location current again.
   */
  setCompletionRoutine(irp: Irp, routine: CompletionRoutine, on?: CompletionConditions): void;

  /** IoMarkIrpPending at the current location. */
  markPending(irp: Irp): void;

  /**
   * IoCompleteRequest: walks the completion routines up, then finishes the request in the issuing
   * thread: inline if the dispatch has not returned STATUS_PENDING, else by a special kernel APC
   * that copies a system buffer to the user buffer, frees it (IRP_DEALLOCATE_BUFFER), writes the
   * I/O status block and signals the event (R-IO-20, R-IO-21).
   */
  completeRequest(irp: Irp): MaybeLater<void>;

  /** IoSetCancelRoutine: installs or removes; returns the one that was there. */
  setCancelRoutine(irp: Irp, routine: CancelRoutine | null): CancelRoutine | null;

  /** IoCancelIrp: true when a cancel routine was there and has been called. */
  cancelIrp(irp: Irp): Promise<boolean>;

  /**
   * Locks the caller's buffer of a read or write that is neither buffered nor direct, so that it can
   * be reached from any process. Nothing where it is locked already.
   */
  lockUserBuffer(irp: Irp, length: number): void;

  /** IoFreeIrp: for whoever took a request back with `more-processing-required`. */
  freeIrp(irp: Irp): void;

  /** Parses the name, sends the create down and follows STATUS_REPARSE. PASSIVE_LEVEL. */
  openFile(request: OpenRequest): MaybeLater<OpenResult>;

  /** ObOpenObjectByPointer: a handle of the current process, or a kernel handle, to an open file. */
  openHandle(file: FileObject, grantedAccess: number, ofKernel: boolean): number;

  /** What the system services are given when a driver calls them (Zw…). */
  readonly services: ServiceContext;

  /** ZwClose. PASSIVE_LEVEL. */
  closeHandle(handle: number): MaybeLater<NtStatus>;

  /** The file that a handle of the current process, or a kernel handle, stands for; null for none. */
  fileOfHandle(handle: number): FileObject | null;

  /** ObReferenceObject on a file object. */
  referenceFile(file: FileObject): void;

  /**
   * ObDereferenceObject: the last reference sends IRP_MJ_CLOSE. Who opened a file without a handle
   * calls `cleanupFile` first.
   */
  dereferenceFile(file: FileObject): MaybeLater<void>;

  /** Sends IRP_MJ_CLEANUP, as closing the last handle does. */
  cleanupFile(file: FileObject): MaybeLater<void>;

  /**
   * MmFlushSection: writes what a data mapping of the stream has modified, by paging I/O from the top
   * of the stack. The first error ends it.
   */
  flushMapping(area: ControlArea): Promise<NtStatus>;

  /** Puts a new device on top of a stack; its StackSize becomes the lower one's plus 1. */
  attachDevice(device: DeviceObject, to: DeviceObject): void;

  /** A kernel address for an object that drivers or debuggers may see. */
  allocateObject(kind: 'device' | 'driver' | 'file' | 'irp', length: number): number;
}
