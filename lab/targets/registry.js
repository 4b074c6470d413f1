// The targets that the user has added: one folder each in the data folder, with a versioned
// target.json that is written last, so that a target is either whole or not there.
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../../contract/errors/labError.ts';
import { targetFormat, TargetName, } from '../../contract/target.ts';
import { parseOrThrow } from '../../contract/versioned.ts';
import { isMissing, readTextIfThere, writeFileAtomic } from '../data/atomicFile.ts';
export const targetFolder = (dataFolder, name) => path.join(dataFolder, 'targets', name);
/** Sorted by name. */
export async function listTargets(dataFolder) {
    const found = [];
    for (const name of (await namesIn(dataFolder)).sort()) {
        const description = await readTarget(dataFolder, name);
        if (description !== undefined)
            found.push(description);
    }
    return found;
}
/** Errors: `target.not-found`, naming the targets that there are; `file.*` for a damaged file. */
export async function getTarget(dataFolder, name) {
    const found = TargetName.safeParse(name).success ? await readTarget(dataFolder, name) : undefined;
    if (found !== undefined)
        return found;
    const known = (await listTargets(dataFolder)).map((target) => target.name);
    throw new LabError('target.not-found', {
        problem: `There is no target "${name}"; known: ${known.join(', ') || 'none'}.`,
        remedy: known.length > 0
            ? 'Use one of these names, or add a target with `fltlab target add`.'
            : 'Add one with `fltlab target add wine`.',
    });
}
/** Replaces an earlier description of that name. */
export async function saveTarget(dataFolder, description) {
    const folder = targetFolder(dataFolder, description.name);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFileAtomic(descriptionFile(folder), `${JSON.stringify(description, null, 2)}\n`);
}
/** Errors: `target.exists`, `usage.bad-argument`. */
export async function addTarget(dataFolder, description) {
    checkTargetName(description.name);
    if ((await readTarget(dataFolder, description.name)) !== undefined) {
        throw targetExists(description.name);
    }
    await saveTarget(dataFolder, description);
}
/** Takes the description away first: from then on the target is gone, whatever follows. */
export async function forgetTarget(dataFolder, name) {
    const folder = targetFolder(dataFolder, name);
    await rm(descriptionFile(folder), { force: true });
    await rm(folder, { recursive: true, force: true });
}
export function checkTargetName(name) {
    const result = TargetName.safeParse(name);
    if (result.success)
        return;
    throw new LabError('usage.bad-argument', {
        problem: `"${name}" cannot be the name of a target.`,
        remedy: 'Use up to 40 letters, digits, dots, dashes and underscores, a letter or digit first.',
    });
}
/** The machine behind a target, or an error that says that there is none. */
export function machineOf(target) {
    if (target.kind !== 'recorded')
        return target;
    throw new LabError('target.not-a-machine', {
        problem: `"${target.name}" is a recorded run; there is no machine to work on.`,
        remedy: 'Compare with it, or choose a target that is a machine.',
    });
}
export const targetExists = (name) => new LabError('target.exists', {
    problem: `There is a target "${name}" already.`,
    remedy: 'Choose another name, or remove it first with `fltlab target remove`.',
});
export async function readTarget(dataFolder, name) {
    const file = descriptionFile(targetFolder(dataFolder, name));
    const text = await readTextIfThere(file);
    if (text === undefined)
        return undefined;
    return parseOrThrow(targetFormat, parseJson(text, file), file);
}
const descriptionFile = (folder) => path.join(folder, 'target.json');
async function namesIn(dataFolder) {
    try {
        return await readdir(path.join(dataFolder, 'targets'));
    }
    catch (error) {
        if (isMissing(error))
            return [];
        throw error;
    }
}
function parseJson(text, file) {
    try {
        return JSON.parse(text);
    }
    catch (cause) {
        throw new LabError('file.invalid', {
            problem: `${file} is not JSON: ${cause.message}.`,
            remedy: 'Remove the folder it is in, and add the target again.',
            cause,
        });
    }
}
