// The files of a sample as the compiler's file system wants them. That one tells letters apart by
// case, knows "/" only and ignores "..", where MSVC on Windows does none of it.
import { posix } from 'node:path';

export interface SourceFile {
  /** As the sample names it, with "/" (or "\") between folders. */
  readonly path: string;
  readonly text: string;
}

export function normalizePath(path: string): string {
  return posix.normalize(path.replaceAll('\\', '/')).replace(/^(?:\.?\/)+/, '');
}

const INCLUDE = /^(\s*#\s*include\s*)(?:"([^"\n]+)"|<([^>\n]+)>)/gm;

export interface IncludeSpace {
  /** Paths of the sample's files. */
  readonly sample: readonly string[];
  /** Names of our WDK headers. */
  readonly wdk: readonly string[];
}

/** Respells each #include that Windows would find and the compiler would not. No line moves. */
export function respellIncludes(file: SourceFile, space: IncludeSpace): string {
  const resolve = createResolver(file.path, space);
  return file.text.replace(INCLUDE, (whole, head: string, quoted?: string, angled?: string) => {
    const spelled = quoted ?? angled ?? '';
    const better = resolve(spelled, quoted !== undefined);
    return better === undefined ? whole : `${head}${better}`;
  });
}

function createResolver(
  from: string,
  space: IncludeSpace,
): (spelled: string, quoted: boolean) => string | undefined {
  const sample = byLowerCase(space.sample);
  const wdk = byLowerCase(space.wdk);
  const folder = posix.dirname(from);
  const folders = [folder, '.', ...new Set(space.sample.map((path) => posix.dirname(path)))];
  return (spelled, quoted) => {
    const slashed = spelled.replaceAll('\\', '/');
    const ours = wdk.get(slashed.toLowerCase());
    if (!quoted && ours !== undefined) return ours === spelled ? undefined : `<${ours}>`;
    for (const where of folders) {
      const path = sample.get(normalizePath(posix.join(where, slashed)).toLowerCase());
      if (path === undefined) continue;
      const plain = where === folder && path === posix.join(folder, spelled);
      return plain && quoted && !spelled.includes('..') ? undefined : `"/${path}"`;
    }
    return ours === undefined || ours === spelled ? undefined : `<${ours}>`;
  };
}

const byLowerCase = (paths: readonly string[]): Map<string, string> =>
  new Map(paths.map((path) => [path.toLowerCase(), path]));

/** Files as the tree that the compiler mounts. */
export interface FileTree {
  [name: string]: FileTree | string | Uint8Array;
}

export function toTree(
  files: Iterable<readonly [path: string, content: string | Uint8Array]>,
): FileTree {
  const root: FileTree = {};
  for (const [path, content] of files) {
    const parts = path.split('/');
    const name = parts.pop() ?? '';
    let folder = root;
    for (const part of parts) {
      const inner = folder[part];
      folder = folder[part] =
        typeof inner === 'object' && !(inner instanceof Uint8Array) ? inner : {};
    }
    folder[name] = content;
  }
  return root;
}
