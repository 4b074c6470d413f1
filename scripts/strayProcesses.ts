// Finds processes that a test run left behind, by a mark in their environment (Linux), and stops them.
import { readdirSync, readFileSync } from 'node:fs';

export interface StrayProcess {
  readonly id: number;
  readonly command: string;
}

/** Processes, other than this one, whose environment holds `name=value`. */
export function strayProcesses(name: string, value: string): readonly StrayProcess[] {
  if (process.platform !== 'linux') return [];
  const wanted = `${name}=${value}`;
  const found: StrayProcess[] = [];
  for (const entry of readdirSync('/proc')) {
    const id = Number(entry);
    if (!Number.isInteger(id) || id === process.pid) continue;
    const environment = readProcess(id, 'environ');
    if (!environment?.split('\0').includes(wanted)) continue;
    const command = readProcess(id, 'cmdline')?.replaceAll('\0', ' ').trim();
    if (command) found.push({ id, command });
  }
  return found;
}

/** A process may end while we look: then there is nothing to read, and nothing left behind. */
function readProcess(id: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${id}/${file}`, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      return undefined;
    }
    throw error;
  }
}

export async function stopProcesses(processes: readonly StrayProcess[]): Promise<void> {
  for (const one of processes) {
    try {
      process.kill(one.id, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
