// What can be known about a .sys before the machine tries to load it: its processor, its subsystem,
// and whether every routine it imports is exported there. The exports are read from the machine's own
// files, once for each version of Windows.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../../contract/errors/labError.ts';
import { IMAGE_FILE_MACHINE_AMD64, IMAGE_SUBSYSTEM_NATIVE, parsePe } from '../build/pe.ts';
import { readTextIfThere, writeFileAtomic } from '../data/atomicFile.ts';
import { targetFolder } from '../targets/registry.ts';
import { objectionToName, windowsPath } from '../targets/windowsPath.ts';
const machines = { AMD64: IMAGE_FILE_MACHINE_AMD64 };
/**
 * Returns what the machine lacks. On Windows a lack is an error, for such a driver cannot load. Wine
 * is only warned of: it loads a driver with missing imports, and stops it when it calls one.
 * Errors: `build.not-a-pe`, `deploy.preflight-failed`.
 */
export async function preflight(target, image, name, signal) {
    const pe = parsePe(image, name);
    if (pe.machine !== machines[target.facts.architecture]) {
        throw unfit(`${name} is for another processor (0x${pe.machine.toString(16)}) than "${target.description.name}" has (${target.facts.architecture})`, 'Build it for the processor of the target.');
    }
    if (pe.subsystem !== IMAGE_SUBSYSTEM_NATIVE) {
        throw unfit(`${name} is not a driver: its subsystem is ${pe.subsystem}, not 1 (native)`, 'Link it with /subsystem:native and /driver.');
    }
    const missing = [];
    for (const { dll, names } of pe.imports) {
        const exported = await exportsOf(target, dll, signal);
        if (exported === undefined)
            missing.push({ module: dll, routine: null });
        else {
            for (const routine of names) {
                if (!exported.has(routine))
                    missing.push({ module: dll, routine });
            }
        }
    }
    if (missing.length > 0 && target.description.kind === 'windows') {
        throw unfit(`${name} needs what "${target.description.name}" (Windows ${target.facts.windowsVersion}) does not have: ${describeMissing(missing)}`, 'Find newer routines with FltGetRoutineAddress or MmGetSystemRoutineAddress at run time.');
    }
    return missing;
}
export const describeMissing = (missing) => missing
    .map(({ module, routine }) => (routine === null ? module : `${module}!${routine}`))
    .join(', ');
const unfit = (problem, remedy) => new LabError('deploy.preflight-failed', { problem: `${problem}.`, remedy });
/** Undefined when the machine has no such module. */
async function exportsOf(target, module, signal) {
    // The name comes out of the image, which may be anything.
    if (objectionToName(module) !== undefined)
        return undefined;
    const cached = cacheFile(target, module);
    const known = await readTextIfThere(cached);
    if (known !== undefined)
        return new Set(known.split('\n'));
    const bytes = await target.files.readIfThere(moduleOnTarget(module), { signal });
    if (bytes === undefined)
        return undefined;
    const names = parsePe(bytes, module).exports;
    await mkdir(path.dirname(cached), { recursive: true, mode: 0o700 });
    await writeFileAtomic(cached, names.join('\n'));
    return new Set(names);
}
function cacheFile({ dataFolder, description, facts }, module) {
    const version = [facts.windowsVersion, facts.wineVersion].filter(Boolean).join('-wine-');
    return path.join(targetFolder(dataFolder, description.name), 'exports', version, `${module.toLowerCase()}.txt`);
}
/** Drivers are in a folder of their own; the kernel and its libraries are beside it. */
const moduleOnTarget = (module) => windowsPath(`C:\\Windows\\System32\\${/\.sys$/i.test(module) ? `drivers\\${module}` : module}`);
