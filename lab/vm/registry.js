// The virtual machines that have been added: one folder each in the data folder, with a versioned
// vm.json. The machine itself belongs to its hypervisor; forgetting one here deletes nothing there.
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../../contract/errors/labError.ts';
import { parseOrThrow } from '../../contract/versioned.ts';
import { vmFormat, VmName } from '../../contract/vm.ts';
import { isMissing, readTextIfThere, writeFileAtomic } from '../data/atomicFile.ts';
const vmFolder = (dataFolder, name) => path.join(dataFolder, 'vms', name);
const vmFile = (dataFolder, name) => path.join(vmFolder(dataFolder, name), 'vm.json');
/** Sorted by name. */
export async function listVms(dataFolder) {
    const names = await readdir(path.join(dataFolder, 'vms')).catch((error) => {
        if (isMissing(error))
            return [];
        throw error;
    });
    const found = [];
    for (const name of names.sort()) {
        const description = await readVm(dataFolder, name);
        if (description !== undefined)
            found.push(description);
    }
    return found;
}
/** Errors: `vm.not-found`, naming the machines that there are; `file.*` for a damaged file. */
export async function getVm(dataFolder, name) {
    const found = VmName.safeParse(name).success ? await readVm(dataFolder, name) : undefined;
    if (found !== undefined)
        return found;
    const known = (await listVms(dataFolder)).map((vm) => vm.name);
    throw new LabError('vm.not-found', {
        problem: `There is no virtual machine "${name}"; known: ${known.join(', ') || 'none'}.`,
        remedy: 'Use one of these names, or add one with `fltlab vm add`.',
    });
}
/** Errors: `vm.exists`, `file.invalid`. */
export async function addVm(dataFolder, document, where) {
    const description = parseOrThrow(vmFormat, document, where);
    if ((await readVm(dataFolder, description.name)) !== undefined) {
        throw new LabError('vm.exists', {
            problem: `There is a virtual machine "${description.name}" already.`,
            remedy: 'Choose another name, or forget it first with `fltlab vm forget`.',
        });
    }
    await mkdir(vmFolder(dataFolder, description.name), { recursive: true, mode: 0o700 });
    await writeFileAtomic(vmFile(dataFolder, description.name), `${JSON.stringify(description, null, 2)}\n`);
    return description;
}
/** Takes the description away, and with it logs and overlays of the lab. */
export async function forgetVm(dataFolder, name) {
    await rm(vmFile(dataFolder, name), { force: true });
    await rm(vmFolder(dataFolder, name), { recursive: true, force: true });
}
async function readVm(dataFolder, name) {
    const file = vmFile(dataFolder, name);
    const text = await readTextIfThere(file);
    if (text === undefined)
        return undefined;
    return parseOrThrow(vmFormat, parseJson(text, file), file);
}
function parseJson(text, file) {
    try {
        return JSON.parse(text);
    }
    catch (cause) {
        throw new LabError('file.invalid', {
            problem: `${file} is not JSON: ${cause.message}.`,
            remedy: 'Mend it, or remove the folder it is in and add the machine again.',
            cause,
        });
    }
}
