// IRP_MJ_FILE_SYSTEM_CONTROL: one row for each control that the model has.
import { assert } from '../../../contract/assert.ts';
import {
  FsControlCode,
  fsControlName,
  IrpMinor,
  NtStatus,
} from '../../../contract/windows/index.ts';
import { currentStackLocation, type Irp } from '../../io/irp.ts';
import { NotModelledSignal } from '../../kernel/kernel.ts';
import { systemBuffer } from '../buffers.ts';
import type { Consequences } from '../consequences.ts';
import { openOf, type Open } from '../open.ts';
import { failed, succeeded, type Outcome } from '../outcome.ts';
import type { FileSystemVolume } from '../volume.ts';
import { oplockControls } from '../oplocks/oplockControl.ts';
import { createOrGetObjectId, deleteObjectId, getObjectId } from './objectId.ts';
import { deleteReparsePoint, getReparsePoint, setReparsePoint } from './reparsePoint.ts';
import { setSparse, setZeroData } from './sparse.ts';

export interface FsControl {
  readonly volume: FileSystemVolume;
  readonly consequences: Consequences;
  readonly irp: Irp;
  readonly open: Open;
  readonly code: number;
  /** A copy: output overwrites it. */
  readonly input: Uint8Array;
  readonly output: Uint8Array;
}

const controls: ReadonlyMap<number, (control: FsControl) => Outcome> = new Map([
  [FsControlCode.FSCTL_SET_REPARSE_POINT, setReparsePoint],
  [FsControlCode.FSCTL_GET_REPARSE_POINT, getReparsePoint],
  [FsControlCode.FSCTL_DELETE_REPARSE_POINT, deleteReparsePoint],
  [FsControlCode.FSCTL_SET_SPARSE, setSparse],
  [FsControlCode.FSCTL_SET_ZERO_DATA, setZeroData],
  [FsControlCode.FSCTL_CREATE_OR_GET_OBJECT_ID, createOrGetObjectId],
  [FsControlCode.FSCTL_GET_OBJECT_ID, getObjectId],
  [FsControlCode.FSCTL_DELETE_OBJECT_ID, deleteObjectId],
  [FsControlCode.FSCTL_GET_COMPRESSION, getCompression],
  [FsControlCode.FSCTL_DISMOUNT_VOLUME, dismountVolume],
  ...oplockControls,
]);

/** By a handle on the volume itself. Models: R-NOTIFY-51. Differs: it is not mounted again. */
function dismountVolume({ volume, open, consequences }: FsControl): Outcome {
  if (open.entry !== volume.itself) return failed(NtStatus.STATUS_INVALID_PARAMETER);
  volume.dismounted = true;
  consequences.add(() => volume.notify.cleanupAll());
  return succeeded();
}

const COMPRESSION_FORMAT_BYTES = 2;

/** Nothing is compressed: COMPRESSION_FORMAT_NONE. */
function getCompression({ output }: FsControl): Outcome {
  if (output.length < COMPRESSION_FORMAT_BYTES) return failed(NtStatus.STATUS_INVALID_PARAMETER);
  output.fill(0, 0, COMPRESSION_FORMAT_BYTES);
  return succeeded(COMPRESSION_FORMAT_BYTES);
}

export function fileSystemControl(
  volume: FileSystemVolume,
  irp: Irp,
  consequences: Consequences,
): Outcome {
  const { parameters, fileObject, minorFunction } = currentStackLocation(irp);
  assert(parameters.kind === 'fs-control', 'a file-system control has its parameters');
  const { fsControlCode: code, inputBufferLength, outputBufferLength } = parameters;
  const control = controls.get(code);
  if (control === undefined || minorFunction !== IrpMinor.IRP_MN_USER_FS_REQUEST) {
    throw new NotModelledSignal(`file-system control ${fsControlName(code)}`);
  }
  const open = openOf(fileObject);
  if (open.cleanedUp) return failed(NtStatus.STATUS_FILE_CLOSED);
  const { kernel } = volume;
  const input = systemBuffer(kernel, irp, inputBufferLength).slice();
  const output = systemBuffer(kernel, irp, outputBufferLength);
  return control({ volume, consequences, irp, open, code, input, output });
}
