// Drivers on a real service manager: Wine's, which really runs DriverEntry. What loads, what does not
// and why, and that whatever cuts a deployment short leaves no service and no driver behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { IMAGE_FILE_MACHINE_ARM64 } from '../build/pe.ts';
import { holdTarget, type ConnectedTarget } from '../targets/index.ts';
import { makeWineTarget, type TestTarget } from '../targets/testdata/wineTarget.ts';
import { inspectService } from './driverService.ts';
import { parseRegistryValues, parseWineHosts } from './serviceOutput.ts';
import {
  deployDriver,
  preflight,
  removeDriver,
  startDriver,
  stopDriver,
  type DriverPackage,
} from './index.ts';
import { buildTiny } from './testdata/buildTiny.ts';

const KEY = 'HKLM\\SYSTEM\\CurrentControlSet\\Services';
let wine: TestTarget;
let target: ConnectedTarget;
let scratch: string;
let hostsAtFirst: readonly string[];
const images: Record<string, string> = {};

beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'fltlab-deploy-'));
  images['good'] = await buildTiny(scratch, 'good');
  images['other'] = await buildTiny(scratch, 'other', 'OTHER=1', 'FAIL=0');
  images['unsuccessful'] = await buildTiny(scratch, 'unsuccessful', 'FAIL=0xC0000001');
  images['nameless'] = await buildTiny(scratch, 'nameless', 'FAIL=0xC0000034');
  images['strange'] = await buildTiny(scratch, 'strange', 'STRANGE');
  wine = await makeWineTarget();
  target = await wine.connect();
  await removeDriver(target, 'tiny');
  hostsAtFirst = await hosts();
});
afterEach(async () => {
  await removeDriver(target, 'tiny');
  expect(await leftBehind(), 'the target is as it was').toEqual({ service: false, hosts: [] });
});
afterAll(async () => {
  await target?.close();
  await wine?.dispose();
  await rm(scratch, { recursive: true });
});

const tiny = (image = 'good'): DriverPackage => ({
  name: 'tiny',
  image: images[image] ?? image,
  loadOrderGroup: 'FSFilter Activity Monitor',
  instances: [{ name: 'tiny Instance', altitude: '370030', flags: 0 }],
});
const hosts = async (): Promise<readonly string[]> =>
  parseWineHosts((await target.exec('net start')).stdout);
const values = async (key: string) =>
  parseRegistryValues((await target.exec(`reg query "${KEY}\\${key}"`)).stdout, `${KEY}\\${key}`);

/** Asked on a connection of its own: that of the test may be gone. */
async function leftBehind() {
  if (target.connection.loss !== undefined) target = await wine.connect();
  const { exists, hostsNow } = await inspectService(target, 'tiny', {});
  return { service: exists, hosts: hostsNow.filter((host) => !hostsAtFirst.includes(host)) };
}

test('a driver is copied, its service made, and it reaches RUNNING', async () => {
  const deployed = await deployDriver(target, tiny());
  expect(deployed).toMatchObject({ service: 'tiny', missing: [] });
  expect(deployed.image).toBe('C:\\FltLab\\drivers\\tiny\\tiny.sys');
  expect(await target.files.read(deployed.image)).toEqual(await readFile(images['good'] ?? ''));
  await startDriver(target, 'tiny');
  expect((await target.exec('sc start tiny')).stderr, 'it runs already').toContain('1056');
  expect(Object.fromEntries((await values('tiny')) ?? [])).toMatchObject({
    type: '0x2',
    start: '0x3',
    group: 'FSFilter Activity Monitor',
    dependonservice: 'FltMgr',
  });
  expect((await values('tiny\\Instances'))?.get('defaultinstance')).toBe('tiny Instance');
  expect((await values('tiny\\Instances\\tiny Instance'))?.get('altitude')).toBe('370030');
  await stopDriver(target, 'tiny');
  await stopDriver(target, 'tiny'); // safe to repeat
  await startDriver(target, 'tiny');
});

test('nothing changed: three requests; changed: the one file is copied', async () => {
  await deployDriver(target, tiny());
  await removeDriver(target, 'tiny');
  const before = target.connection.requests.total;
  expect((await deployDriver(target, tiny())).copied).toEqual([]);
  expect(target.connection.requests.total - before).toBeLessThanOrEqual(3);
  await removeDriver(target, 'tiny');
  expect((await deployDriver(target, tiny('other'))).copied).toEqual(['tiny.sys']);
});

test('what an earlier run left, loaded even, is taken away first', async () => {
  await deployDriver(target, tiny());
  await startDriver(target, 'tiny');
  await deployDriver(target, tiny('other'));
  await startDriver(target, 'tiny');
});

test('a service of somebody else stays untouched', async () => {
  await target.exec('sc create theirs type= filesys start= demand binPath= C:\\theirs.sys');
  await expect(deployDriver(target, { ...tiny(), name: 'theirs' })).rejects.toMatchObject({
    code: 'deploy.service-exists',
    problem: expect.stringContaining('C:\\theirs.sys') as string,
  });
  await removeDriver(target, 'theirs');
  expect((await values('theirs'))?.get('imagepath')).toBe('C:\\theirs.sys');
  await target.exec('sc delete theirs');
});

test.each([
  ['DriverEntry fails', 'unsuccessful', 'ERROR_GEN_FAILURE, 31'],
  ['DriverEntry does not find a name', 'nameless', 'ERROR_FILE_NOT_FOUND, 2'],
  ['DriverEntry calls what Wine has not', 'strange', 'ERROR_SERVICE_REQUEST_TIMEOUT, 1053'],
])('not loaded: %s', async (_name, image, problem) => {
  await deployDriver(target, tiny(image));
  await expect(startDriver(target, 'tiny')).rejects.toMatchObject({
    code: 'deploy.load-failed',
    problem: expect.stringContaining(problem) as string,
  });
});

test('an import that the target lacks is a warning on Wine and an error on Windows', async () => {
  const lacking = [{ module: 'fltmgr.sys', routine: 'FltRoutineOfNoSystem' }];
  expect((await deployDriver(target, tiny('strange'))).missing).toEqual(lacking);
  const windows = { ...target, description: { ...target.description, kind: 'windows' as const } };
  const image = await readFile(images['strange'] ?? '');
  await expect(preflight(windows, image, 'tiny.sys', undefined)).rejects.toMatchObject({
    code: 'deploy.preflight-failed',
    problem: expect.stringContaining('fltmgr.sys!FltRoutineOfNoSystem') as string,
  });
});

const broken: readonly [string, (image: Buffer) => Buffer, string][] = [
  ['not a PE', () => Buffer.from('MZ and no more'), 'build.not-a-pe'],
  ['empty', () => Buffer.alloc(0), 'build.not-a-pe'],
  ['for another processor', forArm64, 'deploy.preflight-failed'],
  ['a program, not a driver', asProgram, 'deploy.preflight-failed'],
];
const headerOf = (image: Buffer): number => image.readUInt32LE(0x3c);
function forArm64(image: Buffer): Buffer {
  image.writeUInt16LE(IMAGE_FILE_MACHINE_ARM64, headerOf(image) + 4);
  return image;
}
function asProgram(image: Buffer): Buffer {
  image.writeUInt16LE(3, headerOf(image) + 24 + 68);
  return image;
}

test.each(broken)(
  'a .sys that is %s is refused before anything is asked',
  async (_n, spoil, code) => {
    const file = path.join(scratch, 'broken.sys');
    await writeFile(file, spoil(await readFile(images['good'] ?? '')));
    const before = target.connection.requests.total;
    await expect(deployDriver(target, tiny(file))).rejects.toMatchObject({ code });
    expect(target.connection.requests.total).toBe(before);
  },
);

test('a .sys that is not there', async () => {
  await expect(deployDriver(target, tiny('/nowhere/x.sys'))).rejects.toMatchObject({
    code: 'deploy.copy-failed',
  });
});

test('a lab that was killed with its driver loaded and both locks held is no obstacle', async () => {
  const program = path.join(import.meta.dirname, 'testdata', 'deployAndStay.ts');
  const args = [program, wine.dataFolder, wine.name, images['good'] ?? ''];
  const other = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  expect(String((await once(other.stdout, 'data'))[0])).toBe('loaded\n');
  other.kill('SIGKILL');
  await once(other, 'exit');
  const held = await holdTarget(wine.dataFolder, wine.name, {
    progress: () => expect.unreachable('nobody holds it'),
  });
  const next = await wine.connect();
  await deployDriver(next, tiny('other'));
  await startDriver(next, 'tiny');
  await next.close();
  await held.release();
});

// Ctrl+C: the n-th thing that is asked of the target is under way when it comes.

/** The target, calling `at` just before its n-th request. */
function interrupted(n: number, at: () => void): ConnectedTarget {
  let left = n;
  const counted = <Call extends (...rest: never[]) => unknown>(call: Call): Call =>
    ((...rest: never[]) => {
      const answer = call(...rest);
      left -= 1;
      if (left === 0) at();
      return answer;
    }) as Call;
  const { files } = target;
  return {
    ...target,
    exec: counted(target.exec),
    files: { ...files, list: counted(files.list), put: counted(files.put) },
  };
}

async function deployAndStart(on: ConnectedTarget, signal?: AbortSignal): Promise<string> {
  try {
    await deployDriver(on, tiny('other'), { signal });
    await startDriver(on, 'tiny', { signal });
    return 'started';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

test('cancelled at every stage, the target is left clean', async () => {
  const outcomes: string[] = [];
  for (let n = 1; outcomes.at(-1) !== 'started'; n += 1) {
    const abort = new AbortController();
    outcomes.push(
      await deployAndStart(
        interrupted(n, () => abort.abort()),
        abort.signal,
      ),
    );
    if (outcomes.at(-1) === 'started') break;
    // A caller takes back what was deployed before the start failed.
    await removeDriver(target, 'tiny');
    expect([n, await leftBehind()]).toEqual([n, { service: false, hosts: [] }]);
  }
  expect(outcomes.length).toBeGreaterThan(4);
  expect(new Set(outcomes.slice(0, -1))).toEqual(new Set(['run.cancelled']));
});

test('the connection cut at every stage: a new one cleans up', async () => {
  const outcomes: string[] = [];
  for (let n = 1; outcomes.at(-1) !== 'started'; n += 1) {
    const sessions = await wine.sessions();
    const cut = (): void => {
      for (const pid of sessions) process.kill(pid, 'SIGKILL');
    };
    const on = interrupted(n, cut);
    outcomes.push(await deployAndStart(on));
    if (outcomes.at(-1) === 'started') break;
    await removeDriver(on, 'tiny');
    expect([n, await leftBehind()]).toEqual([n, { service: false, hosts: [] }]);
  }
  expect(outcomes.length).toBeGreaterThan(4);
  expect(new Set(outcomes.slice(0, -1))).toEqual(new Set(['ssh.connection-lost']));
});
