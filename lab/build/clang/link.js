// Objects and import libraries to one .sys, unless the record says that nothing has changed.
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { LabError } from '../../../contract/errors/labError.ts';
import { writeFileAtomic } from '../../data/atomicFile.ts';
import { formatDiagnostic, parseLld } from '../diagnostics.ts';
import { definitionFile, exportsText, kernelModules, parseExports, } from '../exports.ts';
import { recordThatHolds, sha256, writeRecord } from '../record.ts';
import { linkCommand, linkFlags } from './flags.ts';
/** Import libraries of the kernel's modules, made from exports/*.txt once in `folder`. */
export async function importLibraries(context, folder) {
    const modules = Object.keys(kernelModules);
    const made = await Promise.all(modules.map((module) => importLibrary(context, folder, module)));
    return {
        libraries: made.map(({ library }) => library),
        commands: made.flatMap(({ command }) => (command === undefined ? [] : [command])),
    };
}
async function importLibrary({ parts, hashes, run, signal }, folder, module) {
    const definition = definitionFile(module, parseExports(exportsText(module)));
    const library = join(folder, `${module}.lib`);
    const record = `${library}.json`;
    const key = sha256(JSON.stringify([parts.lld.version, module, definition]));
    if ((await recordThatHolds(record, key, library, hashes)) !== undefined)
        return { library };
    await mkdir(folder, { recursive: true });
    const definitionPath = `${library}.def`;
    await writeFileAtomic(definitionPath, definition);
    const args = ['/lib', '/nologo', '/machine:x64', `/def:${definitionPath}`, `/out:${library}`];
    const result = await run(parts.lld.path, args, { signal });
    if (result.kind !== 'exited' || result.code !== 0) {
        throw new LabError('build.link-failed', {
            problem: `The import library of ${module} could not be made.`,
            remedy: 'Look at the detail; another version of the package lld-19 may help.',
            detail: result.kind === 'not-found' ? parts.lld.path : result.stdout + result.stderr,
        });
    }
    await writeRecord(record, { key, inputs: [], output: library, diagnostics: [] }, hashes);
    return { library, command: [parts.lld.path, ...args] };
}
export async function linkDriver(context, objects, libraries, sourceOf) {
    const { input, parts, hashes, run, signal } = context;
    const sys = join(input.outFolder, `${input.name}.sys`);
    const pdb = join(input.outFolder, `${input.name}.pdb`);
    const record = join(input.outFolder, 'obj', `${input.name}.sys.json`);
    const key = sha256(JSON.stringify([parts.lld.version, linkFlags(input), objects.map(nameOf)]));
    const held = await recordThatHolds(record, key, sys, hashes);
    if (held !== undefined && (await hashes.of(pdb)) !== undefined) {
        return { sys, pdb, sha256: held.output, diagnostics: held.diagnostics, commands: [] };
    }
    await rm(record, { force: true });
    const beside = { sys: `${sys}.tmp`, pdb: `${pdb}.tmp` };
    // The .pdb names what it was made from: as seen from the output folder, which is the same anywhere.
    const seen = (file) => relative(input.outFolder, file);
    const files = { objects: objects.map(seen), libraries: libraries.map(seen) };
    const args = linkCommand(input, { ...files, sys: seen(beside.sys), pdb: seen(beside.pdb) });
    const result = await run(parts.lld.path, args, { cwd: input.outFolder, signal });
    const output = result.kind === 'not-found' ? '' : result.stdout + result.stderr;
    const diagnostics = parseLld(output, sourceOf);
    if (result.kind !== 'exited' || result.code !== 0) {
        await Promise.all(Object.values(beside).map((file) => rm(file, { force: true })));
        throw linkFailed(input.name, diagnostics, output);
    }
    await rename(beside.pdb, pdb);
    await rename(beside.sys, sys);
    const inputs = [...objects, ...libraries];
    await writeRecord(record, { key, inputs, output: sys, diagnostics }, hashes);
    const hash = (await hashes.of(sys)) ?? '';
    return { sys, pdb, sha256: hash, diagnostics, commands: [[parts.lld.path, ...args]] };
}
const nameOf = (path) => basename(path);
function linkFailed(name, diagnostics, output) {
    const undefinedSymbols = diagnostics
        .filter(({ flag }) => flag === 'undefined-symbol')
        .map(({ message }) => message);
    const detail = diagnostics.map(formatDiagnostic).join('\n') || output;
    if (undefinedSymbols.includes('DriverEntry')) {
        return new LabError('build.link-failed', {
            problem: `${name} has no DriverEntry.`,
            remedy: 'Define NTSTATUS DriverEntry(PDRIVER_OBJECT, PUNICODE_STRING) in one of "sources".',
            detail,
        });
    }
    if (undefinedSymbols.length > 0) {
        return new LabError('build.link-failed', {
            problem: `${name} uses what nobody defines or exports: ${undefinedSymbols.join(', ')}.`,
            remedy: 'Add the missing source file. A routine of the kernel that lab/build/exports lacks can be ' +
                'resolved at run time with MmGetSystemRoutineAddress or FltGetRoutineAddress.',
            detail,
        });
    }
    return new LabError('build.link-failed', {
        problem: `${name} does not link: ${diagnostics[0]?.message ?? 'the linker gave no reason'}.`,
        remedy: 'Look at the detail: it is what the linker printed.',
        detail,
    });
}
