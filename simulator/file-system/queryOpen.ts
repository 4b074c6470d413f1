// Attributes by name: a create, a query, a cleanup and a close in one call, so that nothing of the open
// is left. The file object belongs to the caller's stack.
// Models: NtfsNetworkOpenCreate; R-REDIRECT-45, R-REDIRECT-46.
import { NtStatus } from '../../contract/windows/index.ts';
import type { FastIoCall } from '../io/fastIo.ts';
import { cleanup, close } from './cleanup.ts';
import { create } from './create/create.ts';
import { openOf } from './open.ts';
import type { Outcome } from './outcome.ts';
import { networkOpen } from './queryInformation/classes.ts';
import type { FileSystemVolume } from './volume.ts';

/**
 * Says "no" for a name that leads through a reparse point: following it takes a create. Grade I.
 * `call.buffer`: FILE_NETWORK_OPEN_INFORMATION.
 */
export async function networkQueryOpen(
  volume: FileSystemVolume,
  { irp, fileObject, buffer }: FastIoCall,
): Promise<Outcome | null> {
  if (irp === null) return null;
  const consequences = volume.consequences();
  const opened = create(volume, irp, consequences);
  if (opened.status === NtStatus.STATUS_REPARSE) {
    irp.auxiliaryBuffer = null;
    return null;
  }
  if (opened.status !== NtStatus.STATUS_SUCCESS) return opened;
  const { bytes } = networkOpen(openOf(fileObject));
  volume.kernel.memory.bytes(buffer, bytes.length).set(bytes);
  cleanup(volume, fileObject, consequences);
  close(volume, fileObject);
  await consequences.happen();
  return { status: NtStatus.STATUS_SUCCESS, information: bytes.length };
}
