// The files of a driver that a person edits: read, saved without undoing what others wrote, watched.
import { createHash } from 'node:crypto';
import { existsSync, watch, type FSWatcher } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { LabError } from '../../contract/errors/labError.ts';
import type { Sample } from '../samples/samples.ts';
import { writeFileAtomic } from '../data/atomicFile.ts';
import type { WorkspaceSample } from './workspace.ts';

export interface EditableFile {
  readonly path: string;
  readonly text: string;
  readonly kind: 'source' | 'header' | 'manifest' | 'workload' | 'inf';
  /** Hash of the bytes on disk; empty where there is no file. */
  readonly version: string;
  readonly refused?: string;
}

/** What an editor can show without stalling the page. */
export const SHOWN_BYTES_MAX = 2 * 1024 * 1024;

type Listed = Pick<EditableFile, 'path' | 'kind'>;

/** In the order in which they are shown: source first, what describes the driver last. */
export function editablePaths({ manifest }: Sample): Listed[] {
  const { sources, includes, workloads, inf } = manifest;
  const as = (kind: EditableFile['kind'], paths: readonly string[]): Listed[] =>
    paths.map((path) => ({ path, kind }));
  return [
    ...as('source', sources),
    ...as('header', includes),
    ...as('workload', workloads),
    ...as('inf', inf === undefined ? [] : [inf]),
    ...as('manifest', ['fltlab.json']),
  ];
}

/** Every file, also those that cannot be shown: these say why, and the rest is there. */
export const readFiles = (sample: Sample): Promise<EditableFile[]> =>
  Promise.all(editablePaths(sample).map((listed) => readOne(sample, listed)));

async function readOne({ folder }: Sample, listed: Listed): Promise<EditableFile> {
  const none = (refused: string, version = ''): EditableFile => ({
    ...listed,
    text: '',
    version,
    refused,
  });
  const file = join(folder, listed.path);
  const size = await stat(file).then(
    (facts) => (facts.isFile() ? facts.size : -1),
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
  if (typeof size === 'string') return none(`It cannot be read: ${size}.`);
  if (size < 0) return none('It is not a file.');
  if (size > SHOWN_BYTES_MAX) {
    return none(
      `It has ${megabytes(size)}; the editor shows files of up to ${megabytes(SHOWN_BYTES_MAX)}.`,
    );
  }
  const bytes = await readFile(file);
  const text = decode(bytes);
  return text === undefined
    ? none('It is not text: it holds zero bytes, or is no valid UTF-8 or UTF-16.', versionOf(bytes))
    : { ...listed, text, version: versionOf(bytes) };
}

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
const versionOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex').slice(0, 32);

/** INF files are UTF-16 as often as not. Undefined for what is no text. */
function decode(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  const utf16 = first === 0xff && second === 0xfe;
  if (!utf16 && bytes.includes(0)) return undefined;
  const decoder = new TextDecoder(utf16 ? 'utf-16le' : 'utf-8', { fatal: true });
  return attempt(() => decoder.decode(bytes));
}

/** The boundary to a decoder that tells by throwing. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Errors: `workspace.read-only`, `workspace.file-changed-outside`, `workspace.not-saved`. */
export async function saveFile(
  sample: WorkspaceSample,
  edited: { readonly path: string; readonly text: string; readonly version: string },
): Promise<string> {
  const { path, text, version } = edited;
  if (sample.origin === 'ours') {
    throw new LabError('workspace.read-only', {
      problem: `${sample.manifest.name} is a sample of FltLab and is not written to.`,
      remedy: 'Make a copy (Samples, "Copy"): your edits go with it.',
    });
  }
  if (!editablePaths(sample).some((one) => one.path === path)) {
    throw new LabError('sample.source-missing', {
      problem: `${path} is no file of ${sample.manifest.name}.`,
      remedy: 'Name it in fltlab.json first.',
    });
  }
  const file = join(sample.folder, path);
  const before = await readFile(file).catch(() => undefined);
  if (before !== undefined && versionOf(before) !== version) {
    throw new LabError('workspace.file-changed-outside', {
      problem: `${path} was changed by another program since you opened it.`,
      remedy: 'Take what is on disk, or keep your text and save again.',
      detail: versionOf(before),
    });
  }
  const bytes = encode(text, before);
  await writeFileAtomic(file, bytes, 0o644).catch((cause: NodeJS.ErrnoException) => {
    throw notSaved(file, cause);
  });
  return versionOf(bytes);
}

/** A file keeps the encoding that it has. */
function encode(text: string, before: Uint8Array | undefined): Uint8Array {
  if (before?.[0] !== 0xff || before[1] !== 0xfe) return Buffer.from(text, 'utf8');
  return Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
}

const whySaving: Readonly<Record<string, string>> = {
  ENOSPC: 'there is no space left on its disk',
  EDQUOT: 'your quota on its disk is used up',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'its disk is read-only',
  ENOENT: 'its folder is gone',
  EIO: 'its disk does not answer',
};

function notSaved(file: string, cause: NodeJS.ErrnoException): LabError {
  return new LabError('workspace.not-saved', {
    problem: `${file} was not saved: ${whySaving[cause.code ?? ''] ?? cause.message}.`,
    remedy:
      'Your text is still in the editor; the file is as it was. Make room or reconnect the disk, and save again.',
    cause,
  });
}

/** A folder that is not there yet has nothing to watch. */
function attemptWatch(
  folder: string,
  signal: AbortSignal,
  told: (name: string) => void,
): FSWatcher | undefined {
  if (!existsSync(folder)) return undefined;
  return watch(folder, { signal }, (_kind, name) => {
    if (name !== null) told(name);
  });
}

/** Paths of the sample that another program wrote, in batches, until `signal` fires. */
export async function* watchFiles(sample: Sample, signal: AbortSignal): AsyncGenerator<string[]> {
  const known = new Set(editablePaths(sample).map((one) => one.path));
  const changed = new Set<string>();
  let wake: () => void = () => undefined;
  // Folders, not files and not recursively: a file that is replaced, as saving does, stays watched.
  for (const folder of new Set([...known].map((path) => posix.dirname(path)))) {
    const watcher = attemptWatch(join(sample.folder, folder), signal, (name) => {
      const path = posix.join(folder, name);
      if (!known.has(path)) return;
      changed.add(path);
      wake();
    });
    // A folder that vanishes ends the watch, not the lab.
    watcher?.on('error', () => wake());
  }
  signal.addEventListener('abort', () => wake(), { once: true });
  while (!signal.aborted) {
    if (changed.size === 0) {
      await new Promise<void>((resolve) => (wake = resolve));
      continue;
    }
    const batch = [...changed];
    changed.clear();
    yield batch;
  }
}
