// What the compiler brings along: our WDK headers and the sources of the runtime.
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { assert } from '../../contract/assert.ts';
import { assetPath } from '../assets.ts';
import { RUNTIME_FOLDER, WDK_FOLDER } from './flags.ts';
import { hashOf } from './objectCache.ts';
import { identifiersOf } from './precompiled.ts';
import { toTree, type FileTree } from './sourceFiles.ts';

export interface CompilerFiles {
  /** Mounted for every run. */
  readonly tree: FileTree;
  /** Names of the WDK headers, as they are included. */
  readonly wdkNames: readonly string[];
  /** Every identifier in them and in the headers of the runtime. */
  readonly wdkIdentifiers: ReadonlySet<string>;
  /** File names of the runtime's units. */
  readonly runtimeUnits: readonly string[];
  /** Variables of ntoskrnl that the runtime defines. */
  readonly variables: readonly string[];
  readonly wdkHash: string;
  readonly runtimeHash: string;
  /** The pinned version of the compiler's package. */
  readonly compilerVersion: string;
}

type TextFile = readonly [path: string, text: string];

export async function readCompilerFiles(
  includeFolder: string,
  runtimeFolder: string,
): Promise<CompilerFiles> {
  const [wdk, runtime] = await Promise.all([
    readTexts(includeFolder, /\.h$/),
    readTexts(runtimeFolder, /\.[ch]$/),
  ]);
  const mounted = (folder: string, files: readonly TextFile[]): TextFile[] =>
    files.map(([path, text]) => [`${folder}/${path}`, text]);
  return {
    tree: toTree([...mounted(WDK_FOLDER, wdk), ...mounted(RUNTIME_FOLDER, runtime)]),
    wdkNames: wdk.map(([path]) => path),
    wdkIdentifiers: identifiersOf(
      [...wdk, ...runtime.filter(([path]) => path.endsWith('.h'))].map(([, text]) => text),
    ),
    runtimeUnits: runtime.map(([path]) => path).filter((path) => path.endsWith('.c')),
    variables: runtime.flatMap(([path, text]) => (path === 'variables.c' ? exportsOf(text) : [])),
    wdkHash: hashOf(wdk.flat()),
    runtimeHash: hashOf(runtime.flat()),
    compilerVersion: await readCompilerVersion(),
  };
}

async function readCompilerVersion(): Promise<string> {
  const text = await readFile(assetPath('package.json'), 'utf8');
  const { dependencies } = JSON.parse(text) as { dependencies?: Record<string, string> };
  const version = dependencies?.['@yowasp/clang'];
  assert(version !== undefined, 'the product depends on the compiler');
  return version;
}

/** Sorted by path, so that the same files give the same hash everywhere. */
async function readTexts(folder: string, wanted: RegExp): Promise<TextFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && wanted.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
  return Promise.all(
    paths.map(async (path) => [path, await readFile(join(folder, path), 'utf8')] as const),
  );
}

const exportsOf = (text: string): string[] =>
  [...text.matchAll(/^EXPORT [^;]*?(\w+);$/gm)].map((match) => match[1] ?? '');
