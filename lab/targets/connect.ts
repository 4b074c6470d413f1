// A target by its name, ready for use: its server started if it is ours to start, connected, known.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { LabError } from '../../contract/errors/labError.ts';
import type { MachineDescription, TargetFacts } from '../../contract/target.ts';
import { connectSsh, type SshConnection } from '../ssh/index.ts';
import { readFacts } from './facts.ts';
import { machinePaths, type MachinePaths } from './machinePaths.ts';
import type { OnTargetProgress } from './progress.ts';
import { getTarget, machineOf, targetFolder } from './registry.ts';
import { wakeWineTarget } from './wine/wake.ts';

export interface ConnectOptions {
  readonly dataFolder: string;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: OnTargetProgress | undefined;
}

export interface ConnectedTarget {
  readonly description: MachineDescription;
  readonly facts: TargetFacts;
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
    const facts = await readFacts(woken.description, connection, woken.wineVersion, signal);
    return connectedTarget({ ...woken, connection, facts, options });
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
  const { host, port, user, keyFile, hostKey } = description.ssh;
  const file = path.resolve(targetFolder(dataFolder, description.name), keyFile);
  const privateKey = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new LabError('ssh.authentication-failed', {
      problem: `The private key ${file} cannot be read: ${cause.message}.`,
      remedy: 'Add the target again.',
      cause,
    });
  });
  return connectSsh({
    at: { host, port, user },
    privateKey,
    hostKey: { kind: 'expected', fingerprint: hostKey },
    signal,
  });
}

interface Parts {
  readonly description: MachineDescription;
  readonly facts: TargetFacts;
  readonly connection: SshConnection;
  readonly options: ConnectOptions;
}

function connectedTarget({ description, facts, connection, options }: Parts): ConnectedTarget {
  return {
    description,
    facts,
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
