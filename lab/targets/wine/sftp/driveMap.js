import { lstat, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { objectionToName } from '../../windowsPath.ts';
import { Status } from './wire.ts';
/** What the client is told. Anything else that goes wrong is an errno of the host. */
export class Refusal extends Error {
    status;
    constructor(status, message) {
        super(message);
        this.status = status;
    }
}
const DRIVE = 'C:';
/** `folder` is the host's; `home` is where relative paths start, in the form "/C:/users/alice". */
export function driveMap(folder, home) {
    const normalize = (asked) => {
        const names = partsOf(asked.startsWith('/') ? asked : `${home}/${asked}`);
        const [drive, ...inside] = names;
        if (drive === undefined)
            return '/';
        if (drive.toUpperCase() !== DRIVE)
            throw new Refusal(Status.NO_SUCH_FILE, 'no such drive');
        for (const name of inside) {
            const objection = objectionToName(name);
            if (objection !== undefined)
                throw new Refusal(Status.NO_SUCH_FILE, objection);
        }
        return `/${[DRIVE, ...inside].join('/')}`;
    };
    return {
        normalize,
        locate: async (asked) => {
            const normal = normalize(asked);
            if (normal === '/')
                throw new Refusal(Status.PERMISSION_DENIED, 'not on a drive');
            const root = await realpath(folder);
            return descend(root, normal.split('/').slice(2));
        },
    };
}
/** Resolves "." and ".."; climbing above the list of drives is an escape, not a no-op. */
function partsOf(asked) {
    const names = [];
    for (const part of asked.split('/')) {
        if (part === '' || part === '.')
            continue;
        if (part !== '..')
            names.push(part);
        else if (names.pop() === undefined) {
            throw new Refusal(Status.PERMISSION_DENIED, 'the path leads above the drives');
        }
    }
    return names;
}
async function descend(root, names) {
    let at = root;
    let found = await lstat(root);
    for (const [index, name] of names.entries()) {
        if (!found.isDirectory())
            throw new Refusal(Status.NO_SUCH_FILE, 'a part is not a folder');
        const entry = await findEntry(at, name);
        if (entry === undefined) {
            if (index < names.length - 1)
                throw new Refusal(Status.NO_SUCH_FILE, 'no such folder');
            return { path: path.join(at, name), found: undefined };
        }
        at = path.join(at, entry.name);
        found = entry.stats;
        if (!found.isSymbolicLink())
            continue;
        at = await realpath(at);
        if (at !== root && !at.startsWith(root + path.sep)) {
            throw new Refusal(Status.PERMISSION_DENIED, 'a link leads out of the drive');
        }
        found = await lstat(at);
    }
    return { path: at, found };
}
async function findEntry(folder, name) {
    const exact = await lstatIfThere(path.join(folder, name));
    if (exact !== undefined)
        return { name, stats: exact };
    const wanted = name.toLowerCase();
    const other = (await readdir(folder)).find((entry) => entry.toLowerCase() === wanted);
    if (other === undefined)
        return undefined;
    const stats = await lstatIfThere(path.join(folder, other));
    return stats && { name: other, stats };
}
async function lstatIfThere(file) {
    return lstat(file).catch((error) => {
        if (error.code === 'ENOENT')
            return undefined;
        throw error;
    });
}
