// One compiler for the whole process, kept warm, and the last predictions by the hash of all that goes
// into them: asking again for what has not changed costs nothing.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { simulate } from '../../simulator/index.ts';
import { versionDefines } from '../build/releases.ts';
import { compileForSimulation, createCompiler, RUNTIME_FOLDER, WDK_FOLDER, } from '../compile/index.ts';
import { openDataFolder } from '../data/dataFolder.ts';
import { readSources } from '../samples/samples.ts';
/** Predictions kept; a trace of a large workload is some megabytes. */
const KEPT = 32;
/** Where the compiler's own headers lie. */
const COMPILER_FOLDER = 'usr';
let compiler = null;
const kept = new Map();
/**
 * Throws LabError: compile.failed and its like (their detail is the list of diagnostics),
 * sample.source-missing, workload.invalid, run.cancelled. What the driver does wrong is a finding.
 */
export async function predict(input) {
    return (await predictTimed(input)).prediction;
}
/** The same with what the parts took, and with the compiler's warnings. */
export async function predictTimed(input) {
    const { sources, headers } = await currentTexts(input);
    const key = keyOf(input, [...sources, ...headers]);
    const known = kept.get(key);
    if (known !== undefined)
        return remember(key, { ...known, cached: true });
    const started_ms = performance.now();
    const compiled = await compile(input, { sources, headers }, 'simulate');
    const compiled_ms = performance.now();
    const prediction = await simulate({
        workload: input.workload,
        profile: input.profile,
        seed: input.seed,
        sample: input.sample.manifest.name,
        variant: input.variant.name,
        driver: driverOf(input, compiled.image),
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
export async function debugSubject(input) {
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
async function compile(input, { sources, headers }, mode) {
    const given = { sources, headers, defines: definesOf(input), mode };
    return compileForSimulation(await openCompiler(), given, input.signal);
}
/** Ends the compiler's worker, for tests and for a host that closes down. */
export async function disposePredictor() {
    const opened = compiler;
    compiler = null;
    kept.clear();
    await (await opened)?.dispose();
}
function openCompiler() {
    compiler ??= openDataFolder().then((folder) => createCompiler({ cacheFolder: join(folder, 'objects') }));
    return compiler;
}
/**
 * The build is one for the Windows that is played: NTDDI_VERSION decides what the headers declare and
 * which FLT_REGISTRATION_VERSION the driver registers with. A sample that chooses for itself is left
 * alone; an older Filter Manager then refuses a newer registration, as it does in life.
 */
function definesOf({ sample, variant, profile }) {
    const own = [...sample.manifest.defines, ...variant.defines];
    if (own.some((define) => /^(NTDDI_VERSION|_WIN32_WINNT)\b/.test(define)))
        return own;
    return [...own, `NTDDI_VERSION=0x${versionDefines[profile].ntddi.toString(16)}`];
}
function driverOf(input, image) {
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
async function currentTexts({ sample, edited = [], }) {
    const texts = new Map(edited.map(({ path, text }) => [path, text]));
    const replace = (source) => {
        const text = texts.get(source.path);
        return text === undefined ? source : { path: source.path, text };
    };
    const { sources, headers } = await readSources(sample);
    return { sources: sources.map(replace), headers: headers.map(replace) };
}
function keyOf(input, texts) {
    const { sample, variant, workload, profile, seed } = input;
    const parts = [
        identityOf(sample),
        variant,
        workload,
        profile,
        seed,
        input.without ?? [],
        input.callbacksCalled ?? true,
        texts,
    ];
    return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
const identityOf = ({ manifest }) => [
    manifest.name,
    manifest.driver,
    manifest.defines,
    manifest.instances,
    manifest.neighbours,
];
/** Keeps the most recently asked ones. */
function remember(key, prediction) {
    kept.delete(key);
    kept.set(key, prediction);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined)
        kept.delete(oldest);
    return prediction;
}
