// One unit of C to one object file, unless the record says that nothing has changed.
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { LabError } from '../../../contract/errors/labError.ts';
import { parseClang, formatDiagnostic } from '../diagnostics.ts';
import { parseDependencies, recordThatHolds, sha256, writeRecord, } from '../record.ts';
import { optimisation, unoptimised } from './flags.ts';
/** "src/a.c" and "lib/a.c" must not share an object. */
export const objectOf = (folder, source) => join(folder, `${source.replace(/[\\/]/g, '~').replace(/\.[^.]*$/, '')}.obj`);
export async function compileUnit(context, unit) {
    const { input, parts, flags, hashes } = context;
    const source = resolve(input.folder, unit.source);
    await requireSource(source, unit.source);
    const level = optimisation[input.configuration];
    const key = sha256(JSON.stringify([parts.clang.version, flags, level, unit.source, context.overlayHash]));
    const record = `${unit.object}.json`;
    const held = await recordThatHolds(record, key, unit.object, hashes);
    if (held !== undefined) {
        return { unit, diagnostics: held.diagnostics, commands: [], failed: false };
    }
    await mkdir(dirname(unit.object), { recursive: true });
    await rm(record, { force: true });
    const started_ms = Date.now();
    const first = await runClang(context, unit, level);
    const again = !first.failed && level !== unoptimised && (await hasHandlers(unit.object))
        ? await runClang(context, unit, unoptimised)
        : undefined;
    const last = again ?? first;
    const commands = [first.command, ...(again === undefined ? [] : [again.command])];
    if (!last.failed && !(await changedSince(last.inputs, started_ms))) {
        const { diagnostics, inputs } = last;
        await writeRecord(record, { key, inputs, output: unit.object, diagnostics }, hashes);
    }
    return { unit, diagnostics: last.diagnostics, commands, failed: last.failed };
}
async function runClang(context, unit, level) {
    const { input, parts, flags, run, signal } = context;
    const dependencies = `${unit.object}.d`;
    const beside = `${unit.object}.tmp`;
    const output = ['-MD', '-MF', dependencies, '-MT', 'object', '-c', unit.source, '-o', beside];
    const args = [...flags, level, ...output];
    const result = await run(parts.clang.path, args, { cwd: input.folder, signal });
    if (result.kind === 'not-found' || result.kind === 'timed-out')
        throw vanished(parts.clang.path);
    const diagnostics = parseClang(result.stderr, input.folder);
    const failed = result.kind !== 'exited' || result.code !== 0;
    if (failed) {
        await rm(beside, { force: true });
        const told = diagnostics.some(({ severity }) => severity === 'error');
        const crash = { severity: 'error', message: crashMessage(result.stderr) };
        return {
            command: [parts.clang.path, ...args],
            diagnostics: told ? diagnostics : [...diagnostics, { file: unit.source, ...crash }],
            inputs: [],
            failed,
        };
    }
    await rename(beside, unit.object);
    const listed = parseDependencies(await readFile(dependencies, 'utf8'));
    const inputs = listed.map((file) => resolve(input.folder, file));
    return { command: [parts.clang.path, ...args], diagnostics, inputs, failed };
}
const crashMessage = (stderr) => `the compiler ended abnormally: ${stderr.trim().split('\n').at(-1) ?? ''}`;
// A file that was saved while the compiler ran may have been read before: its hash would vouch for
// an object that was made from older text.
async function changedSince(files, started_ms) {
    const times_ms = await Promise.all(files.map(async (file) => (await stat(file)).mtimeMs));
    return times_ms.some((time_ms) => time_ms + clockGrain_ms >= started_ms);
}
/** File times come from the kernel's coarse clock, which lags by up to one tick. */
const clockGrain_ms = 10;
/** Whether the unit has a __try: its tables then name the handler. */
async function hasHandlers(object) {
    return (await readFile(object)).includes('__C_specific_handler');
}
async function requireSource(path, name) {
    const found = await stat(path).then((stats) => stats.isFile(), () => false);
    if (found)
        return;
    throw new LabError('sample.source-missing', {
        problem: `The source file ${name} does not exist (${path}).`,
        remedy: 'Write it, or take it out of "sources" in fltlab.json.',
    });
}
function vanished(program) {
    return new LabError('build.toolchain-missing', {
        problem: `${program} was there a moment ago and cannot be started now.`,
        remedy: 'Reinstall the package clang-19.',
    });
}
/** All units failed to compile, told at once. */
export function compileFailed(units) {
    const diagnostics = units.flatMap((unit) => unit.diagnostics);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    const first = errors[0];
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    return new LabError('build.compile-failed', {
        problem: `The compiler for Windows rejects the source: ${first === undefined ? 'no reason given' : formatDiagnostic(first)}${more}.`,
        remedy: 'Mend the source; the detail lists all diagnostics.',
        detail: diagnostics.map(formatDiagnostic).join('\n'),
    });
}
