// Asks clang about the headers of simulator/include without making any code: for 32-bit and 64-bit
// Windows, and for wasm32, which the simulation is compiled for.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands, Exit, runLLVM, type Tree } from '@yowasp/clang';
import { projectRoot } from '../programs.ts';

export type HeaderTarget = 'wasm32' | 'x86' | 'x64';

/** Clang's name of each target. */
export const triples: Record<HeaderTarget, string> = {
  wasm32: 'wasm32',
  x86: 'i686-pc-windows-msvc',
  x64: 'x86_64-pc-windows-msvc',
};

/** What shapes types and layouts; the flags with which drivers are compiled have more. */
export const language: readonly string[] = [
  '-std=gnu17',
  '-nostdlib',
  '-fshort-wchar',
  '-fms-extensions',
  '-mms-bitfields',
  '-fno-builtin',
  '-fno-color-diagnostics',
];

export interface Asked {
  readonly ok: boolean;
  /** Standard output: dumps. */
  readonly output: string;
  /** Standard error: diagnostics. */
  readonly diagnostics: string;
}

/**
 * Parses `source`, which may include any header of ours, and any of `beside` by its name, in whatever
 * case Windows would find them.
 */
export async function askClang(
  source: string,
  target: HeaderTarget,
  options: readonly string[] = [],
  beside: Readonly<Record<string, string>> = {},
): Promise<Asked> {
  const output = new TextCollector();
  const diagnostics = new TextCollector();
  // Loads the compiler in silence; the call below would print its progress.
  await runLLVM(undefined, {}, { fetchProgress: () => undefined });
  const run = async (): Promise<boolean> => {
    await commands.clang(
      [`--target=${triples[target]}`, '-fsyntax-only', ...language, ...options, '-Iinclude', 'a.c'],
      { ...beside, include: spelled(headers(), [source, ...Object.values(beside)]), 'a.c': source },
      { stdout: output.add, stderr: diagnostics.add },
    );
    return true;
  };
  const ok = await run().catch((error: unknown) => {
    // The package tells a failed compilation by an exception.
    if (error instanceof Exit) return false;
    throw error;
  });
  return { ok, output: output.text(), diagnostics: diagnostics.text() };
}

class TextCollector {
  private readonly decoder = new TextDecoder();
  private readonly parts: string[] = [];
  readonly add = (bytes: Uint8Array | null): void => {
    if (bytes !== null) this.parts.push(this.decoder.decode(bytes, { stream: true }));
  };
  text(): string {
    return this.parts.join('') + this.decoder.decode();
  }
}

/** The headers also under the names by which the texts include them: <fltKernel.h>. */
export function spelled(tree: Tree, texts: readonly string[]): Tree {
  const names = texts.flatMap((text) =>
    Array.from(text.matchAll(/#include [<"]([^>"]+)[>"]/g), ([, name]) => name ?? ''),
  );
  const aliases = names.flatMap((name) => {
    const file = tree[name.toLowerCase()];
    return file === undefined ? [] : [[name, file] as const];
  });
  return { ...tree, ...Object.fromEntries(aliases) };
}

let loaded: Tree | undefined;
export const headers = (): Tree => (loaded ??= treeOf(join(projectRoot, 'simulator/include')));

function treeOf(folder: string): Tree {
  const tree: Tree = {};
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) tree[entry.name] = treeOf(path);
    else if (entry.name.endsWith('.h')) tree[entry.name] = readFileSync(path, 'utf8');
  }
  return tree;
}
