// An OpenSSH server of this machine's own on the loopback, and OpenSSH's sftp beside it: what the lab's
// copying is measured against.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startInBackground } from '../../process/background.ts';
import { findProgram, runProgram } from '../../process/index.ts';
import { createKeyPair } from '../keyPair.ts';
import type { SshEndpoint } from '../sshErrors.ts';

const sftpProgram = await findProgram('sftp');
const sshd = ['/usr/sbin/sshd', '/usr/bin/sshd'].find((file) => existsSync(file));

/** Both programs of OpenSSH are installed. */
export const hasOpenSsh = sftpProgram !== undefined && sshd !== undefined;

export interface LoopbackServer {
  readonly at: SshEndpoint;
  readonly privateKey: string;
  /** A path in its folder. */
  file(name: string): string;
  /** One line of OpenSSH's own sftp: a connection, the line, and the end. */
  openSsh(line: string): Promise<void>;
  close(): Promise<void>;
}

export async function startLoopbackServer(): Promise<LoopbackServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fltlab-sftp-'));
  const file = (name: string): string => path.join(folder, name);
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true });
  const [host, mine] = [createKeyPair('host'), createKeyPair('me')];
  await writeFile(file('host'), host.privateKey, { mode: 0o600 });
  await writeFile(file('me'), mine.privateKey, { mode: 0o600 });
  await writeFile(file('authorized'), `${mine.publicKey}\n`);
  const port = await freePort();
  const config = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${file('host')}`,
    `AuthorizedKeysFile ${file('authorized')}`,
    'StrictModes no',
    'PermitRootLogin yes',
    'PidFile none',
    'Subsystem sftp internal-sftp',
  ];
  await writeFile(file('config'), `${config.join('\n')}\n`);
  const log = { logFile: file('log') };
  const server = startInBackground(
    sshd ?? '',
    ['-D', '-e', '-f', file('config')],
    process.env,
    log,
  );
  while (!(await readFile(file('log'), 'utf8')).includes('Server listening')) {
    if (server.ended() !== undefined)
      throw new Error(`sshd: ${await readFile(file('log'), 'utf8')}`);
    await pause(20);
  }
  const user = userInfo().username;
  const openSsh = async (line: string): Promise<void> => {
    const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'];
    const args = [...options.flatMap((one) => ['-o', one]), '-i', file('me'), '-P', String(port)];
    const result = await runProgram(sftpProgram ?? '', ['-b', '-', ...args, `${user}@127.0.0.1`], {
      signal: AbortSignal.timeout(120_000),
      input: `${line}\n`,
    });
    if (result.kind !== 'exited' || result.code !== 0) throw new Error(JSON.stringify(result));
  };
  return {
    at: { host: '127.0.0.1', port, user },
    privateKey: mine.privateKey,
    file,
    openSsh,
    close: async () => {
      server.kill();
      await server.end;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
