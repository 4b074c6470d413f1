// fltlab vm: virtual machines, whatever hypervisor they live in.
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { LabError } from '../../contract/errors/labError.ts';
import { SnapshotName, type VmSnapshot } from '../../contract/vm.ts';
import { openDataFolder } from '../../lab/data/dataFolder.ts';
import {
  addVm as addDescription,
  forgetVm,
  getVm,
  listVms,
  openVm,
  type VmCall,
  type VmController,
} from '../../lab/vm/index.ts';
import { action, badArgument, jsonOption, type Context } from '../action.ts';
import { ExitCode } from '../exitCodes.ts';

export function addVm(program: Command): void {
  const vm = program
    .command('vm')
    .description('virtual machines: started, put back, looked at')
    .addHelpText(
      'after',
      '\nExamples:\n  fltlab vm add win11.json\n  fltlab vm revert win11 clean',
    );
  const sub = (name: string, description: string, example: string): Command =>
    vm
      .command(name)
      .description(description)
      .addOption(jsonOption())
      .addHelpText('after', `\nExample:\n  fltlab vm ${example}`);
  sub('add', 'add a machine that a file describes (docs/virtual-machines.md)', 'add win11.json')
    .argument('<file>')
    .action(action(add));
  sub('list', 'machines that have been added', 'list').action(action(list));
  sub('forget', 'forget a machine; the machine itself stays', 'forget win11')
    .argument('<name>')
    .action(action(forget));
  const one = (name: string, description: string, work: Work, example = `${name} win11`): void =>
    void sub(name, description, example)
      .argument('<name>')
      .action(action((context: Context, machine: string) => onVm(context, machine, work)));
  one('facts', 'what its hypervisor is and what it can do', facts);
  one('state', 'whether it is off, running, paused, saved or crashed', state);
  one('start', 'start it, or let it go on', (vm, call) => vm.start(call));
  one('stop', 'ask the guest to shut down, and wait', (vm, call) => vm.shutDown(call));
  one('off', 'pull the plug', (vm, call) => vm.powerOff(call));
  one('nmi', 'make a hung guest write a dump', (vm, call) => vm.nmi(call));
  one('snapshots', 'its snapshots', snapshots);
  const withSnapshot = (name: string, description: string, work: SnapshotWork): void =>
    void sub(name, description, `${name} win11 clean`)
      .argument('<name>')
      .argument('<snapshot>')
      .action(
        action((context: Context, machine: string, snapshot: string) =>
          onVm(context, machine, (vm, call) => work(vm, checked(snapshot), call)),
        ),
      );
  withSnapshot('snapshot', 'make a snapshot', (vm, name, call) => vm.createSnapshot(name, call));
  withSnapshot('revert', 'put it back and let it run', (vm, name, call) => vm.revert(name, call));
  withSnapshot('drop', 'delete a snapshot', (vm, name, call) => vm.deleteSnapshot(name, call));
}

type Work = (vm: VmController, call: VmCall, context: Context) => Promise<void>;
type SnapshotWork = (vm: VmController, snapshot: string, call: VmCall) => Promise<void>;

async function onVm(context: Context, name: string, work: Work): Promise<ExitCode> {
  const { terminal, signal } = context;
  const opened = await openVm(name, { dataFolder: await openDataFolder(), signal });
  try {
    const call = { signal, progress: (text: string) => terminal.progress(text) };
    const started_ms = performance.now();
    await work(opened.vm, call, context);
    const now = await opened.vm.state(call);
    terminal.object({ name, state: now });
    const took_s = ((performance.now() - started_ms) / 1_000).toFixed(1);
    terminal.line(`${name} is ${now} (${took_s} s).`);
  } finally {
    await opened.close();
  }
  return ExitCode.agrees;
}

async function facts(vm: VmController, call: VmCall, { terminal }: Context): Promise<void> {
  const { kind, version, abilities, lacks } = vm.hypervisor;
  const address = vm.can('address') ? await vm.address(call) : undefined;
  terminal.object({ name: vm.name, kind, version, abilities, lacks, address: address ?? null });
  terminal.line(`${vm.name}: ${kind} ${version}`);
  terminal.line(`  can: ${abilities.join(', ')}`);
  for (const { ability, because } of lacks) terminal.line(`  not ${ability}: ${because}`);
  if (address !== undefined) terminal.line(`  answers at ${address.host}:${address.port}`);
}

const state: Work = () => Promise.resolve();

async function snapshots(vm: VmController, call: VmCall, { terminal }: Context): Promise<void> {
  const found = await vm.snapshots(call);
  terminal.object({ name: vm.name, snapshots: found });
  if (found.length === 0) terminal.line(`Make one: fltlab vm snapshot ${vm.name} clean`);
  for (const one of found) terminal.line(snapshotLine(one));
}

function snapshotLine({ name, made_s, live, current }: VmSnapshot): string {
  const made = made_s === null ? '' : `  ${new Date(made_s * 1_000).toISOString()}`;
  const memory = live === null ? '' : live ? '  with memory' : '  disks only';
  return `${current ? '*' : ' '} ${name}${made}${memory}`;
}

async function add({ terminal }: Context, file: string): Promise<ExitCode> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new LabError('file.unreadable', {
      problem: `${file} cannot be read: ${cause.code ?? cause.message}.`,
      remedy: 'Name a file that describes a machine; docs/virtual-machines.md has examples.',
      cause,
    });
  });
  const added = await addDescription(await openDataFolder(), parse(text, file), file);
  terminal.object(added);
  terminal.line(`${added.name} is added. Try: fltlab vm facts ${added.name}`);
  return ExitCode.agrees;
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LabError('file.invalid', {
      problem: `${file} is not JSON: ${(cause as Error).message}.`,
      remedy: 'Mend it; docs/virtual-machines.md has examples.',
      cause,
    });
  }
}

async function list({ terminal }: Context): Promise<ExitCode> {
  const machines = await listVms(await openDataFolder());
  terminal.object({ machines });
  if (machines.length === 0) terminal.line('None has been added. Add one: fltlab vm add FILE');
  for (const { name, kind } of machines) terminal.line(`${name}  ${kind}`);
  return ExitCode.agrees;
}

async function forget({ terminal }: Context, name: string): Promise<ExitCode> {
  const dataFolder = await openDataFolder();
  await getVm(dataFolder, name);
  await forgetVm(dataFolder, name);
  terminal.object({ name, forgotten: true });
  terminal.line(`${name} is forgotten; the machine itself was not touched.`);
  return ExitCode.agrees;
}

function checked(snapshot: string): string {
  const parsed = SnapshotName.safeParse(snapshot);
  if (parsed.success) return parsed.data;
  throw badArgument(
    `"${snapshot}" cannot be the name of a snapshot.`,
    'Use up to 64 letters, digits, dots, dashes and underscores, a letter or digit first.',
  );
}
