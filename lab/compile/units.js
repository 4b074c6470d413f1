// Units of a driver and of the runtime → objects, each kept by the hash of all that went into it.
import { basename } from 'node:path/posix';
import { assert } from '../../contract/assert.ts';
import { parseDiagnostics } from './diagnostics.ts';
import { RUNTIME_FOLDER, runtimeArguments, unitArguments } from './flags.ts';
import { hashOf } from './objectCache.ts';
import { includeFolders } from './preparation.ts';
import { normalizePath } from './sourceFiles.ts';
import { compilerCrashed } from './toolchain.ts';
export async function compileUnits(bench, input, sources, signal) {
    const { usesSeh } = sources;
    const { mode, defines } = input;
    const flags = unitArguments({ mode, defines, usesSeh, includeFolders: includeFolders(sources) });
    const shared = [bench.files.wdkHash, usesSeh ? bench.files.runtimeHash : ''];
    const headers = sources.headers.flatMap(({ path, text }) => [path, text]);
    const done = {
        objects: new Map(),
        diagnostics: [],
        failed: false,
        compiled: 0,
        cpu_ms: 0,
    };
    for (const { path, text } of sources.units) {
        const unit = await compileOne(bench, {
            arguments: [...flags, '-main-file-name', basename(path), '-x', 'c', `/${path}`],
            files: sources.tree,
            ingredients: [...shared, ...headers, ...includedUnits(text, sources), path, text],
        }, signal);
        if (!unit.cached)
            done.compiled++;
        done.cpu_ms += unit.cpu_ms;
        done.diagnostics.push(...readDiagnostics(unit.output, sources));
        if (unit.object === undefined)
            done.failed = true;
        else
            done.objects.set(path, unit.object);
    }
    return { ...done, diagnostics: withoutRepeats(done.diagnostics) };
}
/** A unit that includes another .c file depends on all of them: rare, and cheap to be right. */
function includedUnits(text, sources) {
    if (!/^\s*#\s*include\b.*\.c\b/im.test(text))
        return [];
    return sources.units.flatMap((unit) => [unit.path, unit.text]);
}
/** The unit that only a debug build has. */
const PROBE_UNIT = 'probe.c';
export async function compileRuntime(bench, mode, signal) {
    const objects = new Map();
    for (const name of bench.files.runtimeUnits) {
        if (name === PROBE_UNIT && mode !== 'debug')
            continue;
        const unit = await compileOne(bench, {
            arguments: [...runtimeArguments(name), `/${RUNTIME_FOLDER}/${name}`],
            files: {},
            ingredients: [bench.files.runtimeHash, name],
        }, signal);
        assert(unit.object !== undefined, `${name} of the runtime compiles: ${unit.output}`);
        objects.set(`${RUNTIME_FOLDER}/${name}`, unit.object);
    }
    return objects;
}
const OBJECT = '$object';
/** Not about the source: the compiler's own fault, whatever the source was. */
const BACKEND_FAILURE = /\berror in backend\b|^LLVM ERROR\b|PLEASE submit a bug report/m;
async function compileOne({ toolchain, cache, files }, unit, signal) {
    const key = hashOf([files.compilerVersion, ...unit.arguments, ...unit.ingredients]);
    const kept = await cache.get(key);
    if (kept !== undefined)
        return { ...kept, cached: true, cpu_ms: 0 };
    const result = await toolchain.run({
        arguments: ['clang', '-cc1', ...unit.arguments, '-o', OBJECT],
        files: unit.files,
        result: OBJECT,
    }, signal);
    const { output, file, cpu_ms } = result;
    if (result.exitCode !== 0 || file === undefined) {
        if (BACKEND_FAILURE.test(output))
            throw compilerCrashed('Its back end failed.', output);
        return { object: undefined, output, cached: false, cpu_ms };
    }
    await cache.put(key, { object: file, output });
    return { object: file, output, cached: false, cpu_ms };
}
function readDiagnostics(output, { rewritten }) {
    return parseDiagnostics(output, normalizePath).map((one) => {
        const edited = rewritten.get(one.file);
        if (edited === undefined)
            return one;
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
function withoutRepeats(diagnostics) {
    return [...new Map(diagnostics.map((one) => [JSON.stringify(one), one])).values()];
}
