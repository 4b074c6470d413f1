// A name of a file in a directory: what NTFS calls a link. A file has as many names as hard links; a
// directory has one.
import type { FileRecord } from './fileRecord.ts';

export interface DirectoryEntry {
  /** As stored; comparisons use its upper case. "" is the root. */
  name: string;
  /** The directory that holds the name; null for the root. */
  parent: FileRecord | null;
  readonly file: FileRecord;
  /** Marked for deletion: goes with the last cleanup of an open that was made by this name. */
  deletePending: boolean;
  /** Handles, not cleaned up yet, that were opened by this name. */
  openCount: number;
  /** The name is gone, while handles opened by it may live on (R-IO-4). */
  removed: boolean;
}

/**
 * The full name from the root, with a leading backslash; "" is the root itself. A file whose last
 * name was removed while handles stay open is to be found where NTFS keeps it (R-IO-4; the name it has
 * there is grade U).
 */
export function fullName(entry: DirectoryEntry): string {
  if (entry.removed) return deletedName(entry.file);
  let name = '';
  let at = entry;
  while (at.parent !== null) {
    name = `\\${at.name}${name}`;
    const [above] = at.parent.links;
    if (above === undefined) return `${deletedName(at.parent)}${name}`;
    at = above;
  }
  return name;
}

/** The name of a file, by the entry it was opened by or, failing that, by its first one. */
export const fileName = (file: FileRecord, entry: DirectoryEntry | null): string => {
  const named = entry ?? file.links[0];
  return named === undefined ? deletedName(file) : fullName(named);
};

/** What a file is called that lives on without a name of its own. */
export const deletedLinkName = ({ id }: FileRecord): string => id.toString(16).padStart(16, '0');

const deletedName = (file: FileRecord): string => `\\$Extend\\$Deleted\\${deletedLinkName(file)}`;
