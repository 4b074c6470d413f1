// QMP, the control protocol of QEMU: one JSON object a line, a greeting, then commands and events.
// A socket of QEMU serves one client at a time, so a connection is made for one operation and closed.
import { connect } from 'node:net';
import { cancelledError, throwIfCancelled } from '../../data/cancellation.ts';
/** QEMU said no: its class and its words. */
export class QmpRefusal extends Error {
    name = 'QmpRefusal';
    command;
    class;
    constructor(command, told) {
        super(told.desc);
        this.command = command;
        this.class = told.class;
    }
}
/** The other end is gone: QEMU ended or was killed. */
export class QmpClosed extends Error {
    name = 'QmpClosed';
}
/** A message of QEMU is a few kilobytes; one that never ends is not QMP. */
const LINE_LIMIT = 8 * 1024 * 1024;
export class Qmp {
    socket;
    waiting = new Map();
    listeners = new Set();
    decoder = new TextDecoder();
    rest = '';
    next = 1;
    closed;
    greeted;
    constructor(socket) {
        this.socket = socket;
        socket.on('data', (chunk) => this.take(chunk));
        socket.on('error', (error) => this.fail(new QmpClosed(error.message)));
        socket.on('close', () => this.fail(new QmpClosed('the connection was closed')));
    }
    /** Connects and gets through the greeting. A socket that another client holds never greets. */
    static async open(path, signal) {
        throwIfCancelled(signal, 'connecting to QEMU');
        const socket = connect({ path });
        const qmp = new Qmp(socket);
        const abort = () => qmp.fail(cancelledError(signal, 'connecting to QEMU'));
        signal.addEventListener('abort', abort);
        try {
            await new Promise((resolve, reject) => {
                qmp.greeted = (error) => (error === undefined ? resolve() : reject(error));
                if (qmp.closed !== undefined)
                    reject(qmp.closed);
            });
            await qmp.command('qmp_capabilities', {}, signal);
            return qmp;
        }
        catch (error) {
            qmp.close();
            throw error;
        }
        finally {
            signal.removeEventListener('abort', abort);
        }
    }
    /** Errors: QmpRefusal, QmpClosed, `run.cancelled` (QEMU may still carry it out). */
    command(command, args, signal) {
        if (this.closed !== undefined)
            return Promise.reject(this.closed);
        if (signal.aborted)
            return Promise.reject(cancelledError(signal, command));
        const id = this.next++;
        return new Promise((resolve, reject) => {
            const abort = () => {
                this.waiting.delete(id);
                reject(cancelledError(signal, command));
            };
            const leave = (act) => {
                return (value) => {
                    signal.removeEventListener('abort', abort);
                    act(value);
                };
            };
            signal.addEventListener('abort', abort);
            this.waiting.set(id, { resolve: leave(resolve), reject: leave(reject), command });
            this.socket.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`);
        });
    }
    /** Returns how to stop listening. */
    onEvent(tell) {
        this.listeners.add(tell);
        return () => this.listeners.delete(tell);
    }
    /** Resolves with the first event that `wanted` accepts; listening begins at once. */
    event(wanted, signal) {
        if (this.closed !== undefined)
            return Promise.reject(this.closed);
        return new Promise((resolve, reject) => {
            const leave = () => {
                stop();
                signal.removeEventListener('abort', abort);
                this.socket.removeListener('close', gone);
            };
            const abort = () => {
                leave();
                reject(cancelledError(signal, 'waiting for QEMU'));
            };
            const gone = () => {
                leave();
                reject(this.closed ?? new QmpClosed('the connection was closed'));
            };
            const stop = this.onEvent((event) => {
                if (!wanted(event))
                    return;
                leave();
                resolve(event);
            });
            signal.addEventListener('abort', abort);
            this.socket.once('close', gone);
        });
    }
    close() {
        this.closed ??= new QmpClosed('closed by the lab');
        this.socket.destroy();
    }
    take(chunk) {
        this.rest += this.decoder.decode(chunk, { stream: true });
        for (let end = this.rest.indexOf('\n'); end >= 0; end = this.rest.indexOf('\n')) {
            const line = this.rest.slice(0, end);
            this.rest = this.rest.slice(end + 1);
            if (line.trim() !== '')
                this.message(line);
        }
        if (this.rest.length > LINE_LIMIT)
            this.fail(new QmpClosed('what answers does not speak QMP'));
    }
    message(line) {
        const message = parseLine(line);
        if (message === undefined)
            return this.fail(new QmpClosed('what answers does not speak QMP'));
        if ('QMP' in message)
            return this.greeted?.();
        if (typeof message['event'] === 'string') {
            for (const tell of [...this.listeners])
                tell(message);
            return;
        }
        const id = Number(message['id']);
        const waiting = this.waiting.get(id);
        this.waiting.delete(id);
        const error = message['error'];
        if (error === undefined)
            waiting?.resolve(message['return']);
        else
            waiting?.reject(new QmpRefusal(waiting.command, error));
    }
    fail(error) {
        this.closed ??= error;
        this.greeted?.(error);
        for (const { reject } of this.waiting.values())
            reject(error);
        this.waiting.clear();
        this.socket.destroy();
    }
}
function parseLine(line) {
    try {
        return JSON.parse(line);
    }
    catch (error) {
        if (error instanceof SyntaxError)
            return undefined;
        throw error;
    }
}
