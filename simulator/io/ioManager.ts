// What drivers of the model (the file system, the Filter Manager) may ask of the I/O manager.
import type { NtStatus } from '../../contract/windows/index.ts';
import type { DeviceObject, Volume } from './deviceObject.ts';
import type { FileObject } from './fileObject.ts';
import type { CancelRoutine, Irp, IrpParameters } from './irp.ts';

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
}

export interface IoManager {
  readonly volumes: readonly Volume[];

  /** IoAllocateIrp for a stack whose top is `top`: as many locations as its StackSize. */
  allocateIrp(top: DeviceObject, request: NewIrp): Irp;

  /**
   * IoCallDriver: moves to the next lower stack location and calls the device's dispatch routine.
   * No location left is bugcheck 0x35 (R-IO-23).
   */
  callDriver(device: DeviceObject, irp: Irp): NtStatus | Promise<NtStatus>;

  /** IoCopyCurrentIrpStackLocationToNext. */
  copyToNext(irp: Irp): void;

  /** IoMarkIrpPending at the current location. */
  markPending(irp: Irp): void;

  /**
   * IoCompleteRequest: walks the completion routines up, then finishes the request in the issuing
   * thread: inline if the dispatch has not returned STATUS_PENDING, else by a special kernel APC
   * that copies a system buffer to the user buffer, frees it (IRP_DEALLOCATE_BUFFER), writes the
   * I/O status block and signals the event (R-IO-20, R-IO-21).
   */
  completeRequest(irp: Irp): Promise<void>;

  /** IoSetCancelRoutine: installs or removes; returns the one that was there. */
  setCancelRoutine(irp: Irp, routine: CancelRoutine | null): CancelRoutine | null;

  /** IoCancelIrp: true when a cancel routine was there and has been called. */
  cancelIrp(irp: Irp): Promise<boolean>;

  /** Puts a new device on top of a stack; its StackSize becomes the lower one's plus 1. */
  attachDevice(device: DeviceObject, to: DeviceObject): void;

  /** A kernel address for an object that drivers or debuggers may see. */
  allocateObject(kind: 'device' | 'driver' | 'file' | 'irp', length: number): number;
}
