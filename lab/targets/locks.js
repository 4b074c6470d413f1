// Two locks for each target. The short one covers starting, stopping and preparing it. The long one
// is the right to change what is on it: a driver, a service, files; a second run waits its turn.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { acquireLock } from '../data/lock.ts';
export const lockTarget = (dataFolder, name, options) => take(dataFolder, `${name}.lock`, options);
/** Held for a whole run; released by the caller in every case. */
export const holdTarget = (dataFolder, name, options) => take(dataFolder, `${name}.lease`, options);
async function take(dataFolder, file, { signal, progress }) {
    // Beside the folders of the targets: a lock outlives the removal of its target.
    const folder = path.join(dataFolder, 'locks');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return acquireLock(path.join(folder, file), {
        signal,
        onWait: ({ pid }) => progress?.({ step: `waiting for another FltLab (process ${pid})` }),
    });
}
