// fltlab sample: what samples there are, and a copy of one as the start of your own driver.
import { cp, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { loadSample, sampleNames, workloadName } from '../../lab/samples/samples.ts';
import { action, badArgument, jsonOption, type Context } from '../action.ts';
import { ExitCode } from '../exitCodes.ts';
import { notWritten } from '../writeOutput.ts';

export function addSample(program: Command): void {
  const sample = program
    .command('sample')
    .description('list samples, or copy one as your own driver')
    .addHelpText('after', '\nExample:\n  fltlab sample copy dirnotify my-filter');
  sample
    .command('list')
    .description('samples with their variants and workloads')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  fltlab sample list')
    .action(action(listSamples));
  sample
    .command('copy')
    .description('copy a sample to a folder of your own')
    .argument('<sample>')
    .argument('<folder>', 'must not exist yet')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  fltlab sample copy dirnotify my-filter')
    .action(action(copySample));
}

async function listSamples({ terminal }: Context): Promise<ExitCode> {
  const samples = await Promise.all((await sampleNames()).map(loadSample));
  terminal.object({
    samples: samples.map(({ manifest }) => ({
      name: manifest.name,
      title: manifest.title,
      variants: manifest.variants.map((one) => one.name),
      workloads: manifest.workloads.map(workloadName),
    })),
  });
  for (const { manifest } of samples) {
    terminal.line(`${manifest.name}  ${manifest.title}`);
    for (const variant of manifest.variants) {
      terminal.line(`  ${variant.name.padEnd(20)} ${variant.kind.padEnd(9)} ${variant.title}`);
    }
    terminal.line(`  workloads: ${manifest.workloads.map(workloadName).join(', ')}`);
  }
  return ExitCode.agrees;
}

async function copySample({ terminal }: Context, name: string, folder: string): Promise<ExitCode> {
  const { folder: from } = await loadSample(name);
  const to = resolve(folder);
  if (await stat(to).catch(() => undefined)) {
    throw badArgument(`${to} exists already.`, 'Name a folder that does not exist yet.');
  }
  await cp(from, to, { recursive: true, errorOnExist: true }).catch(
    (error: NodeJS.ErrnoException) => {
      throw notWritten(to, error);
    },
  );
  terminal.object({ copied: name, folder: to });
  terminal.line(`Copied ${name} to ${to}. Try: fltlab simulate ${to}`);
  return ExitCode.agrees;
}
