// One compiler for the whole process, kept warm, and the last predictions by the hash of all that goes
// into them: asking again for what has not changed costs nothing.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Prediction } from '../../contract/prediction.ts';
import { simulate, type DriverInput, type SimulationInput } from '../../simulator/index.ts';
import { versionDefines } from '../build/releases.ts';
import {
  companionPlacement,
  compileForSimulation,
  createCompiler,
  RUNTIME_FOLDER,
  WDK_FOLDER,
  type CompiledImage,
  type CompileMode,
  type Compiler,
} from '../compile/index.ts';
import { openDataFolder } from '../data/dataFolder.ts';
import { pickVariant, readSources, type Sample, type SourceText } from '../samples/samples.ts';
import { instancesAround, observerSample } from './observer.ts';
import type { PredictInput, PredictTimings } from './predictInput.ts';

export interface TimedPrediction {
  readonly prediction: Prediction;
  /** Compiler warnings too, with the places of the source as given. */
  readonly diagnostics: CompiledImage['diagnostics'];
  readonly timings: PredictTimings;
  /** It had been made before: the timings are those of then. */
  readonly cached: boolean;
}

/** Predictions kept; a trace of a large workload is some megabytes. */
const KEPT = 32;

/** Where the compiler's own headers lie. */
const COMPILER_FOLDER = 'usr';

let compiler: Promise<Compiler> | null = null;
const kept = new Map<string, TimedPrediction>();

/**
 * Throws LabError: compile.failed and its like (their detail is the list of diagnostics),
 * sample.source-missing, workload.invalid, run.cancelled. What the driver does wrong is a finding.
 */
export async function predict(input: PredictInput): Promise<Prediction> {
  return (await predictTimed(input)).prediction;
}

/** The same with what the parts took, and with the compiler's warnings. */
export async function predictTimed(input: PredictInput): Promise<TimedPrediction> {
  const { sources, headers } = await currentTexts(input);
  const key = keyOf(input, [...sources, ...headers]);
  const known = kept.get(key);
  if (known !== undefined) return remember(key, { ...known, cached: true });
  const started_ms = performance.now();
  const compiled = await compile(input, { sources, headers }, 'simulate');
  const companions = input.observed === true ? [await observerBeside(input)] : [];
  const compiled_ms = performance.now();
  const prediction = await simulate({
    workload: input.workload,
    profile: input.profile,
    seed: input.seed,
    sample: input.sample.manifest.name,
    variant: input.variant.name,
    driver: { ...driverOf(input, compiled.image), companions },
  });
  const timings = {
    compile_ms: compiled_ms - started_ms,
    simulate_ms: performance.now() - compiled_ms,
  };
  return remember(key, {
    prediction,
    diagnostics: compiled.diagnostics,
    timings,
    cached: false,
  });
}

/**
 * What a debugger runs: the same driver with full debug information. Errors: those of `predict` that
 * concern the source.
 */
export async function debugSubject(input: PredictInput): Promise<DebugSubject> {
  const texts = await currentTexts(input);
  const { image } = await compile(input, texts, 'debug');
  return {
    workload: input.workload,
    profile: input.profile,
    seed: input.seed,
    sample: input.sample.manifest.name,
    variant: input.variant.name,
    driver: driverOf(input, image),
    sources: new Map([...texts.sources, ...texts.headers].map(({ path, text }) => [path, text])),
  };
}

/** The simulation that is watched, and the text of the driver's files. */
export interface DebugSubject extends SimulationInput {
  readonly sources: ReadonlyMap<string, string>;
}

async function compile(
  input: PredictInput,
  { sources, headers }: Awaited<ReturnType<typeof readSources>>,
  mode: CompileMode,
): Promise<CompiledImage> {
  const given = { sources, headers, defines: definesOf(input), mode };
  return compileForSimulation(await openCompiler(), given, input.signal);
}

/** The observer's image, linked for a place beside the driver. */
async function observerBeside(input: PredictInput): Promise<DriverInput> {
  const sample = await observerSample();
  const { manifest } = sample;
  const observer = { ...input, sample, variant: pickVariant(sample, undefined), edited: [] };
  const given = {
    ...(await readSources(sample)),
    defines: definesOf(observer),
    mode: 'simulate',
    placement: companionPlacement,
  } as const;
  const { image } = await compileForSimulation(await openCompiler(), given, input.signal);
  const instances = instancesAround(manifest.instances, input.sample.manifest.instances);
  return { ...driverOf(observer, image), instances, neighbours: [] };
}

/** Ends the compiler's worker, for tests and for a host that closes down. */
export async function disposePredictor(): Promise<void> {
  const opened = compiler;
  compiler = null;
  kept.clear();
  await (await opened)?.dispose();
}

function openCompiler(): Promise<Compiler> {
  compiler ??= openDataFolder().then((folder) =>
    createCompiler({ cacheFolder: join(folder, 'objects') }),
  );
  return compiler;
}

/**
 * The build is one for the Windows that is played: NTDDI_VERSION decides what the headers declare and
 * which FLT_REGISTRATION_VERSION the driver registers with. A sample that chooses for itself is left
 * alone; an older Filter Manager then refuses a newer registration, as it does in life.
 */
function definesOf({ sample, variant, profile }: PredictInput): string[] {
  const own = [...sample.manifest.defines, ...variant.defines];
  if (own.some((define) => /^(NTDDI_VERSION|_WIN32_WINNT)\b/.test(define))) return own;
  return [...own, `NTDDI_VERSION=0x${versionDefines[profile].ntddi.toString(16)}`];
}

function driverOf(input: PredictInput, image: Uint8Array): DriverInput {
  const { driver, instances, defaultInstance, neighbours } = input.sample.manifest;
  return {
    name: driver,
    image,
    foreignFolders: [WDK_FOLDER, RUNTIME_FOLDER, COMPILER_FOLDER],
    instances,
    defaultInstance,
    neighbours,
    without: input.without ?? [],
    callbacksCalled: input.callbacksCalled ?? true,
  };
}

/** What is on disk, and over it what is being edited. */
async function currentTexts({
  sample,
  edited = [],
}: PredictInput): Promise<Awaited<ReturnType<typeof readSources>>> {
  const texts = new Map(edited.map(({ path, text }) => [path, text]));
  const replace = (source: SourceText): SourceText => {
    const text = texts.get(source.path);
    return text === undefined ? source : { path: source.path, text };
  };
  const { sources, headers } = await readSources(sample);
  return { sources: sources.map(replace), headers: headers.map(replace) };
}

function keyOf(input: PredictInput, texts: readonly SourceText[]): string {
  const { sample, variant, workload, profile, seed } = input;
  const parts: readonly unknown[] = [
    identityOf(sample),
    variant,
    workload,
    profile,
    seed,
    input.without ?? [],
    input.callbacksCalled ?? true,
    input.observed ?? false,
    texts,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

const identityOf = ({ manifest }: Sample): unknown => [
  manifest.name,
  manifest.driver,
  manifest.defines,
  manifest.instances,
  manifest.neighbours,
];

/** Keeps the most recently asked ones. */
function remember(key: string, prediction: TimedPrediction): TimedPrediction {
  kept.delete(key);
  kept.set(key, prediction);
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  return prediction;
}
