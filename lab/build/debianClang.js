// Drivers for Windows built by clang and lld, as Debian packages them, with the headers of
// mingw-w64 and Wine. The first of the toolchains; it runs wherever those four parts are.
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { assert } from '../../contract/assert.ts';
import { assetPath } from '../assets.ts';
import { writeFileIfChanged } from '../data/atomicFile.ts';
import { acquireLock } from '../data/lock.ts';
import { caseInsensitiveView } from './caseInsensitive.ts';
import { compileFailed, compileUnit, objectOf, } from './clang/compile.ts';
import { compileFlags, viewedFolders } from './clang/flags.ts';
import { importLibraries, linkDriver } from './clang/link.ts';
import { requireParts, searchParts, thisMachine } from './clang/parts.ts';
import { FileHashes, sha256 } from './record.ts';
export function debianClang({ libraryFolder, machine = thisMachine, }) {
    return {
        name: 'debian-clang',
        probe: async (signal) => (await searchParts(machine, signal)).probe,
        build: (input, signal, progress) => build(input, { libraryFolder, machine, signal, progress }),
    };
}
async function build(input, context) {
    assert(input.sources.length > 0, 'a driver has at least one source');
    const { machine, signal, progress } = context;
    const parts = await requireParts(machine, signal);
    await mkdir(join(input.outFolder, 'obj'), { recursive: true });
    // Two labs that build the same driver at once would hand each other half-made objects.
    const lock = await acquireLock(join(input.outFolder, 'build.lock'), {
        signal,
        onWait: () => progress(`Another FltLab is building ${input.name}; waiting for it.`),
    });
    try {
        const hashes = new FileHashes();
        const overlay = await writeOverlay(input, viewedFolders(parts));
        const compile = {
            input,
            parts,
            flags: compileFlags(input, parts, overlay.path),
            overlayHash: overlay.hash,
            objectFolder: dirname(overlay.path),
            hashes,
            run: machine.run,
            signal,
        };
        const units = await compileAll(compile, progress);
        if (units.some(({ failed }) => failed))
            throw compileFailed(units);
        const link = { input, parts, hashes, run: machine.run, signal };
        const { libraries, commands } = await importLibraries(link, context.libraryFolder);
        progress(`Linking ${input.name}.sys.`);
        const objects = units.map(({ unit }) => unit.object);
        const sources = new Map(units.map(({ unit }) => [basename(unit.object), unit.source]));
        const linked = await linkDriver(link, objects, libraries, (object) => sources.get(basename(object)));
        return {
            sysPath: linked.sys,
            pdbPath: linked.pdb,
            sha256: linked.sha256,
            diagnostics: [...units.flatMap((unit) => unit.diagnostics), ...linked.diagnostics],
            commands: [...units.flatMap((unit) => unit.commands), ...commands, ...linked.commands],
            cached: linked.commands.length === 0 && units.every((unit) => unit.commands.length === 0),
        };
    }
    finally {
        await lock.release();
    }
}
async function writeOverlay(input, folders) {
    const path = join(input.outFolder, 'obj', 'case-insensitive.json');
    const sources = input.sources.map((source) => dirname(resolve(input.folder, source)));
    const includes = (input.includeFolders ?? []).map((folder) => resolve(input.folder, folder));
    const text = await caseInsensitiveView([...new Set([...sources, ...includes, ...folders])]);
    await writeFileIfChanged(path, text);
    return { path, hash: sha256(text) };
}
/** As many at once as the machine has processors; the results are in the order of the sources. */
async function compileAll(context, progress) {
    const { input, objectFolder } = context;
    const runtime = assetPath('lab/build/runtime/runtime.c');
    const units = [
        ...input.sources.map((source) => ({ source, object: objectOf(objectFolder, source) })),
        { source: runtime, object: join(objectFolder, 'fltlab-runtime.obj') },
    ];
    const done = new Map();
    const waiting = [...units];
    const work = async () => {
        for (let unit = waiting.shift(); unit !== undefined; unit = waiting.shift()) {
            if (unit.source !== runtime)
                progress(`Compiling ${unit.source}.`);
            done.set(unit, await compileUnit(context, unit));
        }
    };
    const workers = Math.min(availableParallelism(), units.length);
    await Promise.all(Array.from({ length: workers }, work));
    return units.map((unit) => {
        const compiled = done.get(unit);
        assert(compiled !== undefined, 'every unit was compiled');
        return compiled;
    });
}
