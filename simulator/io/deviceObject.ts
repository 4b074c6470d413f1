// DEVICE_OBJECT and DRIVER_OBJECT: who is asked when a request goes down a stack.
import type { NtStatus } from '../../contract/windows/index.ts';
import type { FastIoDispatch } from './fastIo.ts';
import type { FileObject } from './fileObject.ts';
import type { FsFilterDispatch } from './fsFilter.ts';
import type { Irp } from './irp.ts';

/**
 * Handles one request at the device's own stack location. Returns STATUS_PENDING if and only if it
 * marked the IRP pending (R-IO-21); otherwise it has completed it and returns its status.
 * IRQL: PASSIVE_LEVEL, or APC_LEVEL for paging I/O.
 */
export type Dispatch = (device: DeviceObject, irp: Irp) => NtStatus | Promise<NtStatus>;

export interface DriverObject {
  /** "\Driver\Disk", "\FileSystem\Ntfs", "\FileSystem\FltMgr". */
  readonly name: string;
  /** By major function; what is absent completes with STATUS_INVALID_DEVICE_REQUEST. */
  readonly dispatch: ReadonlyMap<number, Dispatch>;
  readonly fastIo: FastIoDispatch | null;
  /** FsRtlRegisterFileSystemFilterCallbacks; absent passes these operations on down the stack. */
  readonly fsFilter?: FsFilterDispatch;
}

export interface DeviceObject {
  readonly address: number;
  /** "\Device\HarddiskVolume2", or "" for the unnamed devices of filters. */
  readonly name: string;
  readonly driver: DriverObject;
  /**
   * DO_BUFFERED_IO (0x4) or DO_DIRECT_IO (0x10) for reads and writes; absent is neither, as on NTFS.
   * The I/O manager looks at the device on top: a filter takes over what it attaches to.
   */
  ioFlags?: number;
  /** Stack locations that an IRP needs to pass through here (R-REDIRECT-32). */
  stackSize: number;
  /** The device directly below in the attachment stack, or null at the bottom. */
  lower: DeviceObject | null;
  /** The device directly above, or null at the top. */
  attached: DeviceObject | null;
  /** The volume that a file-system or filter device belongs to. */
  readonly volume: Volume | null;
}

/** A mounted volume: its name in the object namespace and its bottom (file-system) device. */
export interface Volume {
  /** Short name that workloads use: "C". */
  readonly name: string;
  /** "\Device\HarddiskVolume2". */
  readonly deviceName: string;
  /** The file system's device for this volume; IRPs enter at the top of what is attached to it. */
  readonly fileSystemDevice: DeviceObject;
  /** Open file objects, for dismount and for "still open" checks. */
  readonly openFiles: Set<FileObject>;
  /**
   * Whether the name of this file object leads to a reparse point, now; asked only to explain what has
   * happened.
   */
  leadsToReparsePoint?(file: FileObject): boolean;
}

/** The top of the attachment stack that `device` belongs to. */
export function topOfStack(device: DeviceObject): DeviceObject {
  let top = device;
  while (top.attached !== null) top = top.attached;
  return top;
}
