// FSCTL_CREATE_OR_GET_OBJECT_ID and its like: sixteen bytes that name a file on its volume.
// Models: MS-FSA, FsControl requests (grade D). Differs: an id is made from the file's number and not
// by chance, and nobody sets one of his own.
import { AccessMask, NtStatus } from '../../../contract/windows/index.ts';
import { failed, succeeded, type Outcome } from '../outcome.ts';
import type { FsControl } from './fsControl.ts';

/** FILE_OBJECTID_BUFFER: the id, then volume, id and domain at birth. */
const OBJECT_ID_BYTES = 64;
const ID_BYTES = 16;
const BIRTH_OBJECT_ID = 32;
const MAY_DELETE = AccessMask.FILE_WRITE_DATA | AccessMask.FILE_WRITE_ATTRIBUTES;

export function createOrGetObjectId(control: FsControl): Outcome {
  const { file } = control.open;
  if (control.output.length < OBJECT_ID_BYTES) return failed(NtStatus.STATUS_INVALID_PARAMETER);
  file.objectId ??= objectIdOf(file.id);
  return tell(control, file.objectId);
}

export function getObjectId(control: FsControl): Outcome {
  const { objectId } = control.open.file;
  if (control.output.length < OBJECT_ID_BYTES) return failed(NtStatus.STATUS_INVALID_PARAMETER);
  return objectId === null ? failed(NtStatus.STATUS_OBJECTID_NOT_FOUND) : tell(control, objectId);
}

/** A file that has none is left as it is. */
export function deleteObjectId({ open }: FsControl): Outcome {
  if ((open.granted & MAY_DELETE) === 0) return failed(NtStatus.STATUS_ACCESS_DENIED);
  open.file.objectId = null;
  return succeeded();
}

function objectIdOf(fileId: number): Uint8Array {
  const bytes = new Uint8Array(ID_BYTES);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(fileId), true);
  view.setBigUint64(8, 0x2a1c5f3e4d6b7081n, true);
  return bytes;
}

function tell({ output }: FsControl, objectId: Uint8Array): Outcome {
  output.fill(0, 0, OBJECT_ID_BYTES);
  output.set(objectId, 0);
  output.set(objectId, BIRTH_OBJECT_ID);
  return succeeded(OBJECT_ID_BYTES);
}
