// `fltlab` as a person has it: the launcher in a process of its own, with a data folder that is a test's.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/programs.ts';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface StartOptions {
  /** Variables over those of the test. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A command that runs the launcher: [`unshare`, …]. */
  readonly within?: readonly string[];
  /** The Node that runs the launcher; the one in PATH when left out. */
  readonly node?: string;
}

export interface Running {
  readonly ended: Promise<Ended>;
  /** Resolves when standard error says it; rejects when the program ends before. */
  said(pattern: RegExp): Promise<void>;
  /** To the whole process group, as a terminal does it. */
  interrupt(): void;
}

const launcher = join(projectRoot, 'bin', 'fltlab.mjs');

export class Fltlab {
  readonly data: string;
  private readonly cwd: string;

  constructor(data: string, cwd: string) {
    this.data = data;
    this.cwd = cwd;
  }

  start(args: readonly string[], options: StartOptions = {}): Running {
    const [program, ...before] = [...(options.within ?? []), options.node ?? 'node', launcher];
    const child = spawn(program as string, [...before, ...args], {
      cwd: options.cwd ?? this.cwd,
      env: { ...process.env, FLTLAB_DATA: this.data, NO_COLOR: '1', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, which `interrupt` reaches.
      detached: true,
    });
    const text = { out: '', err: '' };
    const listeners = new Set<() => void>();
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.out += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      text.err += chunk;
      for (const look of listeners) look();
    });
    const ended = new Promise<Ended>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, ...text }));
    });
    return {
      ended,
      said: (pattern) =>
        new Promise((resolve, reject) => {
          const look = (): void => {
            if (pattern.test(text.err)) resolve();
          };
          listeners.add(look);
          look();
          void ended.then(() => reject(new Error(`it ended without ${pattern}:\n${text.err}`)));
        }),
      interrupt: () => void process.kill(-(child.pid ?? 0), 'SIGINT'),
    };
  }

  run(args: readonly string[], options: StartOptions = {}): Promise<Ended> {
    return this.start(args, options).ended;
  }

  /** With --json: standard output must be one JSON object and nothing else. */
  async json(
    args: readonly string[],
    options: StartOptions = {},
  ): Promise<{ readonly code: number | null; readonly object: unknown; readonly err: string }> {
    const { code, out, err } = await this.run([...args, '--json'], options);
    return { code, object: oneObject(out, err), err };
  }
}

function oneObject(out: string, err: string): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(out);
  } catch (error) {
    throw new Error(`standard output is not one JSON object:\n${out}\n${err}`, { cause: error });
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  throw new Error(`standard output is JSON, but no object: ${out.slice(0, 200)}`);
}
