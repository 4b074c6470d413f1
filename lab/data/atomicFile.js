// Files that a killed program must not leave half written: written beside, then renamed over.
import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
export async function writeFileAtomic(file, content, mode = 0o600) {
    const beside = `${file}.${randomBytes(6).toString('hex')}.tmp`;
    try {
        await writeFile(beside, content, { mode, flag: 'wx', flush: true });
        await rename(beside, file);
    }
    finally {
        await rm(beside, { force: true });
    }
}
/** Writes only what differs, so that a program that watches or holds the file is left in peace. */
export async function writeFileIfChanged(file, content, mode = 0o600) {
    if ((await readTextIfThere(file)) === content)
        return false;
    await writeFileAtomic(file, content, mode);
    return true;
}
/** The text, or undefined when there is no such file; any other failure is thrown. */
export async function readTextIfThere(file) {
    try {
        return await readFile(file, 'utf8');
    }
    catch (error) {
        if (isMissing(error))
            return undefined;
        throw error;
    }
}
/** ENOENT, or a parent that is a file. */
export function isMissing(error) {
    const code = error.code;
    return code === 'ENOENT' || code === 'ENOTDIR';
}
