// fltlab target: the machines that drivers run on.
import type { Command } from 'commander';
import type { TargetFacts } from '../../contract/target.ts';
import { openDataFolder } from '../../lab/data/dataFolder.ts';
import { agentFiles } from '../../lab/run/agentFiles.ts';
import {
  addWineTarget,
  connectTarget,
  listTargets,
  removeTarget,
  stopTarget,
  type OnTargetProgress,
} from '../../lab/targets/index.ts';
import { action, badArgument, jsonOption, type Context } from '../action.ts';
import { ExitCode } from '../exitCodes.ts';
import type { Terminal } from '../terminal.ts';

export function addTarget(program: Command): void {
  const target = program
    .command('target')
    .description('machines that drivers run on')
    .addHelpText('after', '\nExamples:\n  fltlab target add wine\n  fltlab target facts wine');
  const sub = (name: string, description: string, example: string): Command =>
    target
      .command(name)
      .description(description)
      .addOption(jsonOption())
      .addHelpText('after', `\nExample:\n  fltlab target ${example}`);
  sub('add', 'prepare a target; safe to repeat', 'add wine')
    .argument('<kind>', 'wine')
    .option('--name <name>', 'what to call it', 'wine')
    .action(action(add));
  sub('list', 'targets that have been added', 'list').action(action(list));
  sub('facts', 'connect to a target and say what it is and what it can show', 'facts wine')
    .argument('<name>')
    .action(action(facts));
  sub('stop', 'stop the server and everything that runs in a target of this machine', 'stop wine')
    .argument('<name>')
    .action(action(stop));
  sub('remove', 'stop a target and delete what was prepared for it', 'remove wine')
    .argument('<name>')
    .action(action(remove));
}

const showing =
  (terminal: Terminal): OnTargetProgress =>
  ({ step, done, total }) => {
    const share = done === undefined || !total ? '' : `${Math.floor((100 * done) / total)} %`;
    terminal.progress(step, share);
  };

async function add(
  { terminal, signal }: Context,
  kind: string,
  options: { readonly name: string },
): Promise<ExitCode> {
  if (kind !== 'wine') {
    throw badArgument(`There is no kind of target "${kind}".`, 'Add the kind that there is: wine.');
  }
  const dataFolder = await openDataFolder();
  const added = await addWineTarget({
    dataFolder,
    name: options.name,
    signal,
    progress: showing(terminal),
    agent: await agentFiles(dataFolder, signal),
  });
  terminal.object(added);
  printFacts(terminal, added.facts);
  terminal.line(`Try: fltlab run dirnotify --target ${added.description.name}`);
  return ExitCode.agrees;
}

async function list({ terminal }: Context): Promise<ExitCode> {
  const targets = await listTargets(await openDataFolder());
  terminal.object({ targets });
  if (targets.length === 0)
    terminal.line('No target has been added. Add one: fltlab target add wine');
  for (const { name, kind } of targets) terminal.line(`${name}  ${kind}`);
  return ExitCode.agrees;
}

async function facts({ terminal, signal }: Context, name: string): Promise<ExitCode> {
  const dataFolder = await openDataFolder();
  const target = await connectTarget(name, { dataFolder, signal, progress: showing(terminal) });
  try {
    terminal.object(target.facts);
    printFacts(terminal, target.facts);
  } finally {
    await target.close();
  }
  return ExitCode.agrees;
}

async function stop({ terminal, signal }: Context, name: string): Promise<ExitCode> {
  const stopped = await stopTarget(name, { dataFolder: await openDataFolder(), signal });
  terminal.object({ name, stopped });
  terminal.line(stopped ? `${name} is stopped.` : `${name} is not ours to stop.`);
  return ExitCode.agrees;
}

async function remove({ terminal, signal }: Context, name: string): Promise<ExitCode> {
  await removeTarget(name, { dataFolder: await openDataFolder(), signal });
  terminal.object({ name, removed: true });
  terminal.line(`${name} is removed.`);
  return ExitCode.agrees;
}

function printFacts(terminal: Terminal, facts: TargetFacts): void {
  const wine = facts.wineVersion === undefined ? '' : `, Wine ${facts.wineVersion}`;
  terminal.line(`${facts.name}: Windows ${facts.windowsVersion}${wine}, ${facts.architecture}`);
  terminal.line(`  compared with the profile ${facts.profile ?? '(none)'}`);
  terminal.line(`  can show: ${facts.has.join(', ')}`);
  for (const { capability, because } of facts.lacks)
    terminal.line(`  not ${capability}: ${because}`);
}
