// Commands on the other machine.
import type { Readable, Writable } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import type { Link } from './link.ts';
import { requestRefused, type SshEndpoint } from './sshErrors.ts';

export interface Shell {
  readonly at: SshEndpoint;
  readonly client: Client;
  readonly link: Link;
}

export interface CommandOptions {
  readonly signal?: AbortSignal | undefined;
  /** Standard input; empty when left out. */
  readonly input?: string | Uint8Array;
  /** Told as it comes, beside being gathered. */
  readonly onOutput?: (text: string, stream: 'stdout' | 'stderr') => void;
}

export interface CommandResult {
  /** Null when the command was ended by the other side without one. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** True when more was printed than is kept. */
  readonly truncated: boolean;
}

export interface RemoteProcess {
  readonly stdin: Writable;
  /** Both must be consumed: SSH stops the command when its window is full. */
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** The exit code; rejects with `ssh.connection-lost`. */
  ended(): Promise<number | null>;
  /** Hangs up. SSH can promise no more: a command that ignores its closed streams runs on. */
  close(): void;
}

/** What is kept of each stream; the lab's own commands print a few kilobytes. */
const KEPT_CHARACTERS = 4 * 1024 * 1024;

export async function startCommand(
  shell: Shell,
  command: string,
  options: { readonly signal?: AbortSignal | undefined },
): Promise<RemoteProcess> {
  const channel = await openChannel(shell, command, options.signal);
  // Listened to from the start: a short command has ended before the caller asks.
  let code: number | null | undefined;
  const listeners = new Set<() => void>();
  channel.once('exit', (exit: number | null) => {
    code = exit;
    for (const tell of listeners) tell();
  });
  channel.once('close', () => {
    code ??= null;
    for (const tell of listeners) tell();
  });
  return {
    stdin: channel.stdin,
    stdout: channel,
    stderr: channel.stderr,
    ended: () =>
      shell.link.call<number | null>(
        {
          what: 'waiting for a command',
          signal: options.signal,
          fails: (error) => requestRefused(shell.at, 'run a command', error),
        },
        (done) => {
          if (code !== undefined) done(null, code);
          else listeners.add(() => done(null, code ?? null));
        },
      ),
    close: () => hangUp(channel),
  };
}

export async function runCommand(
  shell: Shell,
  command: string,
  options: CommandOptions,
): Promise<CommandResult> {
  const channel = await openChannel(shell, command, options.signal);
  const stdout = gather(channel, (text) => options.onOutput?.(text, 'stdout'));
  const stderr = gather(channel.stderr, (text) => options.onOutput?.(text, 'stderr'));
  let code: number | null = null;
  channel.once('exit', (exit: number | null) => (code = exit));
  const ended = shell.link.call<void>(
    {
      what: 'running a command on the target',
      signal: options.signal,
      fails: (error) => requestRefused(shell.at, 'run a command', error),
    },
    (done) => {
      channel.once('error', done);
      channel.once('close', () => done(null));
    },
  );
  channel.end(options.input);
  try {
    await ended;
  } finally {
    hangUp(channel);
  }
  return {
    code,
    stdout: stdout.text(),
    stderr: stderr.text(),
    truncated: stdout.truncated() || stderr.truncated(),
  };
}

function openChannel(
  { at, client, link }: Shell,
  command: string,
  signal: AbortSignal | undefined,
): Promise<ClientChannel> {
  return link.call<ClientChannel>(
    {
      what: 'starting a command on the target',
      signal,
      counts: 'commands',
      discard: hangUp,
      fails: (error) => requestRefused(at, 'run a command', error),
    },
    (done) => client.exec(command, done),
  );
}

/** Ends a channel whatever state it is in; unread data would keep it, and the server, waiting. */
function hangUp(channel: ClientChannel): void {
  // A write may still be under way when the command goes away: that failure is nobody's news.
  channel.on('error', () => undefined);
  channel.resume();
  channel.stderr.resume();
  channel.close();
}

function gather(stream: Readable, told: (text: string) => void) {
  const decoder = new TextDecoder();
  const kept: string[] = [];
  let length = 0;
  stream.on('data', (chunk: Buffer) => {
    const text = decoder.decode(chunk, { stream: true });
    told(text);
    length += text.length;
    if (length <= KEPT_CHARACTERS) kept.push(text);
  });
  return {
    text: (): string => kept.join(''),
    truncated: (): boolean => length > KEPT_CHARACTERS,
  };
}
