// Paths of the target. The lab speaks of "C:\FltLab\agent"; OpenSSH for Windows writes the same as
// "/C:/FltLab/agent" over SFTP. A path that could mean another file than it seems to is refused here,
// before it reaches any machine.
import { assert } from '../../contract/assert.ts';
// Names that are devices in every folder, whatever extension follows (Naming Files, Win32 docs).
const DEVICES = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])$/i;
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const FORBIDDEN = /[\u0000-\u001f<>:"/\\|?*]/;
/** Why Windows would take `name` for something else than a file of that name; undefined when fine. */
export function objectionToName(name) {
    if (name === '')
        return 'a part of it is empty';
    if (name === '.' || name === '..')
        return `"${name}" is not a name`;
    if (name.length > 255)
        return 'a part of it is longer than 255 characters';
    if (FORBIDDEN.test(name))
        return `"${name}" has a character that no name may have`;
    if (/[. ]$/.test(name))
        return `"${name}" ends in a dot or blank, which Windows drops`;
    if (DEVICES.test((name.split('.')[0] ?? '').trimEnd()))
        return `"${name}" is a device`;
    return undefined;
}
/** Parses "C:\a\b" or "C:/a/b". What it throws is our bug: such paths are never user input. */
export function windowsPath(text) {
    const [drive, ...names] = text.split(/[\\/]/);
    assert(drive !== undefined && /^[A-Za-z]:$/.test(drive), `"${text}" does not begin with a drive`);
    if (names.at(-1) === '')
        names.pop(); // "C:\" and "C:\a\" name the folder
    for (const name of names) {
        const objection = objectionToName(name);
        assert(objection === undefined, `"${text}" is not a path: ${objection}`);
    }
    return `${drive.toUpperCase()}\\${names.join('\\')}`;
}
/** `relative` may have several parts, separated by "/" or "\"; it cannot lead out of `folder`. */
export const joinWindows = (folder, relative) => windowsPath(`${folder.replace(/\\$/, '')}\\${relative}`);
export function parentOf(file) {
    const cut = file.lastIndexOf('\\');
    return windowsPath(`${file.slice(0, cut)}\\`);
}
export const baseNameOf = (file) => file.slice(file.lastIndexOf('\\') + 1);
/** The form of the path over SFTP: "/C:/FltLab/agent". */
export const sftpPath = (file) => `/${file.replaceAll('\\', '/')}`;
