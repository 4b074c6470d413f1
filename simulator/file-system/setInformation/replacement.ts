// What stands in the way of a rename or a link, and whether it may be replaced.
import {
  AccessMask,
  FileAttribute,
  FileRenameFlag,
  NtStatus,
} from '../../../contract/windows/index.ts';
import type { DirectoryEntry } from '../directoryEntry.ts';
import type { FileRecord } from '../fileRecord.ts';
import { isRunning } from '../mappings.ts';
import { checkAccess } from '../security.ts';

export interface Replacement {
  readonly replace: boolean;
  /** FILE_RENAME_POSIX_SEMANTICS: open targets live on without a name (R-IO-11). */
  readonly posix: boolean;
  readonly ignoreReadOnly: boolean;
}

/** Flags of FILE_RENAME_INFORMATION_EX and FILE_LINK_INFORMATION_EX. */
export function replacementOf(buffer: Uint8Array): Replacement {
  const flags = new DataView(buffer.buffer, buffer.byteOffset).getUint32(0, true);
  return {
    replace: (flags & FileRenameFlag.FILE_RENAME_REPLACE_IF_EXISTS) !== 0,
    posix: (flags & FileRenameFlag.FILE_RENAME_POSIX_SEMANTICS) !== 0,
    ignoreReadOnly: (flags & FileRenameFlag.FILE_RENAME_IGNORE_READONLY_ATTRIBUTE) !== 0,
  };
}

/**
 * Null when `target` may go. Models: R-IO-10, R-IO-11, R-IO-13. `mover` is the file that takes the
 * name.
 */
export function refuseReplacement(
  target: DirectoryEntry,
  mover: FileRecord,
  how: Replacement,
): NtStatus | null {
  if (!how.replace) return NtStatus.STATUS_OBJECT_NAME_COLLISION;
  const { file } = target;
  if (file.directory !== null) {
    // Only the POSIX way, and only a directory over an empty one.
    if (!how.posix || mover.directory === null) return NtStatus.STATUS_ACCESS_DENIED;
    if (!file.directory.isEmpty) return NtStatus.STATUS_DIRECTORY_NOT_EMPTY;
  }
  // A file makes room for a directory as for any other file. Grade T: Wine's ntdll tests.
  if (file.has(FileAttribute.FILE_ATTRIBUTE_READONLY) && !how.ignoreReadOnly) {
    return NtStatus.STATUS_ACCESS_DENIED;
  }
  // Models: R-SECTION-29, R-SECTION-30: a data mapping is no obstacle, an image is.
  if (isRunning(file)) return NtStatus.STATUS_ACCESS_DENIED;
  if (target.deletePending) return NtStatus.STATUS_DELETE_PENDING;
  if (!mayDelete(target)) return NtStatus.STATUS_ACCESS_DENIED;
  return refuseOpenTarget(file, how.posix);
}

/** An open target: never, or, the POSIX way, where every open shares deletion. */
function refuseOpenTarget(file: FileRecord, posix: boolean): NtStatus | null {
  if (file.openCount === 0) return null;
  if (!posix) return NtStatus.STATUS_ACCESS_DENIED;
  const streams = [file.main, ...file.named.values()];
  const shared = streams.every((stream) => stream.share.sharesDelete);
  return shared ? null : NtStatus.STATUS_SHARING_VIOLATION;
}

function mayDelete({ file, parent }: DirectoryEntry): boolean {
  const answer = checkAccess({
    desired: AccessMask.DELETE,
    alsoNeeded: 0,
    dacl: file.dacl,
    parentDacl: parent?.dacl ?? null,
    withheld: 0,
    unchecked: false,
  });
  return 'granted' in answer;
}
