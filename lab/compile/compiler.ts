// C source → WebAssembly image. Units are compiled one by one and kept by the hash of all that goes
// into them, so that an edit costs one unit and a link.
import { assert } from '../../contract/assert.ts';
import { LabError } from '../../contract/errors/labError.ts';
import { assetPath } from '../assets.ts';
import { readCompilerFiles } from './compilerFiles.ts';
import { formatDiagnostic, type Diagnostic } from './diagnostics.ts';
import { defaultPlacement, type CompileMode, type ImagePlacement } from './flags.ts';
import { link } from './link.ts';
import { ObjectCache } from './objectCache.ts';
import { NOT_SUPPORTED, prepareSources } from './preparation.ts';
import type { SourceFile } from './sourceFiles.ts';
import { Toolchain } from './toolchain.ts';
import { compileRuntime, compileUnits, type Bench } from './units.ts';

export interface CompileInput {
  /** The units, in the order of the manifest. */
  readonly sources: readonly SourceFile[];
  /** The sample's own headers. */
  readonly headers: readonly SourceFile[];
  /** "NAME" or "NAME=VALUE". */
  readonly defines: readonly string[];
  readonly mode: CompileMode;
  /** Where the image will lie; the default is the place of a simulation's first driver. */
  readonly placement?: ImagePlacement;
}

export interface CompileTimings {
  readonly prepare_ms: number;
  readonly compile_ms: number;
  readonly link_ms: number;
  /** Processor time of compiler and linker: what it costs whatever else the machine does. */
  readonly cpu_ms: number;
  readonly unitsCompiled: number;
  readonly unitsCached: number;
}

interface Compiled {
  /** Places are those of the source as given. */
  readonly diagnostics: readonly Diagnostic[];
  readonly timings: CompileTimings;
}
export type CompileResult = Compiled &
  (
    | { readonly ok: true; readonly image: Uint8Array }
    /** compile.failed, compile.link-failed or compile.not-supported. */
    | { readonly ok: false; readonly problem: LabError }
  );

export interface Compiler {
  /** Throws LabError compile.compiler-crashed and run.cancelled only; the rest is a result. */
  compile(input: CompileInput, signal?: AbortSignal): Promise<CompileResult>;
  /** Loads the compiler and compiles the runtime ahead of the first driver. */
  warm(): Promise<void>;
  dispose(): Promise<void>;
}

export interface CompilerOptions {
  /** Keeps objects on disk, too: a folder that may be deleted at any time. */
  readonly cacheFolder?: string;
  readonly includeFolder?: string;
  readonly runtimeFolder?: string;
}

export function createCompiler(options: CompilerOptions = {}): Compiler {
  const cache = new ObjectCache(options.cacheFolder);
  let started: Promise<Bench> | undefined;
  const bench = (): Promise<Bench> => (started ??= openBench(options, cache));
  return {
    async compile(input, signal) {
      return compileOn(await bench(), input, signal);
    },
    async warm() {
      const { toolchain, ...rest } = await bench();
      toolchain.warm();
      await compileRuntime({ toolchain, ...rest }, 'simulate');
    },
    async dispose() {
      const opened = started;
      started = undefined;
      await (await opened)?.toolchain.dispose();
    },
  };
}

async function openBench(options: CompilerOptions, cache: ObjectCache): Promise<Bench> {
  const files = await readCompilerFiles(
    options.includeFolder ?? assetPath('simulator/include'),
    options.runtimeFolder ?? assetPath('simulator/runtime'),
  );
  return { files, cache, toolchain: new Toolchain(files.tree) };
}

const noTime: CompileTimings = {
  prepare_ms: 0,
  compile_ms: 0,
  link_ms: 0,
  cpu_ms: 0,
  unitsCompiled: 0,
  unitsCached: 0,
};

async function compileOn(
  bench: Bench,
  input: CompileInput,
  signal: AbortSignal | undefined,
): Promise<CompileResult> {
  const clock = stopwatch();
  const prepared = prepareSources(input.sources, input.headers, bench.files.wdkNames);
  const prepare_ms = clock();
  if (!prepared.ok) {
    const timings = { ...noTime, prepare_ms };
    return {
      ok: false,
      diagnostics: prepared.refused,
      problem: refused(prepared.refused),
      timings,
    };
  }
  const units = await compileUnits(bench, input, prepared.sources, signal);
  const runtime = await compileRuntime(bench, input.mode, signal);
  const timings = {
    prepare_ms,
    compile_ms: clock(),
    link_ms: 0,
    cpu_ms: units.cpu_ms,
    unitsCompiled: units.compiled,
    unitsCached: input.sources.length - units.compiled,
  };
  const { diagnostics } = units;
  if (units.failed) return { ok: false, diagnostics, problem: failed(diagnostics), timings };
  const linked = await link(
    bench,
    {
      units: units.objects,
      runtime,
      variables: bench.files.variables,
      placement: input.placement ?? defaultPlacement,
    },
    signal,
  );
  const whole = {
    diagnostics: [...diagnostics, ...linked.diagnostics],
    timings: { ...timings, link_ms: clock(), cpu_ms: units.cpu_ms + linked.cpu_ms },
  };
  return linked.ok
    ? { ok: true, image: linked.image, ...whole }
    : { ok: false, problem: linked.problem, ...whole };
}

const isError = (one: Diagnostic): boolean => one.severity === 'error';

function failed(diagnostics: readonly Diagnostic[]): LabError {
  const errors = diagnostics.filter(isError);
  const [first] = errors;
  const more = errors.length > 1 ? ` and ${errors.length - 1} more` : '';
  const what = first === undefined ? 'the compiler gave no reason' : formatDiagnostic(first);
  return new LabError('compile.failed', {
    problem: `The driver does not compile: ${what}${more}.`,
    remedy: 'Correct the source at the places listed.',
    detail: diagnostics.map(formatDiagnostic).join('\n'),
  });
}

function refused(diagnostics: readonly Diagnostic[]): LabError {
  const [first] = diagnostics;
  assert(first !== undefined, 'a refusal says what it refuses');
  return new LabError(NOT_SUPPORTED, {
    problem: `${first.file}:${first.line}: ${first.message}.`,
    remedy: 'Write that statement another way; what a macro hides must stand in plain sight.',
    detail: diagnostics.map(formatDiagnostic).join('\n'),
  });
}

/** Milliseconds since the last call, in tenths. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const elapsed = Math.round((now - last) * 10) / 10;
    last = now;
    return elapsed;
  };
}
