// Oplocks that a new name breaks: the file's own, those of what is replaced, and those below a directory
// that moves. Models: DDI "IRP_MJ_SET_INFORMATION", checking the oplock state of a rename or link.
import type { FileRecord } from '../fileRecord.ts';
import { breakOplocks } from '../oplocks/oplockCheck.ts';
import type { Outcome } from '../outcome.ts';
import type { Stream } from '../stream.ts';
import type { NewName } from './newName.ts';
import type { SetInformation } from './request.ts';

/** A link leaves the file's own names alone; what is not to be replaced collides instead. */
export function breakForNewName(
  request: SetInformation,
  { directory, name }: NewName,
  how: { readonly renames: boolean; readonly replaces: boolean },
): Outcome | null {
  const { open } = request;
  const replaced = how.replaces ? directory.directory?.find(name)?.file : undefined;
  const isOther = replaced !== undefined && replaced !== open.file;
  const streams = [...(how.renames ? [open.stream] : []), ...(isOther ? [replaced.main] : [])];
  return breakAll(request, streams);
}

export function breakBelow(request: SetInformation, { directory }: FileRecord): Outcome | null {
  let waits: Outcome | null = null;
  for (const { file } of directory?.entries() ?? []) {
    const own =
      file.openCount === 0 ? null : breakAll(request, [file.main, ...file.named.values()]);
    waits = own ?? waits;
    waits = breakBelow(request, file) ?? waits;
  }
  return waits;
}

/** All of them break at once; the operation then waits for one after the other. */
function breakAll(request: SetInformation, streams: readonly Stream[]): Outcome | null {
  let waits: Outcome | null = null;
  for (const stream of streams) {
    waits = breakOplocks(request, stream, 'new-name', request.open.oplockKey) ?? waits;
  }
  return waits;
}
