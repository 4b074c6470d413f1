// The user's own folder of FltLab: targets, their Wine prefix, keys, downloads, runs. It follows the
// custom of each platform, and FLTLAB_DATA overrides it (tests, several labs on one machine).
import { access, constants, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { LabError } from '../../contract/errors/labError.ts';
export const thisMachine = () => ({
    platform: process.platform,
    environment: process.env,
    home: homedir(),
});
/** Where the data folder is; whether it exists is for `openDataFolder`. Always absolute. */
export function dataFolderPath(machine) {
    const { environment, home } = machine;
    const paths = machine.platform === 'win32' ? path.win32 : path.posix;
    if (environment['FLTLAB_DATA'])
        return paths.resolve(environment['FLTLAB_DATA']);
    switch (machine.platform) {
        case 'win32':
            return paths.join(environment['LOCALAPPDATA'] || paths.join(home, 'AppData', 'Local'), 'FltLab');
        case 'darwin':
            return paths.join(home, 'Library', 'Application Support', 'FltLab');
        default: {
            // The XDG specification: a relative value is invalid and to be ignored.
            const xdg = environment['XDG_DATA_HOME'];
            const base = xdg !== undefined && paths.isAbsolute(xdg) ? xdg : undefined;
            return paths.join(base ?? paths.join(home, '.local', 'share'), 'fltlab');
        }
    }
}
/** Makes the folder, for the user alone, and proves that it can be written. */
export async function openDataFolder(machine = thisMachine()) {
    const folder = dataFolderPath(machine);
    try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    }
    catch (cause) {
        throw new LabError('data.folder-unusable', {
            problem: `The data folder ${folder} cannot be used: ${cause.message}.`,
            remedy: 'Make it writable, or name another folder in the environment variable FLTLAB_DATA.',
            cause,
        });
    }
    return folder;
}
