// FILE_OBJECT: one open of a file, directory or volume. Handles refer to it; the file system keeps
// its own records behind fsContext and fsContext2.
import type { DeviceObject } from './deviceObject.ts';
import type { SectionObjectPointers } from './sections/controlArea.ts';

/** Where requests enter a volume's stack instead of at its top. */
export interface StackEntry {
  readonly device: DeviceObject;
  /** Irp.entry of each request. */
  readonly entry: object;
}

export interface FileObject {
  /** Its address in the simulated kernel. */
  readonly address: number;
  /** The device that was named in the open (the volume's real device, as Vpb->RealDevice). */
  readonly device: DeviceObject;
  /** Name as opened: relative to `relatedFileObject` if there is one, else from the volume root. */
  fileName: string;
  relatedFileObject: FileObject | null;
  /** FO_…. */
  flags: number;
  /** What the file system keeps per stream (FCB/SCB) and per open (CCB); opaque to everyone else. */
  fsContext: object | null;
  fsContext2: object | null;
  /** SECTION_OBJECT_POINTERS of the stream, shared by all its opens; null where nothing can be mapped. */
  sectionObjectPointer: SectionObjectPointers | null;
  readAccess: boolean;
  writeAccess: boolean;
  deleteAccess: boolean;
  sharedRead: boolean;
  sharedWrite: boolean;
  sharedDelete: boolean;
  deletePending: boolean;
  /** For synchronous opens: the position that reads and writes move. */
  currentByteOffset: number;
  /** Granted access of the one handle that the open made, as the object manager keeps it. */
  grantedAccess: number;
  /** Handles to it; cleanup is sent when it drops to 0. */
  handleCount: number;
  /** References besides handles; close is sent when both are 0. */
  referenceCount: number;
  /**
   * Set by the file system once it caches the stream for this file object: only then are reads and
   * writes tried as fast I/O.
   */
  privateCacheMap: object | null;
  /** The file was opened below the top of its stack: all its requests enter there; null for others. */
  readonly stackEntry?: StackEntry | null;
  /** Its name is a file id, and no path. */
  readonly openedById?: boolean;
  /** FO_SYNCHRONOUS_IO: the file-object lock, held by this thread for one request at a time. */
  lockedBy: object | null;
}
