// Programs that outlive the lab, or leave others behind that do. None of them may hold a stream of
// ours: whoever waits for the end of such a stream would wait for ever.
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
/** Starts a program in a session of its own, without input. */
export function startInBackground(program, args, environment, options = {}) {
    const log = options.logFile === undefined ? 'ignore' : openSync(options.logFile, 'w', 0o600);
    const child = spawn(program, args, {
        detached: true,
        stdio: ['ignore', log, log],
        cwd: options.cwd ?? '/',
        env: environment,
        windowsHide: true,
    });
    if (log !== 'ignore')
        closeSync(log);
    child.unref();
    let ended;
    const end = new Promise((resolve) => {
        child.once('exit', (code, by) => resolve((ended = by ?? `code ${code ?? '?'}`)));
        child.once('error', (error) => resolve((ended = error.code ?? error.message)));
    });
    return {
        pid: child.pid ?? -1,
        ended: () => ended,
        end,
        kill: () => void child.kill('SIGKILL'),
    };
}
