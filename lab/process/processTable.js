// The processes of this machine, as far as it shows them: who runs what, below whom.
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { runProgram } from './runProgram.ts';
/** Living processes; zombies have ended. */
export async function listProcesses() {
    return process.platform === 'linux' ? listFromProc() : listFromPs();
}
async function listFromProc() {
    const found = [];
    for (const name of await readdir('/proc')) {
        if (!/^\d+$/.test(name))
            continue;
        const stat = await readFile(`/proc/${name}/stat`, 'latin1').catch(() => '');
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (parent === undefined || state === 'Z' || state === 'X')
            continue;
        const line = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
        found.push({
            pid: Number(name),
            parent: Number(parent),
            command: line.replaceAll('\0', ' ').trim(),
        });
    }
    return found;
}
async function listFromPs() {
    const result = await runProgram('ps', ['-axwwo', 'pid=,ppid=,stat=,command='], {
        signal: new AbortController().signal,
        timeout_ms: 10_000,
    });
    if (result.kind !== 'exited')
        return [];
    return result.stdout.split('\n').flatMap((line) => {
        const [, pid, parent, state, command] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
        if (pid === undefined || state?.startsWith('Z'))
            return [];
        return [{ pid: Number(pid), parent: Number(parent), command: command ?? '' }];
    });
}
/** Children, their children and so on; without `ancestor` itself. */
export function descendantsOf(ancestor, all) {
    const children = all.filter(({ parent }) => parent === ancestor).map(({ pid }) => pid);
    return [...children, ...children.flatMap((child) => descendantsOf(child, all))];
}
/**
 * Processes that were started with this WINEPREFIX. Only Linux shows the environment of a process;
 * elsewhere the list is empty and wineserver's own book-keeping has to do.
 */
export async function processesInPrefix(prefix) {
    if (process.platform !== 'linux')
        return [];
    const wanted = `WINEPREFIX=${prefix}`;
    const found = [];
    for (const { pid } of await listFromProc()) {
        const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
        if (environment.split('\0').includes(wanted))
            found.push(pid);
    }
    return found;
}
/** Ends processes, politely first; resolves when `remaining` says that none is left, or in vain. */
export async function endProcesses(remaining, patience_ms = 5_000) {
    const polite_until = performance.now() + patience_ms / 2;
    const give_up_at = performance.now() + patience_ms;
    for (;;) {
        const left = await remaining();
        const now = performance.now();
        if (left.length === 0 || now > give_up_at)
            return left;
        for (const pid of left)
            signalProcess(pid, now > polite_until ? 'SIGKILL' : 'SIGTERM');
        await pause(20);
    }
}
function signalProcess(pid, signal) {
    try {
        process.kill(pid, signal);
    }
    catch (error) {
        if (error.code !== 'ESRCH')
            throw error;
    }
}
