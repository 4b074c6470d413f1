// The two-way stream between the lab and a debugger or a serial line, whatever carries it. Whoever reads
// may say "not now": then nothing is read from the other side, and the other side waits.
import { connect } from 'node:net';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { isLabError, LabError } from '../../../contract/errors/labError.ts';
/** A program on a terminal of its own. Errors: `native.module-missing`, `kd.not-started`. */
export function openPty({ program, args, cwd, env }) {
    const pty = loadPty();
    const terminal = start(() => pty.spawn(program, [...args], {
        name: 'dumb',
        cols: 500, // a debugger that knows the width folds its lines at it
        rows: 50,
        // Bytes: a character that is cut between two chunks stays whole.
        encoding: null,
        env: { ...(env ?? process.env), TERM: 'dumb' },
        ...(cwd === undefined ? {} : { cwd }),
    }));
    return {
        onData: (tell) => 
        // Typed as text; with `encoding: null` these are bytes.
        void terminal.onData((chunk) => tell(chunk)),
        onEnd: (tell) => void terminal.onExit(({ exitCode, signal }) => tell(signal ? `signal ${signal}` : `code ${exitCode}`)),
        write: (data) => (data === CTRL_C ? interrupt(terminal) : terminal.write(data)),
        interrupt: () => interrupt(terminal),
        pause: () => terminal.pause(),
        resume: () => terminal.resume(),
        close: () => terminal.kill(process.platform === 'win32' ? undefined : 'SIGKILL'),
    };
}
const CTRL_C = '\x03';
/**
 * Ctrl+C as a character makes a POSIX terminal throw away what is on its way through it, in both
 * directions: output of the target, and a command that was typed a moment before. A signal does not.
 */
function interrupt(terminal) {
    if (process.platform === 'win32')
        terminal.write(CTRL_C);
    else
        terminal.kill('SIGINT');
}
function start(spawn) {
    try {
        return spawn();
    }
    catch (cause) {
        throw new LabError('kd.not-started', {
            problem: `The debugger could not be started: ${cause.message}.`,
            remedy: 'Check that it is installed where the session says.',
            cause,
        });
    }
}
export function ptyIsBuilt() {
    try {
        loadPty();
        return true;
    }
    catch (error) {
        if (isLabError(error))
            return false;
        throw error;
    }
}
/** Native, and optional: only sessions need it. */
function loadPty() {
    try {
        return createRequire(import.meta.url)('node-pty');
    }
    catch (cause) {
        throw new LabError('native.module-missing', {
            problem: `The terminal of debugger sessions (node-pty) was not built: ${cause.message}.`,
            remedy: 'Install a C++ compiler and run `npm rebuild node-pty` in the folder of FltLab.',
            cause,
        });
    }
}
/** A serial line or another stream of a virtual machine. Errors: `kd.not-connected`. */
export async function openStream(stream, signal) {
    const socket = stream.kind === 'tcp'
        ? connect({ host: stream.host, port: stream.port })
        : connect({ path: stream.path });
    try {
        await once(socket, 'connect', { signal });
    }
    catch (cause) {
        socket.destroy();
        throw new LabError('kd.not-connected', {
            problem: `Nobody answers at ${place(stream)}: ${cause.message}.`,
            remedy: 'Check that the machine runs and that its serial line is set up as the lab knows it.',
            cause,
        });
    }
    let why = 'the other side closed the line';
    socket.on('error', (error) => (why = error.message));
    return {
        onData: (tell) => void socket.on('data', tell),
        onEnd: (tell) => void socket.once('close', () => tell(why)),
        write: (data) => void socket.write(data),
        interrupt: () => void socket.write(CTRL_C),
        pause: () => void socket.pause(),
        resume: () => void socket.resume(),
        close: () => void socket.destroy(),
    };
}
const place = (stream) => stream.kind === 'tcp' ? `${stream.host}:${stream.port}` : stream.path;
/** A debugger that another machine runs, over SSH. */
export function remoteChannel(process) {
    return {
        onData: (tell) => {
            process.stdout.on('data', tell);
            process.stderr.on('data', tell);
        },
        onEnd: (tell) => void process.ended().then((code) => tell(`code ${code ?? 'none'}`), (error) => tell(error.message)),
        write: (data) => void process.stdin.write(data),
        interrupt: () => void process.stdin.write(CTRL_C),
        pause: () => {
            process.stdout.pause();
            process.stderr.pause();
        },
        resume: () => {
            process.stdout.resume();
            process.stderr.resume();
        },
        close: () => process.close(),
    };
}
