// fltlab kd: the simulated kernel debugger over a prediction, at a terminal or from a script.
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { LabError } from '../../contract/errors/labError.ts';
import { openKdSession, type Answer, type KdSession } from '../../lab/debugger/index.ts';
import { checkNeighbours } from '../../lab/samples/neighbours.ts';
import { loadSample, loadWorkload, pickVariant } from '../../lab/samples/samples.ts';
import { action, type Context } from '../action.ts';
import { ExitCode } from '../exitCodes.ts';
import {
  addPredictionOptions,
  parseProfile,
  parseSeed,
  type PredictionOptions,
} from '../options.ts';

interface KdOptions extends PredictionOptions {
  readonly profile: string;
  readonly c?: string;
  readonly script?: string;
  readonly event?: string;
}

const PROMPT = 'kd> ';

/** Returns the command: sessions with real machines are beneath it. */
export function addKd(program: Command): Command {
  const command = program
    .command('kd')
    .description('look into a prediction with a simulated kernel debugger, forwards and backwards')
    .argument('<sample>', 'name of a sample, or a folder with a fltlab.json');
  addPredictionOptions(command, 'win7')
    .option('-c <commands>', 'carry out these commands, separated by ";", and end')
    .option(
      '--script <file>',
      'carry out the commands of a file, one line after the other, and end',
    )
    .option('--event <number>', 'begin at this event of the trace')
    .addHelpText(
      'after',
      `
Examples:
  fltlab kd dirnotify
  fltlab kd dirnotify -c "bp dirnotify!DirNotifyPostDirectoryControl; g; kn; !fltkd.cbd @@(Data)"
  fltlab kd dirnotify --event 15 -c "!thread; .filters" --json`,
    )
    .action(action(debugSample));
  return command;
}

async function debugSample(context: Context, name: string, options: KdOptions): Promise<ExitCode> {
  const { terminal, signal } = context;
  const profile = parseProfile(options.profile);
  const seed = parseSeed(options.seed);
  const lines = await scriptLines(options);
  const sample = await loadSample(name);
  const variant = pickVariant(sample, options.variant);
  const workload = await loadWorkload(sample, variant, options.workload);
  checkNeighbours(sample, workload.expanded, options.without);
  terminal.progress(`Compiling ${sample.manifest.name} (${variant.name}) for the debugger …`);
  const session = await openKdSession({
    sample,
    variant,
    workload: workload.expanded,
    profile,
    seed,
    without: options.without,
    signal,
  });
  if (options.event !== undefined) lines.unshift(`!tt ${options.event}`);
  const scripted = options.c !== undefined || options.script !== undefined || terminal.json;
  return scripted ? runScript(context, session, lines) : interact(context, session, lines);
}

async function scriptLines({ c, script }: KdOptions): Promise<string[]> {
  if (script === undefined) return c === undefined ? [] : [c];
  const path = resolve(script);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new LabError('file.unreadable', {
      problem: `${path} cannot be read: ${error.code ?? error.message}.`,
      remedy: 'Name a text file with one line of commands on each line.',
      cause: error,
    });
  });
  return [...text.split(/\r?\n/), ...(c === undefined ? [] : [c])];
}

/** A command that fails makes the exit code 1; those after it on other lines are carried out. */
async function runScript(
  { terminal, signal }: Context,
  session: KdSession,
  lines: readonly string[],
): Promise<ExitCode> {
  const answers: (Answer & { commands: string })[] = [];
  terminal.line(session.greeting().trimEnd());
  for (const line of lines) {
    if (line.trim() === '') continue;
    if (isQuit(line)) break;
    signal.throwIfAborted();
    terminal.line(`${PROMPT}${line}`);
    const answer = await session.execute(line);
    answers.push({ commands: line, ...answer });
    if (answer.text !== '') terminal.line(answer.text.trimEnd());
  }
  terminal.object({ greeting: session.greeting(), answers });
  return answers.some(({ failed }) => failed) ? ExitCode.differs : ExitCode.agrees;
}

const isQuit = (line: string): boolean => /^\s*(q|qq|qd)\s*$/.test(line);

async function interact(
  { terminal, signal }: Context,
  session: KdSession,
  before: readonly string[],
): Promise<ExitCode> {
  terminal.line(session.greeting().trimEnd());
  const carryOut = async (line: string): Promise<void> => {
    const { text } = await session.execute(line);
    if (text !== '') terminal.line(text.trimEnd());
  };
  for (const line of before) await carryOut(line);
  const input = createInterface({ input: process.stdin, output: process.stdout, prompt: PROMPT });
  const stop = (): void => input.close();
  signal.addEventListener('abort', stop, { once: true });
  input.prompt();
  let last = '';
  for await (const line of input) {
    if (isQuit(line)) break;
    // An empty line repeats the last command, as kd does.
    const commands = line.trim() === '' ? last : line;
    last = commands;
    if (commands !== '') await carryOut(commands);
    input.prompt();
  }
  input.close();
  signal.removeEventListener('abort', stop);
  return ExitCode.agrees;
}
