// What the I/O manager keeps of a file object beside what drivers see of it.
import type { DeviceObject } from './deviceObject.ts';
import type { FileObject, StackEntry } from './fileObject.ts';
import type { SectionObjectPointers } from './sections/controlArea.ts';
import type { Waitable } from '../kernel/kernel.ts';
import type { Thread } from '../kernel/thread.ts';

/** sizeof(FILE_OBJECT) on 32-bit Windows 7. */
export const FILE_OBJECT_LENGTH = 0x80;

export class FileObjectRecord implements FileObject, Waitable {
  readonly address: number;
  readonly device: DeviceObject;
  fileName: string;
  relatedFileObject: FileObject | null;
  flags = 0;
  fsContext: object | null = null;
  fsContext2: object | null = null;
  sectionObjectPointer: SectionObjectPointers | null = null;
  readAccess = false;
  writeAccess = false;
  deleteAccess = false;
  sharedRead = false;
  sharedWrite = false;
  sharedDelete = false;
  deletePending = false;
  privateCacheMap: object | null = null;
  currentByteOffset = 0;
  grantedAccess = 0;
  stackEntry: StackEntry | null = null;
  openedById = false;
  handleCount = 0;
  referenceCount = 1;
  lockedBy: Thread | null = null;
  /** Threads that wait for the file-object lock (FO_SYNCHRONOUS_IO). */
  readonly waiters: Thread[] = [];
  /** "C:\dir\file" for readers, as opened. */
  readonly displayName: string;
  /** The create succeeded: close is owed when the last reference goes. */
  opened = false;

  constructor(address: number, device: DeviceObject, fileName: string, related: FileObject | null) {
    this.address = address;
    this.device = device;
    this.fileName = fileName;
    this.relatedFileObject = related;
    this.displayName = displayName(device, fileName, related);
  }

  tryTake(thread: Thread): boolean {
    if (this.lockedBy !== null) return false;
    this.lockedBy = thread;
    return true;
  }
}

function displayName(device: DeviceObject, fileName: string, related: FileObject | null): string {
  if (related === null) return `${device.volume?.name ?? device.name}:${fileName}`;
  const base = displayNameOf(related);
  if (fileName === '') return base;
  return fileName.startsWith(':') || base.endsWith('\\')
    ? `${base}${fileName}`
    : `${base}\\${fileName}`;
}

export const displayNameOf = (file: FileObject): string =>
  file instanceof FileObjectRecord ? file.displayName : file.fileName;
