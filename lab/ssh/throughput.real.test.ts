// Goal: copying arrives whole, and its rate is shown beside that of OpenSSH's own sftp, against the same server in the same run, and a
// driver of usual size arrives within a second. Method: an sshd of our own on the loopback.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import ssh2, { type SFTPWrapper } from 'ssh2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startInBackground, type BackgroundProgram } from '../process/background.ts';
import { findProgram, runProgram } from '../process/index.ts';
import { createKeyPair } from './keyPair.ts';
import type { Done } from './link.ts';
import { receiveChunks, sendChunks, type Packet } from './transfer.ts';

const sftpProgram = await findProgram('sftp');
const sshd = ['/usr/sbin/sshd', '/usr/bin/sshd'].find((file) => existsSync(file));
const SIZE_BYTES = 48 * 1024 * 1024;
const ROUNDS = 2;
const { signal } = new AbortController();

describe.skipIf(sftpProgram === undefined || sshd === undefined)('copying', () => {
  let folder = '';
  let port = 0;
  let server: BackgroundProgram;
  let client: ssh2.Client;
  let sftp: SFTPWrapper;
  const file = (name: string): string => path.join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'fltlab-sftp-'));
    if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true });
    const [host, mine] = [createKeyPair('host'), createKeyPair('me')];
    await writeFile(file('host'), host.privateKey, { mode: 0o600 });
    await writeFile(file('me'), mine.privateKey, { mode: 0o600 });
    await writeFile(file('authorized'), `${mine.publicKey}\n`);
    await writeFile(file('source'), randomBytes(SIZE_BYTES));
    port = await freePort();
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
    server = startInBackground(sshd ?? '', ['-D', '-e', '-f', file('config')], process.env, log);
    while (!(await readFile(file('log'), 'utf8')).includes('Server listening')) {
      expect(server.ended()).toBeUndefined();
      await pause(20);
    }
    client = new ssh2.Client();
    const username = userInfo().username;
    client.connect({ host: '127.0.0.1', port, username, privateKey: mine.privateKey });
    await once(client, 'ready');
    sftp = await new Promise((resolve, reject) =>
      client.sftp((error, channel) => (error ? reject(error) : resolve(channel))),
    );
  });
  afterAll(async () => {
    client?.end();
    server?.kill();
    await server?.end;
    await rm(folder, { recursive: true, force: true });
  });

  const packet: Packet = <T>(begin: (done: Done<T>) => void): Promise<T> =>
    new Promise((resolve, reject) =>
      begin((error, value) => (error ? reject(error) : resolve(value as T))),
    );

  const put = async (from: string, to: string, size_bytes: number): Promise<void> => {
    const source = await open(from);
    const handle = await packet<Buffer>((done) => sftp.open(to, 'w', done));
    await sendChunks(sftp, handle, source, size_bytes, packet);
    await packet<void>((done) => sftp.close(handle, done));
    await source.close();
  };
  const get = async (from: string, to: string, size_bytes: number): Promise<void> => {
    const target = await open(to, 'w');
    const handle = await packet<Buffer>((done) => sftp.open(from, 'r', done));
    const write = (chunk: Uint8Array, at: number) => target.write(chunk, 0, chunk.length, at);
    await receiveChunks(sftp, handle, write, size_bytes, packet);
    await packet<void>((done) => sftp.close(handle, done));
    await target.close();
  };
  const openSsh = async (line: string): Promise<void> => {
    const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'];
    const at = `${userInfo().username}@127.0.0.1`;
    const args = [...options.flatMap((one) => ['-o', one]), '-i', file('me'), '-P', String(port)];
    const result = await runProgram(sftpProgram ?? '', ['-b', '-', ...args, at], {
      signal,
      input: `${line}\n`,
    });
    expect(result).toMatchObject({ kind: 'exited', code: 0 });
  };
  /** Each round measures all, one after another: other work on the machine slows all alike. */
  const best = async <Name extends string>(
    works: Readonly<Record<Name, () => Promise<void>>>,
  ): Promise<Record<Name, number>> => {
    const took_ms = {} as Record<Name, number>;
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const name of Object.keys(works) as Name[]) {
        const started_ms = performance.now();
        await works[name]();
        took_ms[name] = Math.min(took_ms[name] ?? Infinity, performance.now() - started_ms);
      }
    }
    return took_ms;
  };

  test('both ways whole; the rates are printed beside those of OpenSSH', async () => {
    const took = await best({
      connect: () => openSsh('pwd'),
      theirPut: () => openSsh(`put ${file('source')} ${file('a')}`),
      ourPut: () => put(file('source'), file('c'), SIZE_BYTES),
      theirGet: () => openSsh(`get ${file('source')} ${file('b')}`),
      ourGet: () => get(file('source'), file('d'), SIZE_BYTES),
    });
    const theirs = { put: took.theirPut - took.connect, get: took.theirGet - took.connect };
    const ours = { put: took.ourPut, get: took.ourGet };
    const rate = (ms: number): string => `${(SIZE_BYTES / 1e3 / ms).toFixed(0)} MB/s`;
    console.log(
      `put ${rate(ours.put)}, OpenSSH ${rate(theirs.put)}; get ${rate(ours.get)}, OpenSSH ${rate(theirs.get)}`,
    );
    const digest = async (name: string): Promise<string> =>
      createHash('sha256')
        .update(await readFile(file(name)))
        .digest('hex');
    expect(await digest('c')).toBe(await digest('source'));
    expect(await digest('d')).toBe(await digest('source'));
  });

  test('of a driver of 200 KB takes less than a second', async () => {
    await writeFile(file('driver.sys'), randomBytes(200_000));
    const started_ms = performance.now();
    await put(file('driver.sys'), file('there.sys'), 200_000);
    expect(performance.now() - started_ms).toBeLessThan(1_000);
  });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
