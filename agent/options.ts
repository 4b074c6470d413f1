// The command line of the agent. No secret is ever on it: other people of the machine can read it.
import { parseArgs } from 'node:util';
import { isRootPath, type Roots } from './run/roots.ts';

export interface AgentOptions {
  /** Folder of lock, log, announcement and traces. */
  readonly state: string;
  readonly roots: Roots;
  readonly idle_ms: number;
  readonly step_ms: number;
}

const IDLE_MS = 10 * 60 * 1000;
const STEP_MS = 60 * 1000;

/** The options, or what is wrong with them. */
export function parseAgentOptions(
  given: readonly string[],
): { readonly options: AgentOptions } | { readonly problem: string } {
  let values: { state?: string; root?: string[]; 'idle-ms'?: string; 'step-ms'?: string };
  try {
    ({ values } = parseArgs({
      args: [...given],
      options: {
        state: { type: 'string' },
        root: { type: 'string', multiple: true },
        'idle-ms': { type: 'string' },
        'step-ms': { type: 'string' },
      },
    }));
  } catch (error) {
    // parseArgs throws a TypeError that names the argument.
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  if (values.state === undefined) return { problem: '--state is missing' };
  const roots = new Map<string, string>();
  for (const written of values.root ?? []) {
    const [, volume, path] = /^([A-Za-z_][A-Za-z0-9_.-]*)=(.+)$/.exec(written) ?? [];
    if (volume === undefined || path === undefined || !isRootPath(path)) {
      return { problem: `--root ${written}: written as VOLUME=X:\\folder` };
    }
    if (!apart(path, [...roots.values(), values.state])) {
      return { problem: `--root ${written}: lies inside another root or the state folder` };
    }
    roots.set(volume, path);
  }
  if (roots.size === 0) return { problem: '--root is missing' };
  const idle_ms = milliseconds(values['idle-ms'], IDLE_MS);
  const step_ms = milliseconds(values['step-ms'], STEP_MS);
  if (idle_ms === undefined || step_ms === undefined) return { problem: 'a limit is not a number' };
  return { options: { state: values.state, roots, idle_ms, step_ms } };
}

function milliseconds(written: string | undefined, otherwise: number): number | undefined {
  if (written === undefined) return otherwise;
  return /^[0-9]{1,9}$/.test(written) && Number(written) > 0 ? Number(written) : undefined;
}

/** Neither holds the other: emptying a root must not empty anything else. */
function apart(path: string, others: readonly string[]): boolean {
  const folder = (one: string): string => `${one.toLowerCase().replace(/\\+$/, '')}\\`;
  return others.every(
    (other) => !folder(other).startsWith(folder(path)) && !folder(path).startsWith(folder(other)),
  );
}
