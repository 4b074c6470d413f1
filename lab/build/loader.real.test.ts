// Goal: a driver that the lab built runs when a real loader loads it; __try, __except and __finally
// work, and so does what the compiler takes from a runtime.
// Method: Wine's service manager loads the drivers of testdata/, whose DriverEntry writes into the
// service key what it saw. One Wine prefix for the file.
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assetPath } from '../assets.ts';
import { findProgram, runProgram } from '../process/index.ts';
import { debianClang } from './debianClang.ts';
import type { Configuration } from './toolchain.ts';

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

/** Builds testdata/`source`.c, creates and starts its service. */
async function load(source: string, configuration: Configuration): Promise<string> {
  const service = `${source}${configuration}`;
  const { sysPath } = await debianClang({ libraryFolder: join(root, 'libraries') }).build(
    {
      name: service,
      folder: assetPath('lab/build/testdata'),
      sources: [`${source}.c`],
      defines: [],
      architecture: 'x64',
      configuration,
      outFolder: join(root, service),
    },
    signal,
    () => undefined,
  );
  await copyFile(sysPath, join(root, 'prefix', 'drive_c', 'lab', `${service}.sys`));
  const image = `C:\\lab\\${service}.sys`;
  await run('wine', ['sc', 'create', service, 'type=', 'filesys', 'binPath=', image]);
  await run('wine', ['sc', 'start', service]);
  return service;
}

const stateOf = (service: string): Promise<string> => run('wine', ['sc', 'query', service]);

/** Of the table in seh.c. */
const cases = 13;

describe.each(['debug', 'release'] as const)('%s', (configuration) => {
  test('every exception of seh.c is caught where it should be', async () => {
    const service = await load('seh', configuration);
    const all = 2 ** cases - 1;
    expect(await valuesOf(service)).toMatchObject({ Ran: all, Passed: all });
    // DriverEntry says STATUS_SUCCESS only when all passed.
    expect(await stateOf(service)).toMatch(/STATE\s+: 4\s+RUNNING/);
  });

  test('large frames, floating point and the IRQL of frames.c', async () => {
    const service = await load('frames', configuration);
    const sum = Array.from({ length: 3000 }, (_, index) => 3 + index).reduce((a, b) => a + b);
    expect(await valuesOf(service)).toMatchObject({ Sum: sum, Tenfold: 15, Irql: 0, Copied: 1 });
    expect(await stateOf(service)).toMatch(/STATE\s+: 4\s+RUNNING/);
  });
});
