import type { TargetSummary } from '../../../contract/rpc.ts';
import type { TargetDescription, TargetFacts } from '../../../contract/target.ts';
import { openDataFolder } from '../../data/dataFolder.ts';
import { agentFiles } from '../../run/agentFiles.ts';
import { addWineTarget, connectTarget, listTargets, removeTarget } from '../../targets/index.ts';
import { lab } from '../service.ts';
import { toldInSteps } from '../steps.ts';

/** As each target was when this lab last spoke to it. */
const lastFacts = new Map<string, TargetFacts>();

export function rememberFacts(facts: TargetFacts): void {
  lastFacts.set(facts.name, facts);
}

function summary(target: TargetDescription): TargetSummary {
  const where =
    target.kind === 'recorded' ? target.recording : `${target.ssh.host}:${target.ssh.port}`;
  return { name: target.name, kind: target.kind, where, facts: lastFacts.get(target.name) ?? null };
}

const list = lab.targets.list.handler(async () =>
  (await listTargets(await openDataFolder())).map(summary),
);

const addWine = lab.targets.addWine.handler(async function* ({ input, signal }) {
  const dataFolder = await openDataFolder();
  const ending = signal ?? new AbortController().signal;
  const agent = await agentFiles(dataFolder, ending);
  const adding = toldInSteps((tell) =>
    addWineTarget({
      dataFolder,
      name: input.name,
      signal: ending,
      progress: ({ step }) => tell(step),
      agent,
    }),
  );
  for await (const told of adding) {
    if (told.kind === 'done') {
      const { description, facts: shown } = told.value;
      rememberFacts(shown);
      yield { kind: 'done' as const, target: summary(description) };
    } else yield told;
  }
});

const facts = lab.targets.facts.handler(async ({ input, signal }) => {
  const target = await connectTarget(input.name, { dataFolder: await openDataFolder(), signal });
  try {
    rememberFacts(target.facts);
    return target.facts;
  } finally {
    await target.close();
  }
});

const remove = lab.targets.remove.handler(async ({ input, signal }) => {
  await removeTarget(input.name, { dataFolder: await openDataFolder(), signal });
  lastFacts.delete(input.name);
  return {};
});

export const targetRoutes = { list, addWine, facts, remove };
