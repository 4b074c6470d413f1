// The drivers that a person works on: samples of ours, own copies in the data folder, and folders that
// were opened from elsewhere. Each has an id that the workbench names it by, never a path of its choice.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { isLabError, LabError } from '../../contract/errors/labError.ts';
import { sampleFormat, type SampleManifest } from '../../contract/sample.ts';
import { parseOrThrow, type Versioned } from '../../contract/versioned.ts';
import { readTextIfThere, writeFileAtomic } from '../data/atomicFile.ts';
import { parseJson, readJson } from '../samples/readJson.ts';
import { loadSample, sampleNames, type Sample } from '../samples/samples.ts';
import { firstWorkload } from './firstWorkload.ts';

export interface WorkspaceSample extends Sample {
  readonly id: string;
  readonly origin: 'ours' | 'own' | 'folder';
  readonly trusted: boolean;
}

export interface LostSample {
  readonly folder: string;
  readonly error: LabError;
}

const FolderSchema = z.strictObject({ path: z.string(), trusted: z.boolean() });
const WorkspaceSchema = z.strictObject({ workspace: z.literal(1), folders: z.array(FolderSchema) });
const workspaceFormat: Versioned<typeof WorkspaceSchema> = {
  kind: 'workspace',
  current: 1,
  schema: WorkspaceSchema,
  upgrades: [],
};

const MANIFEST = 'fltlab.json';
const workspaceFile = (dataFolder: string): string => join(dataFolder, 'workspace.json');
export const ownFolder = (dataFolder: string): string => join(dataFolder, 'drivers');

export const folderId = (path: string): string =>
  `folder/${createHash('sha256').update(path).digest('hex').slice(0, 16)}`;

async function readFolders(dataFolder: string): Promise<z.infer<typeof FolderSchema>[]> {
  const file = workspaceFile(dataFolder);
  const text = await readTextIfThere(file);
  if (text === undefined) return [];
  return parseOrThrow(workspaceFormat, parseJson(text, file, 'file.invalid'), file).folders;
}

async function writeFolder(dataFolder: string, path: string, trusted: boolean): Promise<void> {
  const others = (await readFolders(dataFolder)).filter((one) => one.path !== path);
  const document = { workspace: 1, folders: [...others, { path, trusted }] };
  await writeFileAtomic(workspaceFile(dataFolder), `${JSON.stringify(document, null, 2)}\n`);
}

/** All of them; what cannot be read now is named beside, and hides nothing else. */
export async function listWorkspace(
  dataFolder: string,
): Promise<{ readonly samples: WorkspaceSample[]; readonly lost: LostSample[] }> {
  const samples: WorkspaceSample[] = [];
  const lost: LostSample[] = [];
  const add = async (folder: string, known: Omit<WorkspaceSample, keyof Sample>): Promise<void> => {
    try {
      const sample = await (known.origin === 'ours' ? loadSample(folder) : loadThere(folder));
      samples.push({ ...known, ...sample });
    } catch (error) {
      if (!isLabError(error)) throw error;
      lost.push({ folder, error });
    }
  };
  for (const name of await sampleNames()) {
    await add(name, { id: name, origin: 'ours', trusted: true });
  }
  for (const name of await ownNames(dataFolder)) {
    const folder = join(ownFolder(dataFolder), name);
    await add(folder, { id: `own/${name}`, origin: 'own', trusted: true });
  }
  for (const { path, trusted } of await readFolders(dataFolder)) {
    await add(path, { id: folderId(path), origin: 'folder', trusted });
  }
  return { samples, lost };
}

async function ownNames(dataFolder: string): Promise<string[]> {
  const folder = ownFolder(dataFolder);
  if (!existsSync(folder)) return [];
  return (await readdir(folder)).filter((name) => existsSync(join(folder, name, MANIFEST))).sort();
}

/** A folder that was there once. Errors: `workspace.folder-gone`, `sample.manifest-invalid`. */
async function loadThere(folder: string): Promise<Sample> {
  if (existsSync(folder)) return loadSample(folder);
  throw new LabError('workspace.folder-gone', {
    problem: `The folder ${folder} is not there now: its disk may be gone, or it was moved.`,
    remedy: 'Bring it back; what you typed is still in the editor, and can be saved then.',
  });
}

/** Errors: `sample.not-found`, `workspace.folder-gone`, `sample.manifest-invalid`. */
export async function workspaceSample(dataFolder: string, id: string): Promise<WorkspaceSample> {
  const own = /^own\/([a-z0-9][a-z0-9-]*)$/.exec(id)?.[1];
  if (own !== undefined) {
    const sample = await loadThere(join(ownFolder(dataFolder), own));
    return { ...sample, id, origin: 'own', trusted: true };
  }
  if ((await sampleNames()).includes(id)) {
    return { ...(await loadSample(id)), id, origin: 'ours', trusted: true };
  }
  const opened = (await readFolders(dataFolder)).find((one) => folderId(one.path) === id);
  if (opened !== undefined) {
    return { ...(await loadThere(opened.path)), id, origin: 'folder', trusted: opened.trusted };
  }
  throw new LabError('sample.not-found', {
    problem: `There is no driver "${id}" in this workspace.`,
    remedy: 'Choose one of the list, or open its folder.',
  });
}

/** Errors: `workspace.not-trusted`. */
export function checkTrusted(sample: WorkspaceSample): void {
  if (sample.trusted) return;
  throw new LabError('workspace.not-trusted', {
    problem: `${sample.folder} comes from elsewhere: building and running it would run its code.`,
    remedy: 'Read it first, then choose "Trust this folder". Editing and simulating work as it is.',
  });
}

/** A copy under `name` in the data folder: the user's own from then on. */
export async function copySample(
  dataFolder: string,
  from: WorkspaceSample,
  name: string,
): Promise<WorkspaceSample> {
  const target = join(ownFolder(dataFolder), name);
  const taken = existsSync(target) || (await sampleNames()).includes(name);
  if (taken) {
    throw new LabError('workspace.name-taken', {
      problem: `There is a driver "${name}" already.`,
      remedy: 'Choose another name.',
    });
  }
  await mkdir(ownFolder(dataFolder), { recursive: true, mode: 0o700 });
  await cp(from.folder, target, { recursive: true, errorOnExist: true, force: false });
  const file = join(target, MANIFEST);
  const document = (await readJson(file, codes)) as Record<string, unknown>;
  const renamed = { ...document, name, title: `${from.manifest.title} (copy)` };
  await writeFileAtomic(file, `${JSON.stringify(renamed, null, 2)}\n`);
  return workspaceSample(dataFolder, `own/${name}`);
}

const codes = { missing: 'sample.not-found', invalid: 'sample.manifest-invalid' } as const;

/** A folder with a manifest joins the workspace; one without has `undefined`, and may be proposed. */
export async function openFolder(
  dataFolder: string,
  folder: string,
): Promise<WorkspaceSample | undefined> {
  const path = resolve(folder);
  if (!existsSync(path)) {
    throw new LabError('sample.not-found', {
      problem: `There is no folder ${path}.`,
      remedy: 'Check the spelling; a folder on a removable disk needs the disk.',
    });
  }
  if (!existsSync(join(path, MANIFEST))) return undefined;
  await loadSample(path);
  const known = (await readFolders(dataFolder)).find((one) => one.path === path);
  if (known === undefined) await writeFolder(dataFolder, path, false);
  return workspaceSample(dataFolder, folderId(path));
}

export async function trustFolder(dataFolder: string, id: string): Promise<WorkspaceSample> {
  const { folder, origin } = await workspaceSample(dataFolder, id);
  if (origin === 'folder') await writeFolder(dataFolder, folder, true);
  return workspaceSample(dataFolder, id);
}

/** Writes a manifest that was proposed, with a first workload where there is none. */
export async function acceptProposal(
  dataFolder: string,
  folder: string,
  manifest: SampleManifest,
): Promise<WorkspaceSample> {
  const path = resolve(folder);
  const file = join(path, MANIFEST);
  if (existsSync(file)) {
    throw new LabError('workspace.name-taken', {
      problem: `${path} has a ${MANIFEST} already.`,
      remedy: 'Open the folder as it is.',
    });
  }
  const checked = parseOrThrow(sampleFormat, manifest, file, 'sample.manifest-invalid');
  for (const workload of checked.workloads) {
    const at = join(path, workload);
    if (existsSync(at)) continue;
    await mkdir(join(at, '..'), { recursive: true });
    await writeFile(at, `${JSON.stringify(firstWorkload, null, 2)}\n`, { flag: 'wx' });
  }
  await writeFileAtomic(file, `${JSON.stringify(checked, null, 2)}\n`, 0o644);
  await writeFolder(dataFolder, path, false);
  return workspaceSample(dataFolder, folderId(path));
}
