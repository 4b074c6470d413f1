// Crashes that are kept: one folder each, with the record, the log of the console and the dump. A folder
// appears whole, or not at all; the index in the history is made from them.
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crashFormat, type CrashRecord } from '../../contract/crash.ts';
import { LabError } from '../../contract/errors/labError.ts';
import { parseOrThrow } from '../../contract/versioned.ts';
import { isMissing } from '../data/atomicFile.ts';
import { readJson } from '../samples/readJson.ts';

export const CRASH_FILE = 'crash.json';
export const CONSOLE_FILE = 'console.log';
const UNFINISHED = '.unfinished-';

export const crashesFolder = (dataFolder: string): string => join(dataFolder, 'crashes');

/** A folder to collect into; nobody sees it until it is kept. */
export async function beginCrash(dataFolder: string): Promise<string> {
  const all = crashesFolder(dataFolder);
  await mkdir(all, { recursive: true, mode: 0o700 });
  return mkdtemp(join(all, UNFINISHED));
}

export const dropCrash = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true });

/** Returns the record under the id that it got. `consoleLog` is copied, where there is one. */
export async function keepCrash(
  dataFolder: string,
  folder: string,
  record: CrashRecord,
  consoleLog: string | undefined,
): Promise<{ readonly record: CrashRecord; readonly folder: string }> {
  const files = [...record.files];
  if (consoleLog !== undefined && (await isThere(consoleLog))) {
    await copyFile(consoleLog, join(folder, CONSOLE_FILE));
    files.unshift(CONSOLE_FILE);
  }
  for (let count = 1; ; count += 1) {
    const id = count === 1 ? record.id : `${record.id}-${count}`;
    const kept = { ...record, id, files };
    await writeFile(join(folder, CRASH_FILE), `${JSON.stringify(kept, null, 2)}\n`);
    const place = join(crashesFolder(dataFolder), id);
    if (await isThere(place)) continue;
    await rename(folder, place);
    return { record: kept, folder: place };
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Ids of all, oldest first. */
export async function crashIds(dataFolder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(crashesFolder(dataFolder));
    return names.filter((name) => !name.startsWith('.')).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Errors: `crash.not-found`, `file.invalid`, `file.newer-version`. */
export async function readCrash(dataFolder: string, id: string): Promise<CrashRecord> {
  if (!/^[\w.-]+$/.test(id) || id.startsWith('.')) throw notFound(id);
  const file = join(crashesFolder(dataFolder), id, CRASH_FILE);
  const codes = { missing: 'crash.not-found', invalid: 'file.invalid' } as const;
  return parseOrThrow(crashFormat, await readJson(file, codes), file);
}

const notFound = (id: string): LabError =>
  new LabError('crash.not-found', {
    problem: `There is no crash "${id}".`,
    remedy: 'See which there are: fltlab crashes.',
  });
