// A host that answers as a row of a test says, and remembers what it was asked.
import type { ProgramResult } from '../../process/index.ts';
import type { Host } from '../tools/host.ts';

export type Answer =
  string | { readonly code: number; readonly said: string } | 'missing' | 'hangs';

/** Answers by the first pattern that a command line matches; one without an answer succeeds silently. */
export function scriptedHost(
  answers: readonly (readonly [RegExp, Answer])[],
  options: { readonly windows?: boolean; readonly files?: Readonly<Record<string, string>> } = {},
) {
  const asked: string[] = [];
  const reply = (line: string, program: string, timeout_ms: number): ProgramResult => {
    asked.push(line);
    const answer = answers.find(([pattern]) => pattern.test(line))?.[1] ?? '';
    const nothing = { stdout: '', stderr: '', truncated: false };
    if (answer === 'missing') return { kind: 'not-found', program };
    if (answer === 'hangs') return { kind: 'timed-out', timeout_ms, ...nothing };
    return typeof answer === 'string'
      ? { kind: 'exited', code: 0, ...nothing, stdout: answer }
      : { kind: 'exited', code: answer.code, ...nothing, stderr: answer.said };
  };
  const host: Host = {
    windows: options.windows ?? false,
    run: async (program, args, { timeout_ms }) =>
      reply([program, ...args].join(' '), program, timeout_ms),
    powershell: async (script, { timeout_ms }) => reply(script, 'powershell.exe', timeout_ms),
    readText: async (file) => options.files?.[file],
  };
  return { host, asked };
}
