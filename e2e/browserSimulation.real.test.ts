// Goal: the same inputs give the same bytes in Node and in a browser: trace, findings with their places,
// coverage and all else of a prediction. Method: the simulator, bundled as it is, in a page of Chromium.
import { build } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProfileName } from '../contract/profiles.ts';
import { versionDefines } from '../lab/build/releases.ts';
import {
  compileForSimulation,
  createCompiler,
  RUNTIME_FOLDER,
  WDK_FOLDER,
  type Compiler,
} from '../lab/compile/index.ts';
import { loadSample, loadWorkload, pickVariant, readSources } from '../lab/samples/samples.ts';
import { simulate, type SimulationInput } from '../simulator/index.ts';
import { CHROMIUM, quietly } from './testing/workbench.ts';

/** What a page can be handed: the image as text. */
type Handed = readonly [input: SimulationInput, image: string];

let browser: Browser;
let page: Page;
let compiler: Compiler;

beforeAll(async () => {
  compiler = createCompiler();
  const bundle = build({
    entryPoints: [new URL('../simulator/index.ts', import.meta.url).pathname],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    globalName: 'simulator',
    platform: 'browser',
  });
  browser = await chromium.launch({ executablePath: CHROMIUM, args: quietly });
  page = await browser.newPage();
  const [file] = (await bundle).outputFiles;
  await page.addScriptTag({ content: file?.text ?? '' });
}, 60_000);

afterAll(async () => {
  await browser.close();
  await compiler.dispose();
});

async function inputOf(
  sampleName: string,
  variantName: string,
  profile: ProfileName,
): Promise<SimulationInput> {
  const sample = await loadSample(sampleName);
  const variant = pickVariant(sample, variantName);
  const { manifest } = sample;
  const ntddi = `NTDDI_VERSION=0x${versionDefines[profile].ntddi.toString(16)}`;
  const { image } = await compileForSimulation(compiler, {
    ...(await readSources(sample)),
    defines: [...manifest.defines, ...variant.defines, ntddi],
    mode: 'simulate',
  });
  const { expanded } = await loadWorkload(sample, variant, undefined);
  return {
    workload: expanded,
    profile,
    seed: 7,
    sample: manifest.name,
    variant: variant.name,
    driver: {
      name: manifest.driver,
      image,
      foreignFolders: [WDK_FOLDER, RUNTIME_FOLDER, 'usr'],
      instances: manifest.instances,
      neighbours: manifest.neighbours,
      without: [],
      callbacksCalled: true,
    },
  };
}

async function inPage([input, image]: Handed): Promise<string> {
  const { simulator } = globalThis as unknown as { simulator: { simulate: typeof simulate } };
  const bytes = Uint8Array.from(atob(image), (one) => one.charCodeAt(0));
  const { driver } = input;
  if (driver === undefined) throw new RangeError('every row has a driver');
  const handed = { ...input, driver: { ...driver, image: bytes } };
  return JSON.stringify(await simulator.simulate(handed));
}

const rows: readonly (readonly [string, string, ProfileName])[] = [
  ['passthrough', 'traced', 'win11'],
  ['dirnotify', 'new-system-buffer', 'win7'],
  ['section-sync', 'zw-read-critical-region', 'winxp'],
  ['volume-redirect', 'adjusted', 'win10'],
];

test.each(rows)('%s %s on %s', { timeout: 60_000 }, async (sample, variant, profile) => {
  const input = await inputOf(sample, variant, profile);
  const { driver } = input;
  const image = Buffer.from(driver?.image ?? []).toString('base64');
  const inBrowser = await page.evaluate(inPage, [input, image] as Handed);
  const prediction = await simulate(input);
  expect(prediction.events.length).toBeGreaterThan(20);
  expect(inBrowser).toBe(JSON.stringify(prediction));
});
