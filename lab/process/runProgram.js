// Runs one program to its end and hands back what it said. No shell is ever involved, so nothing
// in an argument is interpreted; an abort or a time limit ends the program and all it started.
import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { cancelledError, throwIfCancelled } from '../data/cancellation.ts';
const outputLimitDefault_bytes = 16 * 1024 * 1024;
/** After SIGTERM, before SIGKILL. */
const patience_ms = 2_000;
/**
 * A daemon that the program left behind (wineserver does this) holds its pipes open, so the end of
 * the streams may never come. Once the program itself has ended and nothing has arrived for this
 * long, its output is complete.
 */
const quiet_ms = 250;
/**
 * Rejects with `run.cancelled` (or the LabError that is the signal's reason) when aborted, after the
 * program has ended; else it resolves, whatever the program did.
 */
export async function runProgram(program, args, options) {
    const what = `running ${basename(program)}`;
    throwIfCancelled(options.signal, what);
    const child = spawn(program, args, {
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
        ...(options.env === undefined ? {} : { env: options.env }),
        stdio: ['pipe', 'pipe', 'pipe'],
        // A process group of its own, so that the whole tree can be ended. Windows has taskkill /T.
        detached: process.platform !== 'win32',
        windowsHide: true,
    });
    const limit_bytes = options.output_limit_bytes ?? outputLimitDefault_bytes;
    const stdout = collect(child.stdout, limit_bytes);
    const stderr = collect(child.stderr, limit_bytes);
    child.stdin.on('error', ignoreBrokenPipe);
    child.stdin.end(options.input);
    let timedOut = false;
    const stop = () => endTree(child);
    const onTimeout = () => {
        timedOut = true;
        stop();
    };
    const timer = options.timeout_ms === undefined ? undefined : setTimeout(onTimeout, options.timeout_ms);
    options.signal.addEventListener('abort', stop, { once: true });
    const ended = await untilEnd(child, [stdout, stderr]);
    options.signal.removeEventListener('abort', stop);
    clearTimeout(timer);
    if (options.signal.aborted)
        throw cancelledError(options.signal, what);
    if (ended.kind === 'not-started') {
        if (ended.code === 'ENOENT' || ended.code === 'EACCES')
            return { kind: 'not-found', program };
        throw ended.error;
    }
    const output = {
        stdout: stdout.text(),
        stderr: stderr.text(),
        truncated: stdout.dropped_bytes() + stderr.dropped_bytes() > 0,
    };
    if (timedOut)
        return { kind: 'timed-out', timeout_ms: options.timeout_ms ?? 0, ...output };
    if (ended.by !== null)
        return { kind: 'killed', by: ended.by, ...output };
    return { kind: 'exited', code: ended.code ?? -1, ...output };
}
function collect(stream, limit_bytes) {
    const chunks = [];
    let kept_bytes = 0;
    let dropped_bytes = 0;
    stream.on('data', (chunk) => {
        const kept = chunk.subarray(0, limit_bytes - kept_bytes);
        chunks.push(kept);
        kept_bytes += kept.length;
        dropped_bytes += chunk.length - kept.length;
    });
    return {
        stream,
        text: () => Buffer.concat(chunks).toString('utf8'),
        dropped_bytes: () => dropped_bytes,
    };
}
function untilEnd(child, outputs) {
    return new Promise((resolve) => {
        child.once('error', (error) => {
            if (child.pid === undefined)
                resolve({ kind: 'not-started', code: error.code, error });
        });
        child.once('exit', (code, by) => {
            const finish = () => {
                clearTimeout(quiet);
                for (const { stream } of outputs)
                    stream.destroy();
                resolve({ kind: 'ended', code, by });
            };
            let quiet = setTimeout(finish, quiet_ms);
            for (const { stream } of outputs) {
                stream.on('data', () => {
                    clearTimeout(quiet);
                    quiet = setTimeout(finish, quiet_ms);
                });
            }
            child.once('close', finish);
        });
    });
}
// A program may end without reading all of its input; that is not our failure.
function ignoreBrokenPipe(error) {
    if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET' && error.code !== 'EOF')
        throw error;
}
/** Ends the program and everything it started, politely first. */
function endTree(child) {
    const pid = child.pid;
    if (pid === undefined)
        return;
    if (process.platform === 'win32') {
        spawn('taskkill', ['/PID', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
        return;
    }
    signalGroup(pid, 'SIGTERM');
    const insist = setTimeout(() => signalGroup(pid, 'SIGKILL'), patience_ms);
    child.once('exit', () => {
        clearTimeout(insist);
        // The program has gone; what it started may have ignored the first signal.
        signalGroup(pid, 'SIGKILL');
    });
}
function signalGroup(pid, signal) {
    try {
        process.kill(-pid, signal);
    }
    catch (error) {
        // The group has gone already, which is what was wanted.
        if (error.code !== 'ESRCH')
            throw error;
    }
}
