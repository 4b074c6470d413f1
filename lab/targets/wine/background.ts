// Programs that outlive the lab, or leave others behind that do. None of them may hold a stream of
// ours: whoever waits for the end of such a stream would wait for ever.
import { spawn } from 'node:child_process';

export interface BackgroundProgram {
  readonly pid: number;
  /** "code 3", "SIGKILL", "ENOENT"; undefined while it runs. */
  ended(): string | undefined;
  /** Resolves with the same. */
  readonly end: Promise<string>;
  kill(): void;
}

/** Starts a program in a session of its own, without input and output. */
export function startInBackground(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): BackgroundProgram {
  const child = spawn(program, args, {
    detached: true,
    stdio: 'ignore',
    cwd: '/',
    env: environment,
  });
  child.unref();
  let ended: string | undefined;
  const end = new Promise<string>((resolve) => {
    child.once('exit', (code, by) => resolve((ended = by ?? `code ${code ?? '?'}`)));
    child.once('error', (error: NodeJS.ErrnoException) =>
      resolve((ended = error.code ?? error.message)),
    );
  });
  return {
    pid: child.pid ?? -1,
    ended: () => ended,
    end,
    kill: () => void child.kill('SIGKILL'),
  };
}
