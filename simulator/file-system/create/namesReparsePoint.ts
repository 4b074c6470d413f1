// Whether a name leads to a reparse point, asked outside any request.
import type { FileObject } from '../../io/fileObject.ts';
import { divertsOpens } from '../fsControl/reparsePoint.ts';
import { parsePath } from '../names.ts';
import type { FileSystemVolume } from '../volume.ts';

/** "\dir\file" from the root of the volume. */
function fullName({ fileName, relatedFileObject }: FileObject): string {
  if (relatedFileObject === null) return fileName;
  return `${fullName(relatedFileObject)}\\${fileName}`;
}

/** True also where something on the way is one; false where nothing is there. */
export function namesReparsePoint(volume: FileSystemVolume, file: FileObject): boolean {
  const parsed = parsePath(fullName(file).replace(/^\\+/, ''));
  let current = volume.root;
  for (const name of parsed?.components ?? []) {
    const entry = current.directory?.find(name);
    if (entry === undefined) return false;
    if (divertsOpens(entry.file)) return true;
    current = entry.file;
  }
  return false;
}
