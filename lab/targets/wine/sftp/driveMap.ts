// Where "/C:/FltLab/x" is on the host: below the folder that Wine shows as drive C:, and nowhere else.
// Windows finds names in any case, so this does; a link that leads out of the drive is refused, and so
// is every name that Windows would take for something else.
// Differs: short names (8.3) and streams ("a:b") do not exist here.
import type { Stats } from 'node:fs';
import { lstat, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { objectionToName } from '../../windowsPath.ts';
import { Status } from './wire.ts';

/** What the client is told. Anything else that goes wrong is an errno of the host. */
export class Refusal extends Error {
  readonly status: Status;

  constructor(status: Status, message: string) {
    super(message);
    this.status = status;
  }
}

export interface Place {
  /** On the host. */
  readonly path: string;
  /** What it is, links followed; undefined when there is nothing of that name (its folder exists). */
  readonly found: Stats | undefined;
}

export interface DriveMap {
  /** Absolute and plain: "/C:/users/alice". "/" is the list of drives. */
  normalize(asked: string): string;
  /** Throws Refusal. */
  locate(asked: string): Promise<Place>;
}

const DRIVE = 'C:';

/** `folder` is the host's; `home` is where relative paths start, in the form "/C:/users/alice". */
export function driveMap(folder: string, home: string): DriveMap {
  const normalize = (asked: string): string => {
    const names = partsOf(asked.startsWith('/') ? asked : `${home}/${asked}`);
    const [drive, ...inside] = names;
    if (drive === undefined) return '/';
    if (drive.toUpperCase() !== DRIVE) throw new Refusal(Status.NO_SUCH_FILE, 'no such drive');
    for (const name of inside) {
      const objection = objectionToName(name);
      if (objection !== undefined) throw new Refusal(Status.NO_SUCH_FILE, objection);
    }
    return `/${[DRIVE, ...inside].join('/')}`;
  };
  return {
    normalize,
    locate: async (asked) => {
      const normal = normalize(asked);
      if (normal === '/') throw new Refusal(Status.PERMISSION_DENIED, 'not on a drive');
      const root = await realpath(folder);
      return descend(root, normal.split('/').slice(2));
    },
  };
}

/** Resolves "." and ".."; climbing above the list of drives is an escape, not a no-op. */
function partsOf(asked: string): string[] {
  const names: string[] = [];
  for (const part of asked.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') names.push(part);
    else if (names.pop() === undefined) {
      throw new Refusal(Status.PERMISSION_DENIED, 'the path leads above the drives');
    }
  }
  return names;
}

async function descend(root: string, names: readonly string[]): Promise<Place> {
  let at = root;
  let found = await lstat(root);
  for (const [index, name] of names.entries()) {
    if (!found.isDirectory()) throw new Refusal(Status.NO_SUCH_FILE, 'a part is not a folder');
    const entry = await findEntry(at, name);
    if (entry === undefined) {
      if (index < names.length - 1) throw new Refusal(Status.NO_SUCH_FILE, 'no such folder');
      return { path: path.join(at, name), found: undefined };
    }
    at = path.join(at, entry.name);
    found = entry.stats;
    if (!found.isSymbolicLink()) continue;
    at = await realpath(at);
    if (at !== root && !at.startsWith(root + path.sep)) {
      throw new Refusal(Status.PERMISSION_DENIED, 'a link leads out of the drive');
    }
    found = await lstat(at);
  }
  return { path: at, found };
}

async function findEntry(
  folder: string,
  name: string,
): Promise<{ name: string; stats: Stats } | undefined> {
  const exact = await lstatIfThere(path.join(folder, name));
  if (exact !== undefined) return { name, stats: exact };
  const wanted = name.toLowerCase();
  const other = (await readdir(folder)).find((entry) => entry.toLowerCase() === wanted);
  if (other === undefined) return undefined;
  const stats = await lstatIfThere(path.join(folder, other));
  return stats && { name: other, stats };
}

async function lstatIfThere(file: string): Promise<Stats | undefined> {
  return lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
