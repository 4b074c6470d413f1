// A thin promise layer over ssh2: connect, commands, files, tunnels. Host key before anything else,
// an AbortSignal everywhere, and one error for all that was under way when the connection is lost.
import { connect as connectTcp, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2, { type Client } from 'ssh2';
import { assert } from '../../contract/assert.ts';
import { LabError } from '../../contract/errors/labError.ts';
import { cancelledError, throwIfCancelled, withLimit } from '../data/cancellation.ts';
import { fingerprintOf, judgeHostKey, type Fingerprint, type HostKeyPolicy } from './hostKey.ts';
import { Link, type RequestCount } from './link.ts';
import { openRemoteFiles, type RemoteFiles } from './remoteFiles.ts';
import {
  runCommand,
  startCommand,
  type CommandOptions,
  type CommandResult,
  type RemoteProcess,
} from './remoteProcess.ts';
import {
  connectError,
  connectionClosed,
  connectionLost,
  place,
  requestRefused,
  type SshEndpoint,
} from './sshErrors.ts';

export interface SshOptions {
  readonly at: SshEndpoint;
  /** The private key itself, in OpenSSH or PEM form; never written anywhere. */
  readonly privateKey?: string | undefined;
  /** For a key that is encrypted; asked of the person or a store of the system, kept nowhere. */
  readonly passphrase?: string | undefined;
  /** Where the SSH agent answers (`sshAgent`), in place of a key. */
  readonly agent?: string | undefined;
  readonly hostKey: HostKeyPolicy;
  readonly signal?: AbortSignal | undefined;
  /** From the first packet until commands may be sent. */
  readonly readyLimit_ms?: number;
  /** A silent peer is given up after three of these. */
  readonly keepalive_ms?: number;
}

export interface SshConnection {
  readonly at: SshEndpoint;
  readonly hostKey: Fingerprint;
  /** Round trips so far, as the caller sees them: commands, file operations, tunnels. */
  readonly requests: RequestCount;
  /** Why the connection ended; undefined while it lives. */
  readonly loss: LabError | undefined;
  /** Runs a command in the shell of the other machine and gathers what it prints. */
  exec(command: string, options?: CommandOptions): Promise<CommandResult>;
  /** Starts a command; the caller reads its streams. */
  start(command: string, options?: { signal?: AbortSignal | undefined }): Promise<RemoteProcess>;
  readonly files: RemoteFiles;
  /** A TCP connection made by the other machine to a port of its own loopback. */
  forward(port: number, options?: { signal?: AbortSignal | undefined }): Promise<Duplex>;
  /** Called once when the connection ends, also by `close`. Returns how to stop listening. */
  onLoss(tell: (error: LabError) => void): () => void;
  close(): Promise<void>;
}

/** The agent of this person: the variable that OpenSSH sets, or Windows' own service. */
export const sshAgent = (
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string | undefined =>
  env['SSH_AUTH_SOCK'] ?? (platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : undefined);

const READY_LIMIT_MS = 15_000;
const KEEPALIVE_MS = 5_000;
const KEEPALIVES_UNANSWERED = 3;

/**
 * Errors: `ssh.refused`, `ssh.host-key-unknown`, `ssh.host-key-changed`,
 * `ssh.authentication-failed`, `run.cancelled`.
 */
export async function connectSsh(options: SshOptions): Promise<SshConnection> {
  const { at } = options;
  checkPrivateKey(options);
  const limit = withLimit(options.signal, options.readyLimit_ms ?? READY_LIMIT_MS, () =>
    connectError(at, new Error('no answer in time')),
  );
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
  } finally {
    limit.done();
  }
}

function checkPrivateKey({ at, privateKey, passphrase, agent }: SshOptions): void {
  if (privateKey === undefined) {
    assert(agent !== undefined, 'a connection has a key or an agent');
    return;
  }
  const parsed = ssh2.utils.parseKey(privateKey, passphrase);
  if (!(parsed instanceof Error)) return;
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

function openSocket(at: SshEndpoint, signal: AbortSignal): Promise<Socket> {
  throwIfCancelled(signal, `connecting to ${place(at)}`);
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host: at.host, port: at.port, noDelay: true });
    const abort = (): void => void socket.destroy(cancelledError(signal, 'connecting'));
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

function handshake(
  client: Client,
  socket: Socket,
  options: SshOptions,
  signal: AbortSignal,
): Promise<Fingerprint> {
  const { at } = options;
  return new Promise((resolve, reject) => {
    let offered: Fingerprint = '';
    let judged: LabError | undefined;
    const settle = (act: () => void): void => {
      signal.removeEventListener('abort', abort);
      act();
    };
    const fail = (error: Error): void =>
      settle(() => {
        socket.destroy();
        reject(error);
      });
    const abort = (): void => fail(cancelledError(signal, `connecting to ${place(at)}`));
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
      hostVerifier: (blob: Buffer, verified: (accepted: boolean) => void): void => {
        offered = fingerprintOf(blob);
        judgeHostKey(at, options.hostKey, offered).then((error) => {
          judged = error;
          verified(error === undefined);
        }, fail);
      },
    });
  });
}

interface Parts {
  readonly at: SshEndpoint;
  readonly client: Client;
  readonly link: Link;
  readonly socket: Socket;
  readonly hostKey: Fingerprint;
}

function makeConnection({ at, client, link, socket, hostKey }: Parts): SshConnection {
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
    forward: (port, options = {}) =>
      link.call<Duplex>(
        {
          what: `opening a tunnel to port ${port}`,
          signal: options.signal,
          counts: 'tunnels',
          discard: (late) => late.destroy(),
          fails: (error) => requestRefused(at, `connect to its port ${port}`, error),
        },
        (done) => client.forwardOut('127.0.0.1', 0, '127.0.0.1', port, done),
      ),
    onLoss: (tell) => link.onLoss(tell),
    close: () => hangUp(client, socket, link, at),
  };
}

/** Says goodbye; a peer that does not answer is left after a moment. */
function hangUp(client: Client, socket: Socket, link: Link, at: SshEndpoint): Promise<void> {
  link.fail(connectionClosed(at));
  if (socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const impatient = setTimeout(() => socket.destroy(), 1_000);
    socket.once('close', () => {
      clearTimeout(impatient);
      resolve();
    });
    client.end();
  });
}
