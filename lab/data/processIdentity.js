// Whether a process that a file on disk speaks of is still the same one. A number alone is not
// enough: it is given out again, soon so in a container, where a lab may be process 12 every day.
import { readFile } from 'node:fs/promises';
/** The process as it is now, or undefined when it has ended (a zombie has). */
export async function identityOf(pid) {
    if (process.platform === 'linux')
        return identityFromProc(pid);
    return signalReaches(pid) ? { pid, started: null } : undefined;
}
export async function isSameProcess(known) {
    const now = await identityOf(known.pid);
    return now !== undefined && now.started === known.started;
}
async function identityFromProc(pid) {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
    return stat === undefined ? undefined : parseProcStat(pid, stat);
}
/** proc(5): the command, in parentheses, may itself hold blanks and parentheses. */
export function parseProcStat(pid, stat) {
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, started] = [fields[0], fields[19]];
    if (state === undefined || started === undefined || 'ZX'.includes(state))
        return undefined;
    return { pid, started };
}
function signalReaches(pid) {
    try {
        return process.kill(pid, 0);
    }
    catch (error) {
        // EPERM: it lives, and belongs to somebody else.
        return error.code === 'EPERM';
    }
}
