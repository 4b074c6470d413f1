// A file or directory, whatever its names are: what NTFS calls an FCB and its record in the MFT.
import { reparseTagOf } from '../../contract/reparsePoint.ts';
import { FileAttribute } from '../../contract/windows/index.ts';
import type { DirectoryEntry } from './directoryEntry.ts';
import { EaSet } from './extendedAttributes/eaSet.ts';
import type { ReparsePoint } from './fsControl/reparsePoint.ts';
import { upcase } from './names.ts';
import type { Dacl } from './security.ts';
import { Stream } from './stream.ts';

/** In 100 ns since 1601. */
export interface FileTimes {
  creation: bigint;
  lastAccess: bigint;
  lastWrite: bigint;
  change: bigint;
}

export interface NewFile {
  /** File reference number: sequence number in the high 16 bits. Exact below 2^53. */
  readonly id: number;
  readonly isDirectory: boolean;
  /** FILE_ATTRIBUTE_…, without DIRECTORY. */
  readonly attributes: number;
  readonly now: bigint;
  readonly dacl: Dacl;
}

export class FileRecord {
  readonly id: number;
  /** The names in a directory; null for a file. */
  readonly directory: Directory | null;
  /** FILE_ATTRIBUTE_…, with DIRECTORY; never NORMAL. */
  attributes: number;
  readonly times: FileTimes;
  dacl: Dacl;
  readonly extendedAttributes = new EaSet();
  reparsePoint: ReparsePoint | null = null;
  /** Sixteen bytes, once somebody has asked for them. */
  objectId: Uint8Array | null = null;
  /** In the order in which they were made. */
  readonly links: DirectoryEntry[] = [];
  /** The unnamed data stream, or the index of a directory. A rename may put another one there. */
  main: Stream;
  /** Other data streams, by upcased name. */
  readonly named = new Map<string, Stream>();
  /** Handles of all its streams that have not been cleaned up. */
  openCount = 0;

  constructor(file: NewFile) {
    this.id = file.id;
    this.directory = file.isDirectory ? new Directory() : null;
    const kind = file.isDirectory ? FileAttribute.FILE_ATTRIBUTE_DIRECTORY : 0;
    this.attributes = file.attributes | kind;
    const { now } = file;
    this.times = { creation: now, lastAccess: now, lastWrite: now, change: now };
    this.dacl = file.dacl;
    this.main = new Stream(this, '');
  }

  has(attribute: number): boolean {
    return (this.attributes & attribute) !== 0;
  }

  /** FILE_ATTRIBUTE_NORMAL stands for "none", as queries report it. */
  get reportedAttributes(): number {
    return this.attributes === 0 ? FileAttribute.FILE_ATTRIBUTE_NORMAL : this.attributes;
  }

  /** As directory entries show it: of a reparse point the tag stands in its place (R-REDIRECT-53). */
  get listedEaSize(): number {
    const { reparsePoint } = this;
    return reparsePoint === null
      ? this.extendedAttributes.packed_bytes
      : reparseTagOf(reparsePoint);
  }

  stream(name: string): Stream | undefined {
    return name === '' ? this.main : this.named.get(upcase(name));
  }

  addStream(name: string): Stream {
    const stream = new Stream(this, name);
    this.named.set(upcase(name), stream);
    return stream;
  }
}

/** The names in one directory, found by upper case and listed in the order that NTFS collates. */
export class Directory {
  private readonly byName = new Map<string, DirectoryEntry>();
  /** Upcased names in order; null after a change, until somebody lists. */
  private sorted: readonly string[] | null = null;

  get isEmpty(): boolean {
    return this.byName.size === 0;
  }

  find(name: string): DirectoryEntry | undefined {
    return this.byName.get(upcase(name));
  }

  /** By upcased name. */
  get(key: string): DirectoryEntry | undefined {
    return this.byName.get(key);
  }

  add(entry: DirectoryEntry): void {
    this.byName.set(upcase(entry.name), entry);
    this.sorted = null;
  }

  remove(entry: DirectoryEntry): void {
    this.byName.delete(upcase(entry.name));
    this.sorted = null;
  }

  entries(): IterableIterator<DirectoryEntry> {
    return this.byName.values();
  }

  /** Upcased names, in ordinal order of their UTF-16 units. */
  get keys(): readonly string[] {
    this.sorted ??= [...this.byName.keys()].sort(ordinal);
    return this.sorted;
  }
}

/** JavaScript compares strings by UTF-16 unit, as NTFS collates file names. */
const ordinal = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
