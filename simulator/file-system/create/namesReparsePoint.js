import { divertsOpens } from '../fsControl/reparsePoint.ts';
import { parsePath } from '../names.ts';
/** "\dir\file" from the root of the volume. */
function fullName({ fileName, relatedFileObject }) {
    if (relatedFileObject === null)
        return fileName;
    return `${fullName(relatedFileObject)}\\${fileName}`;
}
/** True also where something on the way is one; false where nothing is there. */
export function namesReparsePoint(volume, file) {
    const parsed = parsePath(fullName(file).replace(/^\\+/, ''));
    let current = volume.root;
    for (const name of parsed?.components ?? []) {
        const entry = current.directory?.find(name);
        if (entry === undefined)
            return false;
        if (divertsOpens(entry.file))
            return true;
        current = entry.file;
    }
    return false;
}
