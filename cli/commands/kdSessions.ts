// fltlab kd open | serial | gdb | attach: sessions with real machines, and transcripts of them.
import { createInterface } from 'node:readline';
import path from 'node:path';
import { mkdir } from 'node:fs/promises';
import type { Command } from 'commander';
import { LabError } from '../../contract/errors/labError.ts';
import { openDataFolder } from '../../lab/data/dataFolder.ts';
import {
  answerFor,
  compareTranscripts,
  crashTitle,
  DebugSession,
  describeItem,
  dialects,
  gdbArguments,
  isKdnetKey,
  kdArguments,
  kdProgram,
  openPty,
  openStream,
  readTranscript,
  remoteChannel,
  shownArguments,
  type KdTransport,
  type SessionOptions,
} from '../../lab/kd/index.ts';
import { connectTarget } from '../../lab/targets/index.ts';
import { openVm } from '../../lab/vm/index.ts';
import { action, badArgument, jsonOption, wholeNumber, type Context } from '../action.ts';
import { ExitCode } from '../exitCodes.ts';
import { paint, type Terminal } from '../terminal.ts';

export function addKdSessions(kd: Command): void {
  const sub = (name: string, description: string, example: string): Command =>
    kd
      .command(name)
      .description(description)
      .addOption(jsonOption())
      .addHelpText('after', `\nExample:\n  fltlab kd ${example}`);
  sub('open', 'read a transcript of kd or WinDbg', 'open session.log')
    .argument('<file>')
    .option('--compare <file>', 'lay the answers of another transcript beside its own')
    .action(action(open));
  sub('serial', 'follow the serial line of a virtual machine', 'serial win11 --packets')
    .argument('<vm>')
    .option('--packets', 'decode the packets of a Windows that was booted with debugging on')
    .option('--log <file>', 'where every byte goes')
    .action(action(serial));
  sub('gdb', "gdb on the stub of a virtual machine's hypervisor", 'gdb win11')
    .argument('<vm>')
    .option('--command <text>', 'run it, print its answer and let the machine go on', collect, [])
    .option('--log <file>', 'where every byte goes')
    .action(action(gdb));
  sub('attach', 'kd on a Windows target, here or on a host over SSH', 'attach --net 50000')
    .option('--net <port>', 'KDNET; the key is read from the variable FLTLAB_KDNET_KEY')
    .option('--target <address>', 'KDNET: poke this machine, so that it is found sooner')
    .option('--pipe <path>', 'serial line as a named pipe')
    .option('--hypervisor <name>', 'whose pipe it is: hyperv, virtualbox, vmware, libvirt, qemu')
    .option('--com <port>', 'a real serial port, for instance COM1')
    .option('--host <target>', 'run kd on this Windows target over SSH')
    .option('--program <file>', 'kd.exe, where it is not in its usual place')
    .option('--driver <name>', 'answer stops of Filter Verifier; this is the driver under test')
    .option('--log <file>', 'where every byte goes')
    .action(action(attach));
}

const collect = (value: string, all: readonly string[]): readonly string[] => [...all, value];

async function open(
  { terminal }: Context,
  file: string,
  options: { readonly compare?: string },
): Promise<ExitCode> {
  const transcript = await readTranscript(file);
  const other = options.compare === undefined ? undefined : await readTranscript(options.compare);
  const compared = other && compareTranscripts(transcript.commands, other.commands);
  terminal.object({ ...transcript, ...(compared === undefined ? {} : { compared }) });
  terminal.line(`${file}: ${transcript.bytes} bytes, ${transcript.commands.length} commands`);
  for (const crash of transcript.crashes) terminal.line(`  crash: ${crashTitle(crash)}`);
  for (const item of transcript.items) {
    const line = describeItem(item);
    if (line !== undefined) terminal.line(`  ${line}`);
  }
  printLosses(terminal, transcript.losses);
  if (compared === undefined) return ExitCode.agrees;
  for (const { command } of compared.different) terminal.line(`  differs: ${command}`);
  for (const command of compared.unpaired) terminal.line(`  on one side only: ${command}`);
  terminal.line(`  ${compared.same} answers are the same, addresses aside`);
  return compared.different.length > 0 ? ExitCode.differs : ExitCode.agrees;
}

async function serial(
  { terminal, signal }: Context,
  name: string,
  options: { readonly packets?: boolean; readonly log?: string },
): Promise<ExitCode> {
  const { vm, close } = await openVm(name, { dataFolder: await openDataFolder(), signal });
  try {
    return await follow(terminal, signal, {
      logFile: await logFile(options.log, `${name}-serial`),
      packets: options.packets === true ? 'acknowledge' : undefined,
      reconnect: { attempts: Number.MAX_SAFE_INTEGER, pause_ms: 500 },
      open: async (own) => {
        const stream = await vm.serial({ signal: own });
        if (stream === undefined) throw notThere(name, 'serial line');
        return openStream(stream, own);
      },
    });
  } finally {
    await close();
  }
}

async function gdb(
  { terminal, signal }: Context,
  name: string,
  options: { readonly command: readonly string[]; readonly log?: string },
): Promise<ExitCode> {
  const { vm, close } = await openVm(name, { dataFolder: await openDataFolder(), signal });
  try {
    const channel = await vm.debugChannel({ signal });
    if (channel === undefined) throw notThere(name, 'debugger stub');
    const { at } = channel;
    const stub = at.kind === 'tcp' ? `${at.host}:${at.port}` : at.path;
    const session: Omit<SessionOptions, 'signal'> = {
      logFile: await logFile(options.log, `${name}-gdb`),
      dialect: dialects.gdb,
      open: async () => openPty({ program: 'gdb', args: gdbArguments(stub) }),
    };
    if (options.command.length === 0) return await follow(terminal, signal, session);
    return await ask(terminal, signal, session, options.command);
  } finally {
    await close();
  }
}

/** Each command and its answer; then the machine goes on. */
async function ask(
  terminal: Terminal,
  signal: AbortSignal,
  options: Omit<SessionOptions, 'signal'>,
  commands: readonly string[],
): Promise<ExitCode> {
  const session = await DebugSession.open({ ...options, signal });
  const answers: { readonly command: string; readonly answer: string }[] = [];
  try {
    for (const command of commands) {
      const answer = await session.command(command, { signal });
      answers.push({ command, answer });
      terminal.line(paint('bold', command));
      terminal.line(answer);
    }
    await session.command('detach', { signal });
  } finally {
    await session.close();
  }
  terminal.object({ answers, log: options.logFile });
  return ExitCode.agrees;
}

interface AttachOptions {
  readonly net?: string;
  readonly target?: string;
  readonly pipe?: string;
  readonly hypervisor?: string;
  readonly com?: string;
  readonly host?: string;
  readonly program?: string;
  readonly driver?: string;
  readonly log?: string;
}

async function attach({ terminal, signal }: Context, options: AttachOptions): Promise<ExitCode> {
  const args = kdArguments(transportOf(options));
  const dataFolder = await openDataFolder();
  const file = await logFile(options.log, 'kd');
  terminal.note(`kd ${shownArguments(args)}`);
  const base = { logFile: file, dialect: dialects.kd } as const;
  if (options.host === undefined) {
    const program = await kdProgram(options.program);
    const pty = async () => openPty({ program, args });
    return follow(terminal, signal, { ...base, open: pty }, options.driver);
  }
  const host = await connectTarget(options.host, { dataFolder, signal });
  try {
    const program = options.program ?? 'kd.exe';
    const command = [program, ...args].map((one) => (/\s/.test(one) ? `"${one}"` : one)).join(' ');
    const remote = async () => remoteChannel(await host.start(command, { signal }));
    return await follow(terminal, signal, { ...base, open: remote }, options.driver);
  } finally {
    await host.close();
  }
}

const pipeOwners = ['hyperv', 'virtualbox', 'vmware', 'libvirt', 'qemu'] as const;

function transportOf({ net, target, pipe, hypervisor, com }: AttachOptions): KdTransport {
  if (net !== undefined) {
    const key = process.env['FLTLAB_KDNET_KEY'] ?? '';
    if (!isKdnetKey(key)) {
      throw badArgument(
        'The key of KDNET is not in the environment variable FLTLAB_KDNET_KEY.',
        'Put the four words there that kdnet.exe or bcdedit printed; it is kept nowhere.',
      );
    }
    return { kind: 'net', port: wholeNumber('--net')(net), key, target };
  }
  if (pipe !== undefined) {
    const owner = pipeOwners.find((one) => one === hypervisor);
    if (owner === undefined) {
      throw badArgument(
        '--pipe needs --hypervisor, for the options of kd differ.',
        `Choose one of: ${pipeOwners.join(', ')}.`,
      );
    }
    return { kind: 'pipe', path: pipe, hypervisor: owner };
  }
  if (com !== undefined) return { kind: 'com', port: com, baud: 115_200 };
  throw badArgument('Which way leads to the target?', 'Give --net, --pipe or --com.');
}

/** A session on this terminal, until it ends or Ctrl+C: what is typed goes there. */
async function follow(
  terminal: Terminal,
  signal: AbortSignal,
  options: Omit<SessionOptions, 'signal'>,
  driver?: string,
): Promise<ExitCode> {
  const session = await DebugSession.open({ ...options, signal });
  terminal.note(`log: ${options.logFile}`);
  session.onItem((item) => {
    const line = item.kind === 'text' ? item.text : describeItem(item);
    if (line !== undefined) terminal.line(line);
    if (item.kind !== 'verifier-stop' || driver === undefined) return;
    const answer = answerFor(item, driver);
    if (answer !== undefined) session.write(`${answer}\n`);
  });
  const keyboard = createInterface({ input: process.stdin });
  keyboard.on('line', (text) => session.write(`${text}\n`));
  const why = await session.ended();
  keyboard.close();
  await session.close();
  terminal.object({ ended: why, bytes: session.bytes, losses: session.losses });
  terminal.line(`The session ended: ${why} (${session.bytes} bytes).`);
  printLosses(terminal, session.losses);
  return signal.aborted ? ExitCode.interrupted : ExitCode.agrees;
}

function printLosses(terminal: Terminal, losses: Readonly<Record<string, number>>): void {
  const some = Object.entries(losses).filter(([, count]) => count > 0);
  if (some.length === 0) return;
  terminal.line(`Lost: ${some.map(([what, count]) => `${count} × ${what}`).join(', ')}.`);
}

async function logFile(wanted: string | undefined, name: string): Promise<string> {
  if (wanted !== undefined) return path.resolve(wanted);
  const folder = path.join(await openDataFolder(), 'debugger');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  return path.join(folder, `${stamp}-${name}.log`);
}

const notThere = (name: string, what: string): LabError =>
  new LabError('kd.not-connected', {
    problem: `"${name}" has no ${what} now.`,
    remedy: `Start the machine; \`fltlab vm facts ${name}\` says what it can do.`,
  });
