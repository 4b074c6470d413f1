// fltlab build: a signed .sys for Windows.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { buildForWindows } from '../../lab/build/index.ts';
import { openDataFolder } from '../../lab/data/dataFolder.ts';
import { loadSample, pickVariant } from '../../lab/samples/samples.ts';
import { signDriver } from '../../lab/sign/index.ts';
import { action, badArgument, jsonOption, type Context } from '../action.ts';
import { ExitCode } from '../exitCodes.ts';
import { copyOutput } from '../writeOutput.ts';

interface BuildOptions {
  readonly variant?: string;
  readonly configuration: string;
  readonly out?: string;
}

export function addBuild(program: Command): void {
  program
    .command('build')
    .description('build a driver for x64 Windows and sign it with the test certificate of the lab')
    .argument('<sample>', 'name of a sample, or a folder with a fltlab.json')
    .option('--variant <name>', "variant of the sample (the manifest's first)")
    .option('--configuration <name>', 'debug or release', 'debug')
    .option('--out <file>', 'copy the signed .sys there')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  fltlab build dirnotify --out dirnotify.sys')
    .action(action(build));
}

async function build(
  { terminal, signal }: Context,
  name: string,
  options: BuildOptions,
): Promise<ExitCode> {
  const { configuration } = options;
  if (configuration !== 'debug' && configuration !== 'release') {
    throw badArgument(`There is no configuration "${configuration}".`, 'Choose debug or release.');
  }
  const sample = await loadSample(name);
  const variant = pickVariant(sample, options.variant);
  const dataFolder = await openDataFolder();
  const progress = (text: string): void => terminal.progress(text);
  const built = await buildForWindows({
    sample,
    variant,
    configuration,
    dataFolder,
    signal,
    progress,
  });
  const signed = await signDriver({ sysPath: built.sysPath, dataFolder, signal, progress });
  if (options.out !== undefined) await copyOutput(signed.sysPath, options.out);
  const file = options.out === undefined ? signed.sysPath : resolve(options.out);
  const { subject, thumbprint } = signed.certificate;
  terminal.object({
    sys: file,
    sha256: signed.sha256,
    cached: built.cached && signed.cached,
    certificate: { subject, thumbprint },
    diagnostics: built.diagnostics,
  });
  for (const one of built.diagnostics) {
    terminal.line(`${one.file}:${one.line}:${one.column}: ${one.severity}: ${one.message}`);
  }
  terminal.line(`${file}${built.cached && signed.cached ? ' (unchanged)' : ''}`);
  terminal.line(`signed by ${subject}, SHA-256 ${signed.sha256}`);
  return ExitCode.agrees;
}
