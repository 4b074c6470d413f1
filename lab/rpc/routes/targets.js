import { openDataFolder } from '../../data/dataFolder.ts';
import { agentFiles } from '../../run/agentFiles.ts';
import { addWineTarget, connectTarget, listTargets, removeTarget } from '../../targets/index.ts';
import { lab } from '../service.ts';
/** As each target was when this lab last spoke to it. */
const lastFacts = new Map();
export function rememberFacts(facts) {
    lastFacts.set(facts.name, facts);
}
function summary(target) {
    const where = target.kind === 'recorded' ? target.recording : `${target.ssh.host}:${target.ssh.port}`;
    return { name: target.name, kind: target.kind, where, facts: lastFacts.get(target.name) ?? null };
}
const list = lab.targets.list.handler(async () => (await listTargets(await openDataFolder())).map(summary));
/** Steps are told one at a time; what is said between two readings is told by its last line. */
const addWine = lab.targets.addWine.handler(async function* ({ input, signal }) {
    const dataFolder = await openDataFolder();
    const steps = [];
    let wake = () => undefined;
    const ending = signal ?? new AbortController().signal;
    const adding = addWineTarget({
        dataFolder,
        name: input.name,
        signal: ending,
        progress: ({ step }) => {
            if (steps.at(-1) !== step)
                steps.push(step);
            wake();
        },
        agent: await agentFiles(dataFolder, ending),
    });
    let ended = false;
    const done = adding.finally(() => {
        ended = true;
        wake();
    });
    done.catch(() => undefined);
    while (!ended || steps.length > 0) {
        const step = steps.shift();
        if (step === undefined)
            await new Promise((resolve) => (wake = resolve));
        else
            yield { kind: 'step', text: step };
    }
    const { description, facts } = await done;
    rememberFacts(facts);
    yield { kind: 'done', target: summary(description) };
});
const facts = lab.targets.facts.handler(async ({ input, signal }) => {
    const target = await connectTarget(input.name, { dataFolder: await openDataFolder(), signal });
    try {
        rememberFacts(target.facts);
        return target.facts;
    }
    finally {
        await target.close();
    }
});
const remove = lab.targets.remove.handler(async ({ input, signal }) => {
    await removeTarget(input.name, { dataFolder: await openDataFolder(), signal });
    lastFacts.delete(input.name);
    return {};
});
export const targetRoutes = { list, addWine, facts, remove };
