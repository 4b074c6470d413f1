// Where a mount point or a symbolic link leads to. Models: R-REDIRECT-12, what IopDoNameTransmogrify
// does with the buffer that the file system hands up.
import { decodeReparseName } from '../../contract/reparsePoint.ts';
/** Reserved, in the copy that goes up: bytes of the name behind the reparse point. */
const UNPARSED_AT = 6;
/** "\dir\file" from the root of the volume. */
function fullName(file) {
    const { fileName, relatedFileObject } = file;
    if (relatedFileObject === null)
        return fileName;
    const base = fullName(relatedFileObject).replace(/\\$/, '');
    return fileName.startsWith(':') ? base + fileName : `${base}\\${fileName}`;
}
/** The next name to parse; undefined where the buffer says nothing of use. */
export function reparsedName(file, buffer) {
    const target = decodeReparseName(buffer);
    if (target === undefined)
        return undefined;
    const whole = fullName(file);
    const unparsed = new DataView(buffer.buffer, buffer.byteOffset).getUint16(UNPARSED_AT, true) / 2;
    const rest = whole.slice(whole.length - unparsed);
    if (!target.relative)
        return target.substitute + rest;
    const link = whole.slice(0, whole.length - unparsed).replace(/\\$/, '');
    const components = link.split('\\').slice(1, -1);
    for (const component of target.substitute.split('\\')) {
        if (component === '..')
            components.pop();
        else if (component !== '.' && component !== '')
            components.push(component);
    }
    const device = file.device.volume?.deviceName ?? file.device.name;
    return `${device}\\${components.join('\\')}${rest}`;
}
