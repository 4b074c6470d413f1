// One open of a file, for as long as its file object lives: what NTFS calls a CCB. A file object's
// FsContext2.
import { assert } from '../../contract/assert.ts';
import type { FileObject } from '../io/fileObject.ts';
import type { DirectoryEntry } from './directoryEntry.ts';
import type { DirectoryScan } from './directoryScan.ts';
import type { EaScan } from './extendedAttributes/eaControl.ts';
import type { FileRecord } from './fileRecord.ts';
import type { Sharing } from './shareAccess.ts';
import type { Stream } from './stream.ts';

export interface NewOpen {
  readonly fileObject: FileObject;
  readonly stream: Stream;
  /** The name it was opened by; null when opened by file id. */
  readonly entry: DirectoryEntry | null;
  readonly granted: number;
  readonly sharing: Sharing;
  readonly deleteOnClose: boolean;
  /** Opens with the same key do not break each other's oplocks; an open without one is its own. */
  readonly oplockKey?: object;
}

export class Open {
  readonly fileObject: FileObject;
  readonly file: FileRecord;
  stream: Stream;
  readonly entry: DirectoryEntry | null;
  readonly granted: number;
  readonly sharing: Sharing;
  readonly oplockKey: object;
  /** FILE_DELETE_ON_CLOSE, or FILE_DISPOSITION_ON_CLOSE later. */
  deleteOnClose: boolean;
  /** This handle asked for POSIX deletion: the name goes with its own cleanup (R-IO-4). */
  posixDelete = false;
  /** FILE_NOTIFY_CHANGE_… that its cleanup has to report (R-NOTIFY-33, 37). */
  changes = 0;
  /** STREAM_… changes of its named stream that its cleanup has to report. */
  streamChanges = 0;
  /** Times that this handle asked to be left alone (-1 in FileBasicInformation). */
  readonly frozen = { lastAccess: false, lastWrite: false, change: false };
  /** The enumeration of a directory handle, once begun. */
  scan: DirectoryScan | null = null;
  /** The enumeration of extended attributes, once begun. */
  eaScan: EaScan | null = null;
  cleanedUp = false;

  constructor(open: NewOpen) {
    this.fileObject = open.fileObject;
    this.file = open.stream.file;
    this.stream = open.stream;
    this.entry = open.entry;
    this.granted = open.granted;
    this.sharing = open.sharing;
    this.deleteOnClose = open.deleteOnClose;
    this.oplockKey = open.oplockKey ?? open.fileObject;
  }

  /** Of the main stream, not of a named one. */
  get isMain(): boolean {
    return this.stream === this.file.main;
  }

  /** DeletePending as queries report it: a deleted file takes its open streams along (R-IO-7). */
  get deletePending(): boolean {
    return this.stream.deletePending || (this.entry !== null && isGoing(this.entry));
  }
}

const isGoing = (entry: DirectoryEntry): boolean => entry.deletePending || entry.removed;

/** False for a file object that some filter has opened by itself, without asking the file system. */
export function isOurs(fileObject: FileObject | null): boolean {
  if (fileObject === null || fileObject.fsContext2 instanceof Open) return true;
  return fileObject.fsContext === null && fileObject.fsContext2 === null;
}

/** The open behind a file object of this file system. */
export function openOf(fileObject: FileObject | null): Open {
  const open = fileObject?.fsContext2;
  assert(open instanceof Open, 'requests after the create carry a file object of this file system');
  return open;
}
