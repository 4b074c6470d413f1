// FAST_IO_DISPATCH, as far as the model goes: calls down a stack without an IRP. A routine returns
// false (or is absent) to make the I/O manager build an IRP instead.
import type { DeviceObject } from './deviceObject.ts';
import type { FileObject } from './fileObject.ts';
import type { IoStatusBlock } from './irp.ts';

export interface FastIoDispatch {
  /** FastIoRead and FastIoWrite; `buffer` is the caller's address. */
  readonly read?: FastTransfer;
  readonly write?: FastTransfer;
  /** FastIoQueryBasicInfo and FastIoQueryStandardInfo: encoded information, or null for "no". */
  readonly queryInformation?: (
    device: DeviceObject,
    file: FileObject,
    fileInformationClass: number,
    iosb: IoStatusBlock,
  ) => Uint8Array | null | Promise<Uint8Array | null>;
}

export type FastTransfer = (
  device: DeviceObject,
  file: FileObject,
  offset: number,
  length: number,
  buffer: number,
  iosb: IoStatusBlock,
) => boolean | Promise<boolean>;
