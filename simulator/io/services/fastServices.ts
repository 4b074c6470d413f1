// How a system service tries the fast way before it builds an IRP.
import { NtStatus } from '../../../contract/windows/index.ts';
import { callFastIo, type FastIoEntry } from '../fastIo.ts';
import type { FileObject } from '../fileObject.ts';
import { deviceOf } from '../fileObjects.ts';
import type { IoCore } from '../ioCore.ts';
import type { IoStatusBlock, IrpParameters } from '../irp.ts';

export interface FastRequest {
  readonly entry: FastIoEntry;
  readonly file: FileObject;
  readonly operation: IrpParameters;
  /** The caller's own address. */
  readonly buffer: number;
  readonly mode: 'user' | 'kernel';
}

/** The result, or null where the stack says "no" and an IRP is needed (R-FLT-33). */
export async function tryFastIo(
  io: IoCore,
  { entry, file, operation, buffer, mode }: FastRequest,
): Promise<IoStatusBlock | null> {
  // A handle that a filter opened below itself: FltCreateFile's requests are IRPs (R-FLT-27).
  if (file.stackEntry) return null;
  const top = deviceOf(file);
  const iosb: IoStatusBlock = { status: NtStatus.STATUS_SUCCESS, information: 0 };
  const taken = await callFastIo(io.kernel, top, {
    entry,
    fileObject: file,
    operation,
    buffer,
    mdl: null,
    irp: null,
    iosb,
    requestorMode: mode,
  });
  return taken ? iosb : null;
}
