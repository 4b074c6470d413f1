// fltlab crashes: what machines died of under runs, each kind once, and what is kept of one of them.
import { join } from 'node:path';
import type { Command } from 'commander';
import { openDataFolder } from '../../lab/data/dataFolder.ts';
import { crashesFolder, readCrash } from '../../lab/crash/store.ts';
import { History } from '../../lab/history/history.ts';
import { action, jsonOption, type Context } from '../action.ts';
import { ExitCode } from '../exitCodes.ts';
import { paint, type Terminal } from '../terminal.ts';

export function addCrashes(program: Command): void {
  program
    .command('crashes')
    .description('what machines died of under runs: each kind once, with how often it was seen')
    .argument('[id]', 'one of them: whose it is and why, its stack, and where the dump is')
    .addOption(jsonOption())
    .addHelpText('after', '\nExamples:\n  fltlab crashes\n  fltlab crashes 20261121-101500-mine')
    .action(action(crashes));
}

async function crashes({ terminal }: Context, id: string | undefined): Promise<ExitCode> {
  const dataFolder = await openDataFolder();
  return id === undefined ? list(terminal, dataFolder) : show(terminal, dataFolder, id);
}

async function list(terminal: Terminal, dataFolder: string): Promise<ExitCode> {
  const history = await History.open(dataFolder);
  try {
    await history.refresh();
    const known = history.crashes();
    terminal.object({ crashes: known });
    if (known.length === 0) terminal.line('No machine has died under a run yet.');
    for (const one of known) {
      terminal.line(`${String(one.count).padStart(4)} × ${one.title}`);
      terminal.line(
        paint(
          'dim',
          `       ${one.whose.join(', ')}; ${one.samples.join(', ')}; last ${one.latest}`,
        ),
      );
    }
    return ExitCode.agrees;
  } finally {
    history.close();
  }
}

async function show(terminal: Terminal, dataFolder: string, id: string): Promise<ExitCode> {
  const crash = await readCrash(dataFolder, id);
  const folder = join(crashesFolder(dataFolder), id);
  terminal.object({ ...crash, folder });
  terminal.line(paint('bold', crash.title));
  terminal.line(`${crash.whose}: ${crash.because}`);
  const { bugcheck } = crash;
  if (bugcheck !== null) {
    terminal.line(`${bugcheck.name} (${bugcheck.parameters.join(', ')})`);
    for (const frame of bugcheck.stack) terminal.line(`  ${frame}`);
  }
  const where = `${crash.target}${crash.machine === null ? '' : ` (machine ${crash.machine})`}`;
  terminal.line(`${crash.at} on ${where}, ${crash.sample} ${crash.variant}, in "${crash.stage}"`);
  if (crash.run !== null) terminal.line(`run: ${crash.run}`);
  for (const file of crash.files) terminal.line(`  ${join(folder, file)}`);
  for (const one of crash.missing) terminal.line(paint('dim', `  not collected: ${one}`));
  return ExitCode.agrees;
}
