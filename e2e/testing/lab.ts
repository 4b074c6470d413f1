// What the files of this folder share: a data folder, the programs that a test needs, a Wine target that
// is prepared once, and a look at the machine from outside of the product.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestContext } from 'vitest';
import { projectRoot } from '../../scripts/programs.ts';
import { wineEnvironment } from '../../lab/targets/wine/environment.ts';
import { wineLayout, type WineLayout } from '../../lab/targets/wine/layout.ts';
import { listProcesses, processesInPrefix } from '../../lab/process/processTable.ts';
import { Fltlab } from './fltlab.ts';

/** Lines of `fltlab doctor`. */
export type Need =
  'clang' | 'lld-link' | 'mingw-w64 headers' | 'Wine headers' | 'osslsigncode' | 'Wine and sshd';
export const toBuild: readonly Need[] = [
  'clang',
  'lld-link',
  'mingw-w64 headers',
  'Wine headers',
  'osslsigncode',
];
export const toRun: readonly Need[] = [...toBuild, 'Wine and sshd'];

export interface TestLab {
  readonly fltlab: Fltlab;
  /** For files of the test; gone after it. */
  readonly scratch: string;
  readonly wine: WineLayout;
  /** Skips the test, and says why, where the machine lacks something. */
  require(context: TestContext, needs: readonly Need[]): void;
  /** `fltlab target add wine`; quick when it was done before. */
  addWine(): Promise<void>;
  /** Stops the target and removes what is not shared. Says which processes it left. */
  dispose(): Promise<readonly string[]>;
}

export async function openLab(): Promise<TestLab> {
  if (!existsSync(join(projectRoot, 'out', 'cli', 'main.mjs'))) {
    throw new Error('FltLab has not been built: run `npm run build`.');
  }
  const scratch = await mkdtemp(join(tmpdir(), 'fltlab-e2e-'));
  const data = process.env['FLTLAB_TEST_DATA'] ?? join(scratch, 'data');
  const fltlab = new Fltlab(data, scratch);
  const missing = await whatIsMissing(fltlab);
  const wine = wineLayout(data, 'wine');
  return {
    fltlab,
    scratch,
    wine,
    require: (context, needs) => {
      const lacks = needs.flatMap((need) => missing.get(need) ?? []);
      context.skip(lacks.length > 0, `this machine lacks ${lacks.join('; ')}`);
    },
    addWine: async () => {
      const { code, err } = await fltlab.run(['target', 'add', 'wine']);
      if (code !== 0) throw new Error(`target add wine: ${err}`);
    },
    dispose: async () => {
      if (existsSync(join(wine.folder, 'target.json'))) {
        await fltlab.run(['target', 'stop', 'wine']);
      }
      const left = await running(wine);
      await rm(scratch, { recursive: true, force: true });
      return left;
    },
  };
}

async function whatIsMissing(fltlab: Fltlab): Promise<ReadonlyMap<string, string>> {
  const { object } = await fltlab.json(['doctor']);
  const { checks } = object as { checks: { what: string; ok: boolean; remedy?: string }[] };
  return new Map(
    checks.filter((one) => !one.ok).map((one) => [one.what, `${one.what}. ${one.remedy ?? ''}`]),
  );
}

/** Everything of the target that runs, whoever started it: command lines. */
export async function running(wine: WineLayout): Promise<readonly string[]> {
  const prefix = new Set(await processesInPrefix(wine.prefix));
  return (await listProcesses())
    .filter(({ pid, command }) => prefix.has(pid) || command.includes(wine.folder))
    .map(({ command }) => command);
}

/** Runs a Windows command in the prefix, past the product. */
export async function inPrefix(
  wine: WineLayout,
  ...command: readonly string[]
): Promise<{ readonly code: number; readonly out: string }> {
  const env = { ...wineEnvironment(wine), PATH: process.env['PATH'] };
  return promisify(execFile)('wine', [...command], { env, cwd: wine.driveC }).then(
    ({ stdout }) => ({ code: 0, out: stdout }),
    (error: Error & { code?: number; stdout?: string }) => ({
      code: error.code ?? -1,
      out: error.stdout ?? '',
    }),
  );
}

/** What a run must not leave on the target and in the data folder; empty when all is clean. */
export async function leftBehind(lab: TestLab, service = 'dirnotify'): Promise<readonly string[]> {
  const { wine, fltlab } = lab;
  const agents = (await running(wine)).filter((command) => command.includes('agent.cjs'));
  const lab_folder = join(wine.driveC, 'FltLab');
  const exists = (await inPrefix(wine, 'sc', 'query', service)).code === 0;
  return [
    ...agents.map((command) => `a process: ${command}`),
    ...(exists ? [`the service ${service}`] : []),
    ...(await namesIn(join(lab_folder, 'volumes', 'C'), 'a file of the workload')),
    ...(await namesIn(join(lab_folder, 'state', 'runs'), 'a trace')),
    ...(await namesIn(join(fltlab.data, 'locks'), 'a lock')),
    ...(await namesIn(join(fltlab.data, 'runs'), 'an unfinished run', /^[.]/)),
    ...(await namesIn(join(lab_folder, 'drivers', service), 'a half copied file', /[.]part/)),
  ];
}

async function namesIn(folder: string, what: string, pattern = /./): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  const names = await readdir(folder);
  return names.filter((name) => pattern.test(name)).map((name) => `${what}: ${name}`);
}
