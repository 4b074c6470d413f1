// What is kept of targets, what a machine says of itself, and the texts that its SSH server runs on.
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Capability, type TargetDescription } from '../../contract/target.ts';
import { connectTarget } from './connect.ts';
import { abilities, parseVer, profileOf } from './facts.ts';
import { addTarget, forgetTarget, getTarget, listTargets, saveTarget } from './registry.ts';
import { wineLayout } from './wine/layout.ts';
import { findWinePrograms } from './wine/programs.ts';
import { descendantsOf } from '../process/processTable.ts';
import { quote, sessionScript } from './wine/sessionScript.ts';
import { sshdConfig } from './wine/sshdConfig.ts';

let data: string;
beforeEach(async () => void (data = await mkdtemp(path.join(tmpdir(), 'fltlab-targets-'))));
afterEach(() => rm(data, { recursive: true }));

const machine = (name: string, port = 22): TargetDescription => ({
  target: 1,
  kind: 'windows',
  name,
  root: 'C:\\FltLab',
  ssh: { host: 'vm', port, user: 'ann', keyFile: 'key', hostKey: `SHA256:${'A'.repeat(43)}` },
});
const recording: TargetDescription = { target: 1, kind: 'recorded', name: 'old', recording: 'x' };

test('targets are kept, listed by name, replaced and forgotten', async () => {
  for (const each of [machine('vm-7'), recording, machine('vm-11')]) await addTarget(data, each);
  expect((await listTargets(data)).map(({ name }) => name)).toEqual(['old', 'vm-11', 'vm-7']);
  await saveTarget(data, machine('vm-7', 2222));
  expect(await getTarget(data, 'vm-7')).toEqual(machine('vm-7', 2222));
  await forgetTarget(data, 'vm-7');
  expect(await readdir(path.join(data, 'targets'))).toEqual(['old', 'vm-11']);
});

test('an unknown target names those that there are', async () => {
  await expect(getTarget(data, 'vm')).rejects.toMatchObject({
    code: 'target.not-found',
    problem: 'There is no target "vm"; known: none.',
    remedy: 'Add one with `fltlab target add wine`.',
  });
  await addTarget(data, machine('vm-7'));
  await expect(getTarget(data, '../../etc')).rejects.toMatchObject({
    problem: 'There is no target "../../etc"; known: vm-7.',
  });
});

test.each(['', '..', 'a/b', '.hidden', 'x'.repeat(41), 'a b'])(
  'no target is called %j',
  async (name) => {
    await expect(addTarget(data, machine(name))).rejects.toMatchObject({
      code: 'usage.bad-argument',
    });
  },
);

test('a name is given once', async () => {
  await addTarget(data, machine('vm'));
  await expect(addTarget(data, recording)).resolves.toBeUndefined();
  await expect(addTarget(data, machine('vm'))).rejects.toMatchObject({ code: 'target.exists' });
});

test.each([
  ['damaged', '{"target": 1', 'file.invalid'],
  ['incomplete', '{"target": 1, "kind": "wine", "name": "vm"}', 'file.invalid'],
  ['of a newer FltLab', '{"target": 2}', 'file.newer-version'],
])('a target.json that is %s', async (_name, text, code) => {
  await mkdir(path.join(data, 'targets', 'vm'), { recursive: true });
  await writeFile(path.join(data, 'targets', 'vm', 'target.json'), text);
  await expect(getTarget(data, 'vm')).rejects.toMatchObject({ code });
});

test('targets that cannot be connected say why', async () => {
  await addTarget(data, recording);
  await addTarget(data, machine('keyless'));
  const connect = (name: string) => connectTarget(name, { dataFolder: data });
  await expect(connect('none')).rejects.toMatchObject({ code: 'target.not-found' });
  await expect(connect('old')).rejects.toMatchObject({ code: 'target.not-a-machine' });
  await expect(connect('keyless')).rejects.toMatchObject({ code: 'ssh.authentication-failed' });
});

// The third line of each is what %PROCESSOR_ARCHITECTURE% says.
test.each([
  ['XP', 'Microsoft Windows XP [Version 5.1.2600]\r\nx86\r\n', '5.1.2600', 'x86', 'winxp'],
  ['2003', 'Microsoft Windows [Version 5.2.3790]\r\nAMD64\r\n', '5.2.3790', 'AMD64', 'win2003'],
  ['Vista', 'Microsoft Windows [Version 6.0.6002]\r\nAMD64\r\n', '6.0.6002', 'AMD64', 'vista'],
  ['7', '\r\nMicrosoft Windows [Version 6.1.7601]\r\nAMD64 \r\n', '6.1.7601', 'AMD64', 'win7'],
  ['8', 'Microsoft Windows [Version 6.2.9200]\r\nAMD64\r\n', '6.2.9200', 'AMD64', null],
  ['8.1', 'Microsoft Windows [Version 6.3.9600]\r\nAMD64\r\n', '6.3.9600', 'AMD64', 'win81'],
  [
    '10',
    'Microsoft Windows [Versión 10.0.19045.5011]\r\nAMD64\r\n',
    '10.0.19045',
    'AMD64',
    'win10',
  ],
  ['11', 'Microsoft Windows [版本 10.0.22631.4317]\r\nARM64\r\n', '10.0.22631', 'ARM64', 'win11'],
  ['Wine 8', '\r\nMicrosoft Windows 10.0.18362\r\nAMD64 \r\n', '10.0.18362', 'AMD64', 'win10'],
])('ver of Windows %s', (_name, output, windowsVersion, architecture, profile) => {
  expect(parseVer(output)).toEqual({ windowsVersion, architecture });
  expect(profileOf(windowsVersion)).toBe(profile);
});

test.each([
  '',
  'sh: ver: not found',
  'Microsoft Windows [Version 10.0.1.1]\r\n%PROCESSOR_ARCHITECTURE%',
])('a shell that is not cmd.exe: %j', (output) => expect(parseVer(output)).toBeUndefined());

test.each(['wine', 'windows'] as const)('every capability of %s is had or lacked, once', (kind) => {
  const { has, lacks } = abilities[kind];
  expect([...has, ...lacks.map(({ capability }) => capability)].sort()).toEqual(
    [...Capability.options].sort(),
  );
  for (const { because } of lacks) expect(because).not.toBe('');
});

const layout = wineLayout("/data/Ann's 100% folder", 'wine');
const programs = {
  wine: '/usr/bin/wine',
  wineserver: '/usr/bin/wineserver',
  sshd: '/usr/sbin/sshd',
};

test('the paths of the server survive blanks, quotes and percent signs', () => {
  const config = sshdConfig(layout, 20_001);
  expect(config).toContain(`HostKey "/data/Ann's 100%% folder/targets/wine/server/host_key"\n`);
  expect(config).toContain(
    `ForceCommand '/data/Ann'\\''s 100% folder/targets/wine/server/session.sh'\n`,
  );
  const script = sessionScript(layout, programs, { program: '/n o d e', args: ['/s.ts'] });
  expect(script).toContain(`WINEPREFIX='/data/Ann'\\''s 100% folder/targets/wine/prefix'`);
  expect(script).toContain(`'/n o d e' '/s.ts' '/data/Ann'\\''s 100% folder/`);
});

test.each([
  ['a word', "'a word'"],
  ["it's", `'it'\\''s'`],
  ['$(rm -rf /)`x`"', `'$(rm -rf /)\`x\`"'`],
])('for the shell: %s', (text, quoted) => {
  expect(quote(text)).toBe(quoted);
});

test('the server lets in one user, with one key, from this machine, for one command', () => {
  const lines = sshdConfig(layout, 20_001).split('\n');
  for (const line of [
    'Port 20001',
    'ListenAddress 127.0.0.1',
    'AuthenticationMethods publickey',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'AllowTcpForwarding local',
    'PermitOpen 127.0.0.1:* localhost:*',
    'AllowAgentForwarding no',
    'X11Forwarding no',
  ]) {
    expect(lines).toContain(line);
  }
  expect(lines.filter((line) => line.startsWith('ForceCommand ')).length).toBe(1);
});

const nowhere = { wine: [], wineserver: [], sshd: [] };

test('a machine without Wine or sshd hears how to get them', async () => {
  const bin = path.join(data, 'bin');
  await mkdir(bin);
  const find = () => findWinePrograms({ PATH: bin }, nowhere);
  const install = (name: string) => writeFile(path.join(bin, name), '', { mode: 0o755 });
  await expect(find()).rejects.toMatchObject({ code: 'target.wine-missing' });
  await install('wine');
  await install('wineserver');
  await expect(find()).rejects.toMatchObject({
    code: 'target.sshd-missing',
    remedy: expect.stringContaining('apt-get install openssh-server') as string,
  });
  await install('sshd');
  expect(Object.values(await find())).toEqual(
    ['wine', 'wineserver', 'sshd'].map((name) => path.join(bin, name)),
  );
});

test('descendants are found through processes that are gone from no list', () => {
  const all = [
    [1, 0],
    [10, 1],
    [11, 10],
    [12, 11],
    [20, 1],
  ].map(([pid = 0, parent = 0]) => ({ pid, parent, command: '' }));
  expect(descendantsOf(10, all)).toEqual([11, 12]);
  expect(descendantsOf(20, all)).toEqual([]);
});
