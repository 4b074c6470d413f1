// The frame around every command: one place where errors become exit codes and where Ctrl+C becomes an
// AbortSignal. The second Ctrl+C is the system's and ends the program at once.
import { Option, type Command } from 'commander';
import { LabError } from '../contract/errors/labError.ts';
import { ExitCode, exitCodeOf } from './exitCodes.ts';
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
    const interrupt = (): void => controller.abort(new Error('interrupted'));
    process.once('SIGINT', interrupt);
    process.once('SIGTERM', interrupt);
    try {
      process.exitCode = await work({ terminal, signal: controller.signal }, ...args);
    } catch (error) {
      terminal.fail(error);
      process.exitCode = controller.signal.aborted ? ExitCode.interrupted : exitCodeOf(error);
    } finally {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    }
  };
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
