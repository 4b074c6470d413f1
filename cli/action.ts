// The frame around every command: one place where errors become exit codes and where Ctrl+C becomes an
// AbortSignal. A second Ctrl+C ends the program at once.
import { Option, type Command, type CommanderError } from 'commander';
import { LabError } from '../contract/errors/labError.ts';
import { errorObject, ExitCode, exitCodeOf } from './exitCodes.ts';
import { Terminal } from './terminal.ts';

export interface Context {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Does the work of a command; its result is the exit code. */
export type Work<Arguments extends readonly unknown[]> = (
  context: Context,
  ...args: Arguments
) => Promise<ExitCode>;

/** Wraps `work` as commander's action: `args` are the command's arguments, then its options. */
export function action<Arguments extends readonly unknown[]>(
  work: Work<Arguments>,
): (...args: [...Arguments, Command]) => Promise<void> {
  return async (...all) => {
    const command = all.at(-1) as Command;
    const args = all.slice(0, -1) as unknown as Arguments;
    const { json } = command.optsWithGlobals<{ json?: boolean }>();
    const terminal = new Terminal({ out: process.stdout, error: process.stderr }, json === true);
    const controller = new AbortController();
    const ignore = onInterrupt(() => {
      terminal.note('Interrupted: taking back what was begun. Ctrl+C again leaves at once.');
      controller.abort(new Error('interrupted'));
    });
    try {
      process.exitCode = await work({ terminal, signal: controller.signal }, ...args);
    } catch (error) {
      terminal.fail(error);
      process.exitCode = controller.signal.aborted ? ExitCode.interrupted : exitCodeOf(error);
    } finally {
      ignore();
    }
  };
}

const interrupts = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** One Ctrl+C may come twice: from the terminal, and handed on by the launcher. */
const SAME_INTERRUPT_MS = 500;

/** Calls `first` at the first interrupt and leaves at the next; returns how to end that. */
function onInterrupt(first: () => void): () => void {
  let first_ms: number | undefined;
  const interrupted = (): void => {
    if (first_ms === undefined) {
      first_ms = performance.now();
      first();
    } else if (performance.now() - first_ms > SAME_INTERRUPT_MS) {
      process.exit(ExitCode.interrupted);
    }
  };
  for (const one of interrupts) process.on(one, interrupted);
  return () => {
    for (const one of interrupts) process.off(one, interrupted);
  };
}

/** A command line that commander refused, and said so on standard error. */
export function refuseUsage(error: CommanderError, commandLine: readonly string[]): ExitCode {
  if (commandLine.includes('--json')) {
    const problem = `${error.message.replace(/^error: /, '').replace(/[.]?$/, '')}.`;
    const told = badArgument(problem, 'See fltlab --help, or --help of the command.');
    process.stdout.write(`${JSON.stringify(errorObject(told), null, 2)}\n`);
  }
  return ExitCode.usage;
}

/** `--json` on every command, so that it may stand before or after it. */
export const jsonOption = (): Option =>
  new Option('--json', 'print one JSON object on standard output and nothing else');

/** A non-negative whole number, or a usage error that names the option. */
export function wholeNumber(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^[0-9]+$/.test(text) && Number.isSafeInteger(value)) return value;
    throw badArgument(`${option} takes a whole number, not "${text}".`, 'Give a number such as 0.');
  };
}

export const badArgument = (problem: string, remedy: string): LabError =>
  new LabError('usage.bad-argument', { problem, remedy });
