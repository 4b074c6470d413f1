import { openDataFolder } from '../../data/dataFolder.ts';
import { workloadName } from '../../samples/samples.ts';
import { readFiles, saveFile, watchFiles } from '../../workspace/files.ts';
import { proposeManifest } from '../../workspace/propose.ts';
import { acceptProposal, copySample, listWorkspace, openFolder, trustFolder, workspaceSample, } from '../../workspace/workspace.ts';
import { lab, reported } from '../service.ts';
function summary(sample) {
    const { id, origin, trusted, folder, manifest } = sample;
    const workloads = manifest.workloads.map(workloadName);
    return { id, name: manifest.name, origin, trusted, folder, manifest, workloads };
}
const list = lab.samples.list.handler(async () => {
    const { samples, lost } = await listWorkspace(await openDataFolder());
    const told = lost.map(({ folder, error }) => ({ folder, error: reported(error) }));
    return { samples: samples.map(summary), lost: told };
});
const files = lab.samples.files.handler(async ({ input }) => readFiles(await workspaceSample(await openDataFolder(), input.sample)));
const save = lab.samples.save.handler(async ({ input }) => {
    const sample = await workspaceSample(await openDataFolder(), input.sample);
    return { version: await saveFile(sample, input) };
});
const copy = lab.samples.copy.handler(async ({ input }) => {
    const folder = await openDataFolder();
    return summary(await copySample(folder, await workspaceSample(folder, input.sample), input.name));
});
const open = lab.samples.openFolder.handler(async ({ input }) => {
    const sample = await openFolder(await openDataFolder(), input.folder);
    if (sample !== undefined)
        return { kind: 'sample', sample: summary(sample) };
    const { folder, manifest, because } = await proposeManifest(input.folder);
    return { kind: 'proposal', proposal: { folder, manifest, because: [...because] } };
});
const accept = lab.samples.accept.handler(async ({ input }) => summary(await acceptProposal(await openDataFolder(), input.folder, input.manifest)));
const trust = lab.samples.trust.handler(async ({ input }) => summary(await trustFolder(await openDataFolder(), input.sample)));
const watch = lab.samples.watch.handler(async function* ({ input, signal }) {
    const sample = await workspaceSample(await openDataFolder(), input.sample);
    const ending = signal ?? new AbortController().signal;
    for await (const changed of watchFiles(sample, ending))
        yield { changed };
});
export const samplesRoutes = { list, files, save, copy, openFolder: open, accept, trust, watch };
