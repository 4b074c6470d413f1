// Goal: __try, __except and __finally of a driver that the lab built work when a real loader runs it.
// Method: Wine's service manager loads testdata/seh.c, whose DriverEntry is a table of cases; it
// writes into the service key which cases it ran and which passed. One Wine prefix for the file.
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assetPath } from '../assets.ts';
import { findProgram, runProgram } from '../process/index.ts';
import { debianClang } from './debianClang.ts';

const signal = new AbortController().signal;
let root = '';

const environment = () => ({
  ...process.env,
  WINEPREFIX: join(root, 'prefix'),
  WINEARCH: 'win64',
  WINEDEBUG: '-all',
  DISPLAY: '',
});

async function run(name: string, args: readonly string[]): Promise<string> {
  const path = await findProgram(name);
  if (path === undefined) throw new Error(`${name} is not installed`);
  const result = await runProgram(path, args, { signal, env: environment(), timeout_ms: 120_000 });
  return result.kind === 'not-found' ? '' : result.stdout;
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'fltlab-seh-'));
  await mkdir(join(root, 'prefix'));
  await run('wine', ['wineboot', '-i']);
  // The services that came up while the prefix was being made cannot load drivers.
  await stopWine();
  await mkdir(join(root, 'prefix', 'drive_c', 'lab'));
});

async function stopWine(): Promise<void> {
  await run('wineserver', ['-k']);
  await run('wineserver', ['-w']);
}

afterAll(async () => {
  await stopWine();
  await rm(root, { recursive: true, force: true });
});

/** The values of the service key, by name. */
async function valuesOf(service: string): Promise<Record<string, number>> {
  const key = `HKLM\\System\\CurrentControlSet\\Services\\${service}`;
  const printed = await run('wine', ['reg', 'query', key]);
  const values = printed.matchAll(/^\s+(?<name>\w+)\s+REG_DWORD\s+(?<value>0x[0-9a-f]+)\s*$/gm);
  return Object.fromEntries(
    [...values].map(({ groups }) => [groups?.['name'], Number(groups?.['value'])]),
  );
}

const cases = 13;

test.each(['debug', 'release'] as const)('%s: every case is caught', async (configuration) => {
  const service = `seh${configuration}`;
  const { sysPath } = await debianClang({ libraryFolder: join(root, 'libraries') }).build(
    {
      name: service,
      folder: assetPath('lab/build/testdata'),
      sources: ['seh.c'],
      defines: [],
      architecture: 'x64',
      configuration,
      outFolder: join(root, configuration),
    },
    signal,
    () => undefined,
  );
  await copyFile(sysPath, join(root, 'prefix', 'drive_c', 'lab', `${service}.sys`));
  const image = `C:\\lab\\${service}.sys`;
  await run('wine', ['sc', 'create', service, 'type=', 'filesys', 'binPath=', image]);
  await run('wine', ['sc', 'start', service]);
  const all = 2 ** cases - 1;
  expect(await valuesOf(service)).toMatchObject({ Ran: all, Passed: all });
  // DriverEntry says STATUS_SUCCESS only when all passed.
  expect(await run('wine', ['sc', 'query', service])).toMatch(/STATE\s+: 4\s+RUNNING/);
});
