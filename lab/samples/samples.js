// Samples: folders with a fltlab.json. Those of ours lie in driver-samples/; a user's own driver is any
// folder with the same file.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { LabError } from '../../contract/errors/labError.ts';
import { readWorkload } from '../../contract/expandWorkload.ts';
import { sampleFormat } from '../../contract/sample.ts';
import { parseOrThrow } from '../../contract/versioned.ts';
import { assetPath } from '../assets.ts';
import { readJson, readText } from './readJson.ts';
const MANIFEST = 'fltlab.json';
/** Names of our own samples, in order. */
export async function sampleNames() {
    const folder = assetPath('driver-samples');
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
        .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, MANIFEST)))
        .map((entry) => entry.name)
        .sort();
}
/** A sample of ours by name, or any folder that holds a fltlab.json by path. */
export async function loadSample(nameOrFolder) {
    const folder = await findFolder(nameOrFolder);
    const file = join(folder, MANIFEST);
    const document = await readJson(file, {
        missing: 'sample.not-found',
        invalid: 'sample.manifest-invalid',
    });
    const manifest = parseOrThrow(sampleFormat, document, file, 'sample.manifest-invalid');
    return { folder, manifest };
}
async function findFolder(nameOrFolder) {
    const looksLikePath = isAbsolute(nameOrFolder) || /[\\/]|^\.+$/.test(nameOrFolder);
    if (!looksLikePath) {
        const ours = join(assetPath('driver-samples'), nameOrFolder);
        if (existsSync(join(ours, MANIFEST)))
            return ours;
    }
    const own = resolve(nameOrFolder);
    if (existsSync(join(own, MANIFEST)))
        return own;
    if (basename(own) === MANIFEST && existsSync(own))
        return resolve(own, '..');
    const known = (await sampleNames()).join(', ');
    throw new LabError('sample.not-found', {
        problem: `There is no sample "${nameOrFolder}", and no folder of that name with a ${MANIFEST}.`,
        remedy: `Choose one of: ${known}; or give the path of a folder with a ${MANIFEST}.`,
    });
}
/** The variant of that name; the manifest's first when none is given. */
export function pickVariant(sample, name) {
    const { variants } = sample.manifest;
    const found = name === undefined ? variants[0] : variants.find((one) => one.name === name);
    if (found !== undefined)
        return found;
    throw new LabError('sample.variant-unknown', {
        problem: `${sample.manifest.name} has no variant "${name ?? ''}".`,
        remedy: `Choose one of: ${variants.map((one) => one.name).join(', ')}.`,
    });
}
/** Source and header files of a sample, read from its folder. */
export async function readSources(sample) {
    const read = (path) => readText(join(sample.folder, path), 'sample.source-missing').then((text) => ({ path, text }));
    return {
        sources: await Promise.all(sample.manifest.sources.map(read)),
        headers: await Promise.all(sample.manifest.includes.map(read)),
    };
}
/** Short name of a workload file: "workloads/other-process.json" is "other-process". */
export const workloadName = (file) => basename(file).replace(/(\.workload)?\.json$/, '');
/**
 * A workload of the sample by name, or any workload file by path; the variant's own, or the
 * manifest's first, when none is given.
 */
export async function loadWorkload(sample, variant, nameOrFile) {
    const file = findWorkload(sample, nameOrFile ?? variant.workload);
    const document = await readJson(file, {
        missing: 'workload.not-found',
        invalid: 'workload.invalid',
    });
    return { file, document, expanded: readWorkload(document, file) };
}
function findWorkload(sample, wanted) {
    const { workloads, name } = sample.manifest;
    const named = wanted === undefined
        ? workloads[0]
        : workloads.find((one) => one === wanted || workloadName(one) === wanted);
    if (named !== undefined)
        return join(sample.folder, named);
    const own = resolve(wanted ?? '');
    if (wanted !== undefined && existsSync(own))
        return own;
    throw new LabError('workload.not-found', {
        problem: `${name} has no workload "${wanted ?? ''}", and there is no such file.`,
        remedy: `Choose one of: ${workloads.map(workloadName).join(', ')}; or give the path of a file.`,
    });
}
