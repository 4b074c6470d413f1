// Units of a driver and of the runtime → objects, each kept by the hash of all that went into it.
import { basename } from 'node:path/posix';
import { assert } from '../../contract/assert.ts';
import type { CompilerFiles } from './compilerFiles.ts';
import { parseDiagnostics, type Diagnostic } from './diagnostics.ts';
import {
  headerArguments,
  RUNTIME_FOLDER,
  runtimeArguments,
  unitArguments,
  type CompileMode,
  type UnitFlags,
} from './flags.ts';
import { hashOf, type ObjectCache } from './objectCache.ts';
import { includeFolders, type PreparedSources } from './preparation.ts';
import { precompilable, PRECOMPILED_FOLDER, visibleDefines } from './precompiled.ts';
import { normalizePath, toTree, type FileTree, type SourceFile } from './sourceFiles.ts';
import { compilerCrashed, type Toolchain } from './toolchain.ts';

/** What every compilation works with. */
export interface Bench {
  readonly files: CompilerFiles;
  readonly toolchain: Toolchain;
  readonly cache: ObjectCache;
}

export interface CompiledUnits {
  readonly objects: Map<string, Uint8Array>;
  readonly diagnostics: Diagnostic[];
  failed: boolean;
  /** Units that were not in the cache. */
  compiled: number;
  cpu_ms: number;
}

export async function compileUnits(
  bench: Bench,
  input: { readonly mode: CompileMode; readonly defines: readonly string[] },
  sources: PreparedSources,
  signal: AbortSignal | undefined,
): Promise<CompiledUnits> {
  const { usesSeh } = sources;
  const { mode } = input;
  const shownHeaders = sources.headers.map(({ text }) => text);
  const shared = [bench.files.wdkHash, usesSeh ? bench.files.runtimeHash : ''];
  const headers = sources.headers.flatMap(({ path, text }) => [path, text]);
  const done: CompiledUnits = {
    objects: new Map(),
    diagnostics: [],
    failed: false,
    compiled: 0,
    cpu_ms: 0,
  };
  for (const { path, text } of sources.units) {
    const others = includedUnits(text, sources);
    const shown = [text, ...others, ...shownHeaders];
    const defines = visibleDefines(input.defines, shown, bench.files);
    const build = { mode, defines, usesSeh, includeFolders: includeFolders(sources) };
    const below = await precompile(bench, build, sources, { path, text });
    const flags = unitArguments({ ...build, prelude: below?.prelude });
    const unit = await compileOne(
      bench,
      {
        arguments: [...flags, '-main-file-name', basename(path), '-x', 'c', `/${path}`],
        files: { ...sources.tree, ...below?.files },
        ingredients: [...shared, ...headers, ...others, path, text],
      },
      signal,
    );
    if (!unit.cached) done.compiled++;
    done.cpu_ms += unit.cpu_ms;
    done.diagnostics.push(...readDiagnostics(unit.output, sources));
    if (unit.object === undefined) done.failed = true;
    else done.objects.set(path, unit.object);
  }
  return { ...done, diagnostics: withoutRepeats(done.diagnostics) };
}

/**
 * The headers with which a unit begins, compiled once for all units and edits. Undefined when the unit
 * begins otherwise, or when they do not compile by themselves: the unit then says why at its own place.
 */
async function precompile(
  bench: Bench,
  build: UnitFlags,
  sources: PreparedSources,
  unit: SourceFile,
): Promise<{ readonly prelude: string; readonly files: FileTree } | undefined> {
  const { files } = bench;
  const on = precompilable(unit, sources.headers, build.defines, files);
  if (on === undefined) return undefined;
  const name = `${on.header}.all.h`;
  const text = `#include <${on.header}>\n`;
  const made = await compileOne(
    bench,
    {
      arguments: [
        ...headerArguments({ ...build, defines: on.defines, includeFolders: [] }),
        ...['-main-file-name', name, '-x', 'c-header', `/${PRECOMPILED_FOLDER}/${name}`],
      ],
      files: toTree([[`${PRECOMPILED_FOLDER}/${name}`, text]]),
      ingredients: [files.wdkHash, build.usesSeh ? files.runtimeHash : '', text],
    },
    undefined,
  );
  if (made.object === undefined || made.output !== '') return undefined;
  const compiled = `${PRECOMPILED_FOLDER}/${name}.pch`;
  return {
    prelude: `/${compiled}`,
    files: toTree([
      [`${PRECOMPILED_FOLDER}/${name}`, text],
      [compiled, made.object],
    ]),
  };
}

/** A unit that includes another .c file depends on all of them: rare, and cheap to be right. */
function includedUnits(text: string, sources: PreparedSources): string[] {
  if (!/^\s*#\s*include\b.*\.c\b/im.test(text)) return [];
  return sources.units.flatMap((unit) => [unit.path, unit.text]);
}

/** The unit that only a debug build has. */
const PROBE_UNIT = 'probe.c';

export async function compileRuntime(
  bench: Bench,
  mode: CompileMode,
  signal?: AbortSignal,
): Promise<Map<string, Uint8Array>> {
  const objects = new Map<string, Uint8Array>();
  for (const name of bench.files.runtimeUnits) {
    if (name === PROBE_UNIT && mode !== 'debug') continue;
    const unit = await compileOne(
      bench,
      {
        arguments: [...runtimeArguments(name), `/${RUNTIME_FOLDER}/${name}`],
        files: {},
        ingredients: [bench.files.runtimeHash, name],
      },
      signal,
    );
    assert(unit.object !== undefined, `${name} of the runtime compiles: ${unit.output}`);
    objects.set(`${RUNTIME_FOLDER}/${name}`, unit.object);
  }
  return objects;
}

interface UnitRun {
  /** All but the name of the object. */
  readonly arguments: readonly string[];
  readonly files: FileTree;
  /** What the object depends on besides compiler and arguments. */
  readonly ingredients: readonly string[];
}

interface UnitResult {
  /** Undefined when the unit does not compile. */
  readonly object: Uint8Array | undefined;
  readonly output: string;
  readonly cached: boolean;
  readonly cpu_ms: number;
}

const OBJECT = '$object';
/** Not about the source: the compiler's own fault, whatever the source was. */
const BACKEND_FAILURE = /\berror in backend\b|^LLVM ERROR\b|PLEASE submit a bug report/m;

async function compileOne(
  { toolchain, cache, files }: Bench,
  unit: UnitRun,
  signal: AbortSignal | undefined,
): Promise<UnitResult> {
  const key = hashOf([files.compilerVersion, ...unit.arguments, ...unit.ingredients]);
  const kept = await cache.get(key);
  if (kept !== undefined) return { ...kept, cached: true, cpu_ms: 0 };
  const result = await toolchain.run(
    {
      arguments: ['clang', '-cc1', ...unit.arguments, '-o', OBJECT],
      files: unit.files,
      result: OBJECT,
    },
    signal,
  );
  const { output, file, cpu_ms } = result;
  if (result.exitCode !== 0 || file === undefined) {
    if (BACKEND_FAILURE.test(output)) throw compilerCrashed('Its back end failed.', output);
    return { object: undefined, output, cached: false, cpu_ms };
  }
  await cache.put(key, { object: file, output });
  return { object: file, output, cached: false, cpu_ms };
}

function readDiagnostics(output: string, { rewritten }: PreparedSources): Diagnostic[] {
  return parseDiagnostics(output, normalizePath).map((one) => {
    const edited = rewritten.get(one.file);
    if (edited === undefined) return one;
    // Columns of a file that was rewritten are those of the text that the compiler saw.
    const { fixes: _fixes, ...rest } = one;
    const { line, column, endLine, endColumn } = one;
    return {
      ...rest,
      column: edited.originalColumn(line, column),
      ...(endLine === undefined || endColumn === undefined
        ? {}
        : { endColumn: edited.originalColumn(endLine, endColumn) }),
    };
  });
}

/** A header that several units include warns in each of them. */
function withoutRepeats(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(diagnostics.map((one) => [JSON.stringify(one), one])).values()];
}
