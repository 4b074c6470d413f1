// A thin promise layer over ssh2: connect, commands, files, tunnels. Host key before anything else,
// an AbortSignal everywhere, and one error for all that was under way when the connection is lost.
import { connect as connectTcp } from 'node:net';
import ssh2, {} from 'ssh2';
import { assert } from '../../contract/assert.ts';
import { LabError } from '../../contract/errors/labError.ts';
import { cancelledError, throwIfCancelled, withLimit } from '../data/cancellation.ts';
import { fingerprintOf, judgeHostKey } from './hostKey.ts';
import { Link } from './link.ts';
import { openRemoteFiles } from './remoteFiles.ts';
import { runCommand, startCommand, } from './remoteProcess.ts';
import { connectError, connectionClosed, connectionLost, place, requestRefused, } from './sshErrors.ts';
/** The agent of this person: the variable that OpenSSH sets, or Windows' own service. */
export const sshAgent = (env = process.env, platform = process.platform) => env['SSH_AUTH_SOCK'] ?? (platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : undefined);
const READY_LIMIT_MS = 15_000;
const KEEPALIVE_MS = 5_000;
const KEEPALIVES_UNANSWERED = 3;
/**
 * Errors: `ssh.refused`, `ssh.host-key-unknown`, `ssh.host-key-changed`,
 * `ssh.authentication-failed`, `run.cancelled`.
 */
export async function connectSsh(options) {
    const { at } = options;
    checkPrivateKey(options);
    const limit = withLimit(options.signal, options.readyLimit_ms ?? READY_LIMIT_MS, () => connectError(at, new Error('no answer in time')));
    const client = new ssh2.Client();
    const link = new Link();
    try {
        const socket = await openSocket(at, limit.signal);
        // Before ssh2 listens: the loss must be known before ssh2 fails what was pending.
        socket.once('end', () => link.fail(connectionLost(at)));
        socket.once('error', (error) => link.fail(connectionLost(at, error)));
        socket.once('close', () => link.fail(connectionLost(at)));
        client.on('error', (error) => link.fail(connectionLost(at, error)));
        const hostKey = await handshake(client, socket, options, limit.signal);
        return makeConnection({ at, client, link, socket, hostKey });
    }
    finally {
        limit.done();
    }
}
function checkPrivateKey({ at, privateKey, passphrase, agent }) {
    if (privateKey === undefined) {
        assert(agent !== undefined, 'a connection has a key or an agent');
        return;
    }
    const parsed = ssh2.utils.parseKey(privateKey, passphrase);
    if (!(parsed instanceof Error))
        return;
    if (/encrypted/i.test(parsed.message) && passphrase === undefined) {
        throw new LabError('ssh.passphrase-needed', {
            problem: `The private key for ${place(at)} is encrypted.`,
            remedy: 'Give its passphrase, or load the key into your SSH agent and use that.',
        });
    }
    throw new LabError('ssh.authentication-failed', {
        problem: `The private key for ${place(at)} cannot be read: ${parsed.message}.`,
        remedy: 'Use an unencrypted private key in OpenSSH or PEM form, or add the target again.',
    });
}
function openSocket(at, signal) {
    throwIfCancelled(signal, `connecting to ${place(at)}`);
    return new Promise((resolve, reject) => {
        const socket = connectTcp({ host: at.host, port: at.port, noDelay: true });
        const abort = () => void socket.destroy(cancelledError(signal, 'connecting'));
        signal.addEventListener('abort', abort);
        socket.once('connect', () => {
            signal.removeEventListener('abort', abort);
            socket.removeAllListeners('error');
            resolve(socket);
        });
        socket.once('error', (error) => {
            signal.removeEventListener('abort', abort);
            reject(error instanceof LabError ? error : connectError(at, error));
        });
    });
}
function handshake(client, socket, options, signal) {
    const { at } = options;
    return new Promise((resolve, reject) => {
        let offered = '';
        let judged;
        const settle = (act) => {
            signal.removeEventListener('abort', abort);
            act();
        };
        const fail = (error) => settle(() => {
            socket.destroy();
            reject(error);
        });
        const abort = () => fail(cancelledError(signal, `connecting to ${place(at)}`));
        signal.addEventListener('abort', abort);
        client.once('error', (error) => fail(judged ?? connectError(at, error)));
        client.once('close', () => fail(judged ?? connectError(at, new Error('it hung up'))));
        client.once('ready', () => settle(() => resolve(offered)));
        client.connect({
            sock: socket,
            username: at.user,
            ...(options.privateKey === undefined ? {} : { privateKey: options.privateKey }),
            ...(options.passphrase === undefined ? {} : { passphrase: options.passphrase }),
            ...(options.agent === undefined ? {} : { agent: options.agent }),
            readyTimeout: 0, // the signal carries the limit
            keepaliveInterval: options.keepalive_ms ?? KEEPALIVE_MS,
            keepaliveCountMax: KEEPALIVES_UNANSWERED,
            hostVerifier: (blob, verified) => {
                offered = fingerprintOf(blob);
                judgeHostKey(at, options.hostKey, offered).then((error) => {
                    judged = error;
                    verified(error === undefined);
                }, fail);
            },
        });
    });
}
function makeConnection({ at, client, link, socket, hostKey }) {
    const shell = { at, client, link };
    return {
        at,
        hostKey,
        get requests() {
            return link.requests;
        },
        get loss() {
            return link.loss;
        },
        exec: (command, options = {}) => runCommand(shell, command, options),
        start: (command, options = {}) => startCommand(shell, command, options),
        files: openRemoteFiles(shell),
        forward: (port, options = {}) => link.call({
            what: `opening a tunnel to port ${port}`,
            signal: options.signal,
            counts: 'tunnels',
            discard: (late) => late.destroy(),
            fails: (error) => requestRefused(at, `connect to its port ${port}`, error),
        }, (done) => client.forwardOut('127.0.0.1', 0, '127.0.0.1', port, done)),
        onLoss: (tell) => link.onLoss(tell),
        close: () => hangUp(client, socket, link, at),
    };
}
/** Says goodbye; a peer that does not answer is left after a moment. */
function hangUp(client, socket, link, at) {
    link.fail(connectionClosed(at));
    if (socket.destroyed)
        return Promise.resolve();
    return new Promise((resolve) => {
        const impatient = setTimeout(() => socket.destroy(), 1_000);
        socket.once('close', () => {
            clearTimeout(impatient);
            resolve();
        });
        client.end();
    });
}
