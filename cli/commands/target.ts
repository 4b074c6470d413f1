// fltlab target: the machines that drivers run on.
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import type { TargetFacts } from '../../contract/target.ts';
import { openDataFolder } from '../../lab/data/dataFolder.ts';
import { agentFiles } from '../../lab/run/agentFiles.ts';
import { isKdnetKey } from '../../lab/kd/index.ts';
import {
  lookAt,
  mend,
  takeBack,
  type DebugTransport,
  type ItemReport,
} from '../../lab/provision/index.ts';
import { labCertificate } from '../../lab/sign/index.ts';
import {
  addWindowsTarget,
  addWineTarget,
  connectTarget,
  listTargets,
  removeTarget,
  stopTarget,
  type AddedTarget,
  type OnTargetProgress,
} from '../../lab/targets/index.ts';
import { action, badArgument, jsonOption, wholeNumber, type Context } from '../action.ts';
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
  sub('add', 'prepare a target; safe to repeat', 'add windows --host 10.0.0.5 --user lab')
    .argument('<kind>', 'wine or windows')
    .option('--name <name>', 'what to call it (its kind)')
    .option('--host <address>', 'windows: where its OpenSSH server is')
    .option('--port <number>', 'windows: its port', '22')
    .option('--user <name>', 'windows: an account of the Administrators group')
    .option('--key <file>', 'windows: a private key of yours (one of the lab is made)')
    .option('--agent', 'windows: the keys of your SSH agent')
    .option('--host-key <fingerprint>', 'windows: trust this one without asking: "SHA256:…"')
    .action(action(add));
  sub('provision', 'what a Windows target needs: shown, set, taken back', 'provision win11 --all')
    .argument('<name>')
    .option('--item <id>', 'set this item; may be repeated', collect, [])
    .option('--all', 'set all that is missing')
    .option('--undo', 'put back what was there before (with --item: of these)')
    .option('--driver <name>', 'watch this driver with Driver Verifier and Filter Verifier')
    .option('--debug-net <host:port>', 'kernel debugging by KDNET; key in FLTLAB_KDNET_KEY')
    .option('--debug-serial <number>', 'kernel debugging over this serial port')
    .action(action(provision));
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

interface AddOptions {
  readonly name?: string;
  readonly host?: string;
  readonly port: string;
  readonly user?: string;
  readonly key?: string;
  readonly agent?: boolean;
  readonly hostKey?: string;
}

async function add(context: Context, kind: string, options: AddOptions): Promise<ExitCode> {
  const { terminal, signal } = context;
  if (kind !== 'wine' && kind !== 'windows') {
    throw badArgument(`There is no kind of target "${kind}".`, 'Add one of: wine, windows.');
  }
  const dataFolder = await openDataFolder();
  const name = options.name ?? kind;
  const progress = showing(terminal);
  const added =
    kind === 'windows'
      ? await addWindows(context, { ...options, name })
      : await addWineTarget({
          dataFolder,
          name,
          signal,
          progress,
          agent: await agentFiles(dataFolder, signal),
        });
  terminal.object(added);
  printFacts(terminal, added.facts);
  const next = kind === 'windows' ? 'target provision' : 'run dirnotify --target';
  terminal.line(`Try: fltlab ${next} ${added.description.name}`);
  return ExitCode.agrees;
}

async function addWindows(
  { terminal, signal }: Context,
  options: AddOptions & { readonly name: string },
): Promise<AddedTarget> {
  const { name, host, user, key, agent, hostKey } = options;
  if (host === undefined || user === undefined) {
    throw badArgument(
      'A Windows target needs --host and --user.',
      'Example: fltlab target add windows --name win11 --host 10.0.0.5 --user lab',
    );
  }
  const identity =
    agent === true
      ? ({ kind: 'agent' } as const)
      : key === undefined
        ? ({ kind: 'lab' } as const)
        : ({ kind: 'file', file: key } as const);
  return addWindowsTarget({
    dataFolder: await openDataFolder(),
    name,
    host,
    port: wholeNumber('--port')(options.port),
    user,
    identity,
    trusts: (offered) =>
      hostKey === undefined ? asked(terminal, host, offered) : Promise.resolve(offered === hostKey),
    signal,
    progress: showing(terminal),
  });
}

/** Trust on first use: the person sees the fingerprint, and says yes or the connection ends. */
async function asked(terminal: Terminal, host: string, offered: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  terminal.note(`${host} shows the host key ${offered}.`);
  terminal.note('There: ssh-keygen -lf C:\\ProgramData\\ssh\\ssh_host_ed25519_key.pub');
  const dialogue = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await dialogue.question('Trust it? (yes/no) ')).trim());
  } finally {
    dialogue.close();
  }
}

interface ProvisionChoice {
  readonly item: readonly string[];
  readonly all?: boolean;
  readonly undo?: boolean;
  readonly driver?: string;
  readonly debugNet?: string;
  readonly debugSerial?: string;
}

async function provision(
  { terminal, signal }: Context,
  name: string,
  choice: ProvisionChoice,
): Promise<ExitCode> {
  const dataFolder = await openDataFolder();
  const wanted = choice.item.length > 0 ? choice.item : choice.all || choice.undo ? 'all' : [];
  const target = await connectTarget(name, { dataFolder, signal, progress: showing(terminal) });
  try {
    if (target.windows === undefined) {
      throw badArgument(
        `"${name}" is no Windows machine that PowerShell answers on.`,
        'A Wine target needs no provisioning.',
      );
    }
    const machine = { name, windows: target.windows, exec: target.exec };
    const { certificatePath } = await labCertificate(dataFolder, { signal });
    const debug = debugTransport(choice);
    const options = { dataFolder, certificatePath, driver: choice.driver, debug, signal };
    const items = await lookAt(machine, options);
    const work = choice.undo === true ? takeBack : mend;
    const done = await work(machine, wanted, options);
    terminal.object({ name, items, ...done });
    for (const item of items) terminal.line(itemLine(item, done.mended.includes(item.id)));
    if (done.restartFor.length > 0) {
      terminal.line(`Restart ${name} for: ${done.restartFor.join(', ')}. The lab does not.`);
    }
  } finally {
    await target.close();
  }
  return ExitCode.agrees;
}

function itemLine({ id, title, state, restart }: ItemReport, done: boolean): string {
  const said = {
    ready: 'ready',
    missing: state.kind === 'missing' ? `missing: ${state.found}` : '',
    blocked: state.kind === 'blocked' ? `blocked: ${state.because}` : '',
    'not-asked': 'not asked for',
  }[state.kind];
  const needs = restart && state.kind === 'missing' ? ' (needs a restart)' : '';
  return `  ${id.padEnd(13)} ${done ? 'done now' : `${said}${needs}`}\n${''.padEnd(16)}${title}`;
}

function debugTransport({ debugNet, debugSerial }: ProvisionChoice): DebugTransport | undefined {
  if (debugSerial !== undefined) {
    return { kind: 'serial', port: wholeNumber('--debug-serial')(debugSerial) };
  }
  if (debugNet === undefined) return undefined;
  const [, host, port] = /^([\w.:-]+):(\d+)$/.exec(debugNet) ?? [];
  const key = process.env['FLTLAB_KDNET_KEY'] ?? '';
  if (host === undefined || port === undefined || !isKdnetKey(key)) {
    throw badArgument(
      '--debug-net takes HOST:PORT, and the key is read from FLTLAB_KDNET_KEY.',
      'Example: FLTLAB_KDNET_KEY=w.x.y.z fltlab target provision win11 --debug-net 10.0.0.1:50000',
    );
  }
  return { kind: 'net', host, port: Number(port), key };
}

const collect = (value: string, all: readonly string[]): readonly string[] => [...all, value];

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
  const { windows } = facts;
  if (windows !== undefined) {
    terminal.line(
      `  ${[
        windows.edition ?? 'unknown edition',
        `test signing ${windows.testSigning ? 'on' : 'off'}`,
        `Secure Boot ${windows.secureBoot ? 'on' : 'off'}`,
        `debugger ${windows.debug ? 'on' : 'off'}`,
        windows.elevated ? 'elevated' : 'not elevated',
      ].join(', ')}`,
    );
    const filters = windows.filters.map((one) => `${one.name} ${one.altitude}`);
    terminal.line(`  filters: ${filters.join(', ') || 'none, or not to be seen'}`);
  }
  terminal.line(`  can show: ${facts.has.join(', ')}`);
  for (const { capability, because } of facts.lacks)
    terminal.line(`  not ${capability}: ${because}`);
}
