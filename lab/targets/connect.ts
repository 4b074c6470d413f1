// A target by its name, ready for use: its server started if it is ours to start, connected, known.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { LabError } from '../../contract/errors/labError.ts';
import type { MachineDescription, TargetFacts } from '../../contract/target.ts';
import { cmdThroughPowershell } from '../process/powershell.ts';
import { connectSsh, sshAgent, type SshConnection } from '../ssh/index.ts';
import { readMachine } from './facts.ts';
import { machinePaths, type MachinePaths } from './machinePaths.ts';
import type { OnTargetProgress } from './progress.ts';
import { getTarget, machineOf, targetFolder } from './registry.ts';
import { wakeWineTarget } from './wine/wake.ts';
import type { WindowsAnswer } from './windows/facts.ts';

export interface ConnectOptions {
  readonly dataFolder: string;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: OnTargetProgress | undefined;
}

export interface ConnectedTarget {
  readonly description: MachineDescription;
  readonly facts: TargetFacts;
  /** Of a Windows machine that could be asked: what the pre-flight and the checklist go by. */
  readonly windows?: WindowsAnswer | undefined;
  readonly paths: MachinePaths;
  readonly dataFolder: string;
  readonly connection: SshConnection;
  readonly exec: SshConnection['exec'];
  readonly start: SshConnection['start'];
  readonly files: SshConnection['files'];
  readonly put: SshConnection['files']['put'];
  readonly get: SshConnection['files']['get'];
  forward(port: number, options?: { signal?: AbortSignal | undefined }): Promise<Duplex>;
  /** A second connection to the same machine, to clean up when this one was cut. */
  reconnect(signal: AbortSignal): Promise<ConnectedTarget>;
  close(): Promise<void>;
}

/**
 * Errors: `target.not-found`, `target.not-a-machine`, `target.not-prepared`, `target.wine-missing`,
 * `target.sshd-missing`, `ssh.*`, `run.cancelled`.
 */
export async function connectTarget(
  name: string,
  options: ConnectOptions,
): Promise<ConnectedTarget> {
  const { dataFolder, signal, progress } = options;
  const known = machineOf(await getTarget(dataFolder, name));
  progress?.({ step: `connect to ${name}` });
  const woken =
    known.kind === 'wine'
      ? await wakeWineTarget(known, options)
      : { description: known, wineVersion: undefined };
  const connection = await connectMachine(dataFolder, woken.description, signal);
  try {
    const read = await readMachine(woken.description, connection, woken.wineVersion, signal);
    return connectedTarget({ ...woken, ...read, connection, options });
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Connects with the key and the host key that were agreed on when the target was added. */
export async function connectMachine(
  dataFolder: string,
  description: MachineDescription,
  signal: AbortSignal | undefined,
): Promise<SshConnection> {
  const { host, port, user, keyFile, hostKey, agent } = description.ssh;
  const at = { host, port, user };
  const expected = { kind: 'expected', fingerprint: hostKey } as const;
  if (agent === true) {
    const connection = await connectSsh({ at, agent: agentHere(), hostKey: expected, signal });
    return withShell(description, connection);
  }
  const file = path.resolve(targetFolder(dataFolder, description.name), keyFile);
  const privateKey = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new LabError('ssh.authentication-failed', {
      problem: `The private key ${file} cannot be read: ${cause.message}.`,
      remedy: 'Add the target again.',
      cause,
    });
  });
  return withShell(description, await connectSsh({ at, privateKey, hostKey: expected, signal }));
}

function agentHere(): string {
  const agent = sshAgent();
  if (agent !== undefined) return agent;
  throw new LabError('ssh.agent-missing', {
    problem: 'The target uses the keys of your SSH agent, and SSH_AUTH_SOCK names none.',
    remedy: 'Start ssh-agent, add the key with ssh-add, and repeat.',
  });
}

/** The lab writes for cmd.exe; where the server starts PowerShell, each line is handed on to it. */
function withShell(description: MachineDescription, connection: SshConnection): SshConnection {
  if (description.kind !== 'windows' || description.shell !== 'powershell') return connection;
  const line = (command: string): string =>
    command.startsWith('powershell.exe ') ? command : cmdThroughPowershell(command);
  return Object.create(connection, {
    exec: { value: (command: string, options = {}) => connection.exec(line(command), options) },
    start: { value: (command: string, options = {}) => connection.start(line(command), options) },
  }) as SshConnection;
}

interface Parts {
  readonly description: MachineDescription;
  readonly facts: TargetFacts;
  readonly windows: WindowsAnswer | undefined;
  readonly connection: SshConnection;
  readonly options: ConnectOptions;
}

function connectedTarget({
  description,
  facts,
  windows,
  connection,
  options,
}: Parts): ConnectedTarget {
  return {
    description,
    facts,
    windows,
    paths: machinePaths(description),
    dataFolder: options.dataFolder,
    connection,
    exec: connection.exec,
    start: connection.start,
    files: connection.files,
    put: connection.files.put,
    get: connection.files.get,
    forward: connection.forward,
    reconnect: (signal) => connectTarget(description.name, { ...options, signal }),
    close: connection.close,
  };
}
