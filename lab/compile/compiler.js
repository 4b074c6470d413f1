// C source → WebAssembly image. Units are compiled one by one and kept by the hash of all that goes
// into them, so that an edit costs one unit and a link.
import { assert } from '../../contract/assert.ts';
import { LabError } from '../../contract/errors/labError.ts';
import { assetPath } from '../assets.ts';
import { readCompilerFiles } from './compilerFiles.ts';
import { formatDiagnostic } from './diagnostics.ts';
import { defaultPlacement } from './flags.ts';
import { link } from './link.ts';
import { ObjectCache } from './objectCache.ts';
import { NOT_SUPPORTED, prepareSources } from './preparation.ts';
import { Toolchain } from './toolchain.ts';
import { compileRuntime, compileUnits } from './units.ts';
export function createCompiler(options = {}) {
    const cache = new ObjectCache(options.cacheFolder);
    let started;
    const bench = () => (started ??= openBench(options, cache));
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
async function openBench(options, cache) {
    const files = await readCompilerFiles(options.includeFolder ?? assetPath('simulator/include'), options.runtimeFolder ?? assetPath('simulator/runtime'));
    return { files, cache, toolchain: new Toolchain(files.tree) };
}
const noTime = {
    prepare_ms: 0,
    compile_ms: 0,
    link_ms: 0,
    cpu_ms: 0,
    unitsCompiled: 0,
    unitsCached: 0,
};
async function compileOn(bench, input, signal) {
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
    if (units.failed)
        return { ok: false, diagnostics, problem: failed(diagnostics), timings };
    const linked = await link(bench.toolchain, {
        units: units.objects,
        runtime,
        variables: bench.files.variables,
        placement: input.placement ?? defaultPlacement,
    }, signal);
    const whole = {
        diagnostics: [...diagnostics, ...linked.diagnostics],
        timings: { ...timings, link_ms: clock(), cpu_ms: units.cpu_ms + linked.cpu_ms },
    };
    return linked.ok
        ? { ok: true, image: linked.image, ...whole }
        : { ok: false, problem: linked.problem, ...whole };
}
const isError = (one) => one.severity === 'error';
function failed(diagnostics) {
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
function refused(diagnostics) {
    const [first] = diagnostics;
    assert(first !== undefined, 'a refusal says what it refuses');
    return new LabError(NOT_SUPPORTED, {
        problem: `${first.file}:${first.line}: ${first.message}.`,
        remedy: 'Write that statement another way; what a macro hides must stand in plain sight.',
        detail: diagnostics.map(formatDiagnostic).join('\n'),
    });
}
/** Milliseconds since the last call, in tenths. */
function stopwatch() {
    let last = performance.now();
    return () => {
        const now = performance.now();
        const elapsed = Math.round((now - last) * 10) / 10;
        last = now;
        return elapsed;
    };
}
