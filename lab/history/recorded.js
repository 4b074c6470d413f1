// Runs that come with a sample: folders like those of kept runs, so that there is something to compare
// before a target has been added.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../../contract/errors/labError.ts';
import { findRunFolder, readRun, runFiles } from '../run/store.ts';
import { loadSample } from '../samples/samples.ts';
import { readAnnotations } from './annotations.ts';
import { summarize } from './summary.ts';
const FOLDER = 'recorded';
/** "recorded/dirnotify/wine". */
const ID = /^recorded\/([a-z0-9-]+)\/([a-z0-9-]+)$/;
export async function recordedRuns(sample) {
    const folder = join(sample.folder, FOLDER);
    if (!existsSync(folder))
        return [];
    const names = (await readdir(folder)).sort();
    return Promise.all(names.map(async (name) => {
        const run = await readRun(join(folder, name, runFiles.run));
        const id = `${FOLDER}/${sample.manifest.name}/${name}`;
        return summarize({ ...run, id }, await readAnnotations(join(folder, name)));
    }));
}
/** The folder of a kept run, or of one that came with a sample. Errors: `run.not-found`. */
export async function runFolderOf(dataFolder, id) {
    const recorded = ID.exec(id);
    if (recorded === null)
        return findRunFolder(dataFolder, id);
    const [, sample = '', name = ''] = recorded;
    const folder = join((await loadSample(sample)).folder, FOLDER, name);
    if (existsSync(folder))
        return folder;
    throw new LabError('run.not-found', {
        problem: `No run "${name}" came with ${sample}.`,
        remedy: 'Make one of your own: run it on a target.',
    });
}
