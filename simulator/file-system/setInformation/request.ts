// What every class of IRP_MJ_SET_INFORMATION is given.
import type { FileObject } from '../../io/fileObject.ts';
import type { Consequences } from '../consequences.ts';
import type { Open } from '../open.ts';
import type { FileSystemVolume } from '../volume.ts';

export interface SetInformation {
  readonly volume: FileSystemVolume;
  readonly consequences: Consequences;
  readonly open: Open;
  readonly fileInformationClass: number;
  /** The caller's structure, at least as long as its fixed part. */
  readonly buffer: Uint8Array;
  /** The directory of the new name, opened by the I/O manager (SL_OPEN_TARGET_DIRECTORY). */
  readonly parentOfTarget: FileObject | null;
  /** Of the caller's token. */
  readonly privileges: ReadonlySet<string>;
}
