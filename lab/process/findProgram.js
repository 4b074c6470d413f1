// Where a program is, by the rules of the platform; nothing is started to find out.
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { posix, win32 } from 'node:path';
/**
 * The absolute path of `name`, or undefined. A name with a separator is looked at where it points
 * and nowhere else. On Windows the extensions of PATHEXT are tried, and, unlike cmd.exe, the
 * current folder is not searched: a program dropped beside a sample must not be picked up.
 */
export async function findProgram(name, surroundings = { platform: process.platform, env: process.env }) {
    for (const candidate of candidatesFor(name, surroundings)) {
        if (await isProgram(candidate, surroundings.platform))
            return candidate;
    }
    return undefined;
}
/** The paths that are tried, best first. */
export function candidatesFor(name, { platform, env }) {
    const windows = platform === 'win32';
    const path = windows ? win32 : posix;
    const names = windows ? withExtensions(name, variable(env, 'PATHEXT', windows)) : [name];
    const hasFolder = windows ? /[\\/]/.test(name) : name.includes('/');
    if (hasFolder)
        return names.map((each) => path.resolve(each));
    const folders = (variable(env, 'PATH', windows) ?? '').split(path.delimiter);
    return folders
        .map((folder) => (windows ? folder.replace(/^"(.*)"$/, '$1') : folder))
        .filter((folder) => path.isAbsolute(folder))
        .flatMap((folder) => names.map((each) => path.join(folder, each)));
}
function withExtensions(name, pathExt) {
    const extensions = (pathExt ?? '.COM;.EXE;.BAT;.CMD').split(';').filter((each) => each !== '');
    const has = extensions.some((each) => name.toLowerCase().endsWith(each.toLowerCase()));
    return has ? [name] : extensions.map((each) => name + each.toLowerCase());
}
// The names of variables have no case on Windows ("Path").
function variable(env, name, windows) {
    if (!windows)
        return env[name];
    return Object.entries(env).find(([each]) => each.toUpperCase() === name)?.[1];
}
async function isProgram(path, platform) {
    const mode = platform === 'win32' ? constants.F_OK : constants.X_OK;
    const found = await access(path, mode).then(() => true, () => false);
    return found && (await stat(path)).isFile();
}
