// Goal: a Windows machine is added, known and talked to in the shell that it has; its host key is shown
// once and held to ever after. Method: an SSH server that answers as Windows would.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectTarget } from '../connect.ts';
import { createKeyPair } from '../../ssh/index.ts';
import { windowsAnswer, windowsServer, type WindowsServer } from '../testdata/windowsServer.ts';
import { addWindowsTarget, type AddWindowsOptions } from './add.ts';
import { isVerified, parseWindowsAnswer, windowsFactsCommand, WindowsAnswer } from './facts.ts';

const { signal } = new AbortController();
let dataFolder = '';
let keyFile = '';
beforeAll(async () => {
  dataFolder = await mkdtemp(path.join(tmpdir(), 'fltlab-windows-'));
  keyFile = path.join(dataFolder, 'id');
  await writeFile(keyFile, createKeyPair('me').privateKey, { mode: 0o600 });
});
afterAll(() => rm(dataFolder, { recursive: true, force: true }));

const adding = (
  server: WindowsServer,
  name: string,
  more: Partial<AddWindowsOptions> = {},
): AddWindowsOptions => ({
  dataFolder,
  name,
  host: '127.0.0.1',
  port: server.port,
  user: 'lab',
  identity: { kind: 'file', file: keyFile },
  trusts: async () => true,
  signal,
  ...more,
});

describe.each(['cmd', 'powershell'] as const)('a machine whose shell is %s', (shell) => {
  test('is added with its host key, known in one request, and understood', async () => {
    const server = await windowsServer({ shell });
    const shown: string[] = [];
    const trusts = async (offered: string): Promise<boolean> => shown.push(offered) > 0;
    const { description, facts } = await addWindowsTarget(adding(server, shell, { trusts }));
    expect(shown).toEqual([server.hostKey]);
    expect(description).toMatchObject({ shell, ssh: { hostKey: server.hostKey } });
    expect(facts).toMatchObject({
      windowsVersion: '10.0.22631',
      profile: 'win11',
      architecture: 'AMD64',
      windows: { testSigning: true, secureBoot: false, elevated: true, edition: 'Professional' },
    });
    expect(facts.windows?.filters.map(({ name }) => name)).toEqual([
      'bindflt',
      'WdFilter',
      'FileInfo',
    ]);
    const target = await connectTarget(shell, { dataFolder, signal });
    expect(target.connection.requests.total).toBe(1);
    await target.exec('sc query "a b" & echo 100%');
    const line = server.commands.at(-1) ?? '';
    expect(line).toContain('sc query "a b" & echo 100%');
    expect(line.startsWith('sc')).toBe(shell === 'cmd');
    await target.close();
    await server.close();
  });
});

test('a host key that nobody trusts is an error, and the machine is told nothing', async () => {
  const server = await windowsServer({ shell: 'cmd' });
  const refused = addWindowsTarget(adding(server, 'no', { trusts: async () => false }));
  await expect(refused).rejects.toMatchObject({ code: 'ssh.host-key-unknown' });
  expect(server.commands).toEqual([]);
  await server.close();
});

test('a machine that changed its host key is refused by name', async () => {
  const first = await windowsServer({ shell: 'cmd' });
  await addWindowsTarget(adding(first, 'changed'));
  await first.close();
  const second = await windowsServer({ shell: 'cmd' });
  const file = path.join(dataFolder, 'targets', 'changed', 'target.json');
  await writeFile(file, (await readFile(file, 'utf8')).replace(`${first.port}`, `${second.port}`));
  await expect(connectTarget('changed', { dataFolder, signal })).rejects.toMatchObject({
    code: 'ssh.host-key-changed',
  });
  expect(second.commands).toEqual([]);
  await second.close();
});

test('a machine that is no Windows is refused', async () => {
  const server = await windowsServer({ shell: 'bash' });
  await expect(addWindowsTarget(adding(server, 'linux'))).rejects.toMatchObject({
    code: 'target.not-prepared',
  });
  await server.close();
});

test("the lab's own key is made once and shown, never the private half", async () => {
  const server = await windowsServer({ shell: 'cmd' });
  const own = adding(server, 'own', { identity: { kind: 'lab' } });
  const error = await addWindowsTarget(own).catch((one: { detail: string }) => one);
  expect(error).toMatchObject({ code: 'ssh.authentication-failed' });
  expect('detail' in error && error.detail).toMatch(/^ssh-ed25519 \S+ fltlab own$/);
  await addWindowsTarget(own); // the person has put it there
  await server.close();
});

describe('identities', () => {
  test('an encrypted key without its passphrase', async () => {
    const server = await windowsServer({ shell: 'cmd' });
    const file = path.join(dataFolder, 'encrypted');
    await writeFile(file, encryptedKey);
    const encrypted = adding(server, 'enc', { identity: { kind: 'file', file } });
    await expect(addWindowsTarget(encrypted)).rejects.toMatchObject({
      code: 'ssh.passphrase-needed',
    });
    await server.close();
  });

  test('an agent that does not run', async () => {
    const before = process.env['SSH_AUTH_SOCK'];
    delete process.env['SSH_AUTH_SOCK'];
    const server = await windowsServer({ shell: 'cmd' });
    const byAgent = adding(server, 'agent', { identity: { kind: 'agent' } });
    if (process.platform !== 'win32') {
      await expect(addWindowsTarget(byAgent)).rejects.toMatchObject({ code: 'ssh.agent-missing' });
    }
    if (before !== undefined) process.env['SSH_AUTH_SOCK'] = before;
    await server.close();
  });
});

describe('the answer of a machine', () => {
  test('what is no answer is none; a store of one certificate is a list', () => {
    expect(parseWindowsAnswer("'powershell.exe' is not recognized")).toBeUndefined();
    expect(parseWindowsAnswer('{"version": 7}')).toBeUndefined();
    const one = { ...windowsAnswer, stores: { Root: 'AA', TrustedPublisher: null } };
    expect(parseWindowsAnswer(`#< CLIXML\r\n${JSON.stringify(one)}\r\n`)?.stores).toEqual({
      Root: ['AA'],
      TrustedPublisher: null,
    });
  });

  test('verified is: named, with I/O verification', () => {
    const answer = WindowsAnswer.parse(windowsAnswer);
    expect(
      isVerified(
        { ...answer, verifierDrivers: 'a.sys DirNotify.sys', verifierFlags: 0x9bb },
        'dirnotify',
      ),
    ).toBe(true);
    expect(isVerified({ ...answer, verifierDrivers: '*', verifierFlags: 1 }, 'dirnotify')).toBe(
      false,
    );
    expect(isVerified(answer, 'dirnotify')).toBe(false);
  });

  test('the question fits on a line of cmd.exe', () => {
    expect(windowsFactsCommand.length).toBeLessThan(8_191);
  });
});

/** Made for this test alone, with the passphrase "test"; it opens nothing. */
const encryptedKey = `-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABACLiwjQU
8K8fkBlSxBl29KAAAAEAAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIBO49dm5veNJ44w5
eafukpa9QNGrHs4RJhB5c0i66NWBAAAAkC538ASJ1j44SsP8jkBWDLL2U3wTciGD7R1i1q
MAK4BhhHrEbVsLNjqcAjz3Og28Ir3c7YtSn9wih34kWNj+hQwKjB80ZZxfTCe7R5+PNfMm
OZoDXAqRwBDf3QqInZIqHIMDHPDYg5Yzt1maa6fd4oyhz7ieR0E28OCSYbZdUQChmsjp1h
VZNtCS3nsrbhdcwA==
-----END OPENSSH PRIVATE KEY-----
`;
