// The SSH layer against a real OpenSSH server: that of a Wine target. What it carries, and each way in
// which a connection may fail, before it is ready and in the middle of something.
import { createHash, randomBytes } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LabError } from '../../contract/errors/labError.ts';
import type { MachineDescription } from '../../contract/target.ts';
import { getTarget, type ConnectedTarget } from '../targets/index.ts';
import { makeWineTarget, type TestTarget } from '../targets/testdata/wineTarget.ts';
import { connectSsh, createKeyPair, type SshOptions } from './index.ts';

const ROOT = 'C:\\FltLab\\ssh test';
let wine: TestTarget;
let target: ConnectedTarget;
let options: SshOptions;

beforeAll(async () => {
  wine = await makeWineTarget();
  target = await wine.connect();
  const description = (await getTarget(wine.dataFolder, wine.name)) as MachineDescription;
  options = {
    at: description.ssh,
    privateKey: await readFile(path.join(wine.layout.folder, wine.layout.keyFile), 'utf8'),
    hostKey: { kind: 'expected', fingerprint: description.ssh.hostKey },
  };
  await target.files.removeTree(ROOT);
  await target.files.makeFolder(ROOT);
});
afterAll(async () => {
  await target?.files.removeTree(ROOT);
  await target?.close();
  await wine?.dispose();
});

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const local = (name: string): string => path.join(wine.dataFolder, name);
/** On the host, behind the back of SSH. */
const onHost = (name: string): string => path.join(wine.layout.driveC, 'FltLab/ssh test', name);

test.each([
  ['empty', 0],
  ['one byte', 1],
  ['one chunk, exactly', 255 * 1024],
  ['many chunks and a rest', 20_000_003],
])('a file goes there and comes back whole: %s', async (name, size_bytes) => {
  const bytes = randomBytes(size_bytes);
  await writeFile(local('there'), bytes);
  const told: number[] = [];
  const progress = (done: number, total: number): void => void told.push(done / total);
  await target.put(local('there'), `${ROOT}\\${name}`, { progress });
  await target.get(`${ROOT}\\${name}`, local('back'));
  expect(digest(await readFile(local('back')))).toBe(digest(bytes));
  expect(digest(await target.files.read(`${ROOT}\\${name}`))).toBe(digest(bytes));
  if (size_bytes > 0) expect(told.at(-1)).toBe(1);
  expect(told).toEqual([...told].sort((a, b) => a - b));
});

test('files of the target are made, listed, replaced, renamed and removed', async () => {
  const { files } = target;
  await files.makeFolder(`${ROOT}\\a\\b`);
  await files.put(Buffer.from('1'), `${ROOT}\\a\\x`);
  await files.put(Buffer.from('22'), `${ROOT}\\a\\x`);
  await files.rename(`${ROOT}\\a\\x`, `${ROOT}\\a\\Grüße 日本`);
  expect(await files.list(`${ROOT}\\a`)).toMatchObject([
    { name: 'Grüße 日本', kind: 'file', size_bytes: 2 },
    { name: 'b', kind: 'folder' },
  ]);
  expect(await files.stat(`${ROOT}\\A\\B`), 'in any case').toMatchObject({ kind: 'folder' });
  expect(await files.stat(`${ROOT}\\none`)).toBeUndefined();
  expect(await files.list(`${ROOT}\\none`)).toBeUndefined();
  expect(await files.readIfThere(`${ROOT}\\none`)).toBeUndefined();
  expect(await files.remove(`${ROOT}\\none`)).toBe(false);
  await files.removeTree(`${ROOT}\\a`);
  expect(await files.stat(`${ROOT}\\a`)).toBeUndefined();
  await expect(files.read(`${ROOT}\\none`)).rejects.toMatchObject({ code: 'ssh.file-failed' });
  await expect(files.put(local('none'), `${ROOT}\\x`)).rejects.toMatchObject({
    code: 'deploy.copy-failed',
  });
  await expect(files.put(Buffer.from(''), `${ROOT}\\no\\x`)).rejects.toMatchObject({
    code: 'deploy.copy-failed',
  });
});

test.each([
  ['a word', 'echo hello', 0, 'hello'],
  ['an exit code', 'exit /b 7', 7, ''],
  ['quotes', 'echo "a  b" c', 0, '"a  b" c'],
  ['a quoted program', '"C:\\windows\\system32\\cmd.exe" /c echo "q & q"', 0, '"q & q"'],
  ['a variable', 'echo %SystemDrive%', 0, 'C:'],
  ['two commands', 'echo 1& echo 2', 0, '1\r\n2'],
  ['a path with blanks', 'if exist "C:\\Program Files" echo yes', 0, 'yes'],
  ['a program that is not there', 'no-such-program', 49, ''],
])('a command of cmd.exe: %s', async (_name, command, code, stdout) => {
  const result = await target.exec(command);
  expect([result.code, result.stdout.trim()]).toEqual([code, stdout]);
});

test('output and error are apart, and told as they come', async () => {
  const told = { stdout: '', stderr: '' };
  const onOutput = (text: string, stream: keyof typeof told): void => void (told[stream] += text);
  const result = await target.exec('echo out& echo err 1>&2', { onOutput });
  expect([result.stdout.trim(), result.stderr.trim()]).toEqual(['out', 'err']);
  expect(result).toMatchObject(told);
});

test('standard input reaches the command', async () => {
  const result = await target.exec('find "b"', { input: 'abc\r\nxyz\r\n' });
  expect(result.stdout.trim()).toBe('abc');
});

test('a command may print more than a window of SSH holds', async () => {
  await target.put(Buffer.alloc(6_000_000, 'x'), `${ROOT}\\long`);
  const result = await target.exec(`type "${ROOT}\\long"`);
  expect([result.code, result.truncated]).toEqual([0, true]);
});

/** Prints a line, and then takes longer than a test would wait. */
const ENDLESS = 'echo begun& ping -n 60 127.0.0.1 >nul';

test('an aborted command is left at once, and the connection stays', async () => {
  const abort = new AbortController();
  const waiting = target.exec(ENDLESS, {
    signal: abort.signal,
    onOutput: () => abort.abort(),
  });
  await expect(waiting).rejects.toMatchObject({ code: 'run.cancelled' });
  expect((await target.exec('echo still here')).stdout).toContain('still here');
});

async function listening(onSocket: (socket: Socket) => void) {
  const server: Server = createServer(onSocket);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

test('a tunnel carries bytes both ways; a port that nobody listens on is refused', async () => {
  const { server, port } = await listening((socket) => socket.pipe(socket));
  const tunnel = await target.forward(port);
  tunnel.write('hello');
  expect(String((await once(tunnel, 'data'))[0])).toBe('hello');
  tunnel.destroy();
  server.close();
  await once(server, 'close');
  await expect(target.forward(port)).rejects.toMatchObject({ code: 'ssh.refused' });
});

test('requests are counted by kind', async () => {
  const connection = await connectSsh(options);
  await connection.exec('ver');
  await connection.files.stat(ROOT);
  await connection.files.put(Buffer.alloc(1_000_000), `${ROOT}\\counted`);
  expect(connection.requests).toEqual({ commands: 1, files: 2, tunnels: 0, total: 3 });
  await connection.close();
});

// Ways in which no connection comes about.

test.each([
  [
    'another host key',
    { hostKey: { kind: 'expected', fingerprint: `SHA256:${'A'.repeat(43)}` } },
    'ssh.host-key-changed',
  ],
  [
    'a question answered no',
    { hostKey: { kind: 'question', trusts: async () => false } },
    'ssh.host-key-unknown',
  ],
  ['another key', { privateKey: createKeyPair('x').privateKey }, 'ssh.authentication-failed'],
  ['no key at all', { privateKey: 'secret' }, 'ssh.authentication-failed'],
  ['cancelled already', { signal: AbortSignal.abort() }, 'run.cancelled'],
] as const)('not connected: %s', async (_name, changed, code) => {
  const outcome = connectSsh({ ...options, ...changed });
  await expect(outcome).rejects.toMatchObject({ code });
  await outcome.catch((error: Error) => expect(error.message).not.toContain('secret'));
});

test('not connected: another user', async () => {
  const outcome = connectSsh({ ...options, at: { ...options.at, user: 'nobody-here' } });
  await expect(outcome).rejects.toMatchObject({ code: 'ssh.authentication-failed' });
});

test('the question of the first time shows the fingerprint, which is then expected', async () => {
  const shown: string[] = [];
  const trusts = async (offered: string): Promise<boolean> => shown.push(offered) > 0;
  const connection = await connectSsh({ ...options, hostKey: { kind: 'question', trusts } });
  await connection.close();
  expect(options.hostKey).toEqual({ kind: 'expected', fingerprint: shown[0] });
});

test('not connected: nobody listens', async () => {
  const { server, port } = await listening(() => undefined);
  server.close();
  await once(server, 'close');
  const outcome = connectSsh({ ...options, at: { ...options.at, port } });
  await expect(outcome).rejects.toMatchObject({ code: 'ssh.refused' });
});

test.each([
  ['says nothing', () => undefined],
  ['hangs up', (socket: Socket) => socket.end()],
  ['is no SSH server', (socket: Socket) => socket.end('HTTP/1.1 400\r\n\r\n')],
])('not connected: what listens %s', async (_name, behave) => {
  const open: Socket[] = [];
  const { server, port } = await listening((socket) => {
    open.push(socket.on('error', () => undefined));
    behave(socket);
  });
  const at = { ...options.at, port };
  await expect(connectSsh({ ...options, at, readyLimit_ms: 300 })).rejects.toMatchObject({
    code: 'ssh.refused',
  });
  for (const socket of open) socket.destroy();
  server.close();
});

// Ways in which a connection ends.

test('cut in the middle of a copy: no half file, and the next copy takes the rest away', async () => {
  const connection = await connectSsh(options);
  await writeFile(local('large'), randomBytes(64_000_000));
  const sessions = await wine.sessions();
  const copying = connection.files.put(local('large'), `${ROOT}\\large`, {
    progress: (done) => {
      if (done > 1_000_000) for (const pid of sessions.splice(0)) process.kill(pid, 'SIGKILL');
    },
  });
  await expect(copying).rejects.toMatchObject({ code: 'ssh.connection-lost' });
  expect(connection.loss?.code).toBe('ssh.connection-lost');
  await expect(connection.exec('ver')).rejects.toMatchObject({ code: 'ssh.connection-lost' });
  target = await wine.connect();
  expect(await target.files.stat(`${ROOT}\\large`)).toBeUndefined();
  expect((await stat(onHost('large.fltlab-part'))).size).toBeGreaterThan(0);
  await target.put(local('large'), `${ROOT}\\large`);
  expect((await target.files.list(ROOT))?.map(({ name }) => name)).not.toContain(
    'large.fltlab-part',
  );
  expect((await stat(onHost('large'))).size).toBe(64_000_000);
});

test('aborted in the middle of a copy: neither file nor part', async () => {
  const abort = new AbortController();
  const copying = target.put(local('large'), `${ROOT}\\aborted`, {
    signal: abort.signal,
    progress: (done) => void (done > 1_000_000 && abort.abort()),
  });
  await expect(copying).rejects.toMatchObject({ code: 'run.cancelled' });
  const names = (await target.files.list(ROOT))?.map(({ name }) => name);
  expect(names).not.toContain('aborted');
  expect(names).not.toContain('aborted.fltlab-part');
});

test('everything that waits when the connection is cut ends with one error', async () => {
  const { server, port } = await listening(() => undefined);
  const connection = await connectSsh(options);
  const tunnel = (await connection.forward(port)).resume();
  const tunnelEnded = once(tunnel, 'close');
  const running = await connection.start(ENDLESS);
  const begun = once(running.stdout, 'data');
  const waiting = [running.ended(), connection.exec(ENDLESS), connection.exec(ENDLESS)];
  const codes = waiting.map((each) =>
    each.then(
      () => 'ended',
      (error: LabError) => error.code,
    ),
  );
  await begun;
  const heard = new Promise((resolve) => connection.onLoss(resolve));
  for (const pid of await wine.sessions()) process.kill(pid, 'SIGKILL');
  expect(new Set(await Promise.all(codes))).toEqual(new Set(['ssh.connection-lost']));
  expect(await heard).toMatchObject({ code: 'ssh.connection-lost' });
  await tunnelEnded;
  server.close();
  target = await wine.connect();
});

test('a peer that has gone silent is given up', async () => {
  const connection = await connectSsh({ ...options, keepalive_ms: 100 });
  const sessions = await wine.sessions();
  for (const pid of sessions) process.kill(pid, 'SIGSTOP');
  await expect(connection.exec('ver')).rejects.toMatchObject({ code: 'ssh.connection-lost' });
  for (const pid of sessions) process.kill(pid, 'SIGKILL');
  target = await wine.connect();
});
