// Whether a process that a file on disk speaks of is still the same one. A number alone is not
// enough: it is given out again, soon so in a container, where a lab may be process 12 every day.
import { readFile } from 'node:fs/promises';

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot at which it started; null where the platform does not tell. */
  readonly started: string | null;
}

/** The process as it is now, or undefined when it has ended (a zombie has). */
export async function identityOf(pid: number): Promise<ProcessIdentity | undefined> {
  if (process.platform === 'linux') return identityFromProc(pid);
  return signalReaches(pid) ? { pid, started: null } : undefined;
}

export async function isSameProcess(known: ProcessIdentity): Promise<boolean> {
  const now = await identityOf(known.pid);
  return now !== undefined && now.started === known.started;
}

async function identityFromProc(pid: number): Promise<ProcessIdentity | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
  return stat === undefined ? undefined : parseProcStat(pid, stat);
}

/** proc(5): the command, in parentheses, may itself hold blanks and parentheses. */
export function parseProcStat(pid: number, stat: string): ProcessIdentity | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, started] = [fields[0], fields[19]];
  if (state === undefined || started === undefined || 'ZX'.includes(state)) return undefined;
  return { pid, started };
}

function signalReaches(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
