// Goal: every variant of every sample compiles without a word from the compiler for the oldest Windows on
// which it is played, 32 bits, and for the newest; for the simulation its predictions compile it.
// Method: clang parses each source with our headers and all usual warnings; the machine's own clang where
// there is one, for it answers twenty times as fast as the embedded one.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Tree } from '@yowasp/clang';
import { afterAll, describe, expect, test } from 'vitest';
import { profilesOf } from '../../contract/outcomes.ts';
import { profileNames } from '../../contract/profiles.ts';
import { searchParts, thisMachine } from '../../lab/build/clang/parts.ts';
import { versionDefines } from '../../lab/build/releases.ts';
import { runProgram } from '../../lab/process/index.ts';
import { loadOutcomes } from '../../lab/samples/outcomes.ts';
import { loadSample, readSources, sampleNames } from '../../lab/samples/samples.ts';
import { headers, language, spelled, triples } from './clangOnHeaders.ts';

/** WDK drivers end their tables with `{ FLT_CONTEXT_END }`, which leaves the other fields out. */
const warnings = ['-Wall', '-Wextra', '-Wno-missing-field-initializers'];

const { signal } = new AbortController();
const clang = (await searchParts(thisMachine, signal)).parts?.clang.path;
const root = await mkdtemp(join(tmpdir(), 'fltlab-headers-'));
afterAll(() => rm(root, { recursive: true, force: true }));

async function layOut(folder: string, tree: Tree): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, entry] of Object.entries(tree)) {
    const path = join(folder, name);
    if (typeof entry === 'string' || entry instanceof Uint8Array) await writeFile(path, entry);
    else await layOut(path, entry);
  }
}

describe.skipIf(clang === undefined).each(await sampleNames())('%s', async (name) => {
  const sample = await loadSample(name);
  const { sources, headers: own } = await readSources(sample);
  const texts = [...sources, ...own];
  const folder = join(root, name);
  const files = Object.fromEntries(texts.map(({ path, text }) => [path, text]));
  await layOut(folder, files);
  const include = spelled(headers(), Object.values(files));
  await layOut(join(folder, 'include'), include);
  const units = sources.map(({ path }) => path);
  const rows = (await loadOutcomes(sample))?.rows ?? [];
  const cases = sample.manifest.variants.flatMap((variant) => {
    const played = rows.filter((row) => row.variant === variant.name).flatMap(profilesOf);
    const oldest = profileNames.find((profile) => played.includes(profile)) ?? 'win7';
    return [
      { variant, target: 'x86', profile: oldest },
      { variant, target: 'x64', profile: 'win11' },
    ] as const;
  });

  test.each(cases)('$variant.name for $profile, $target', async ({ variant, target, profile }) => {
    const ntddi = `NTDDI_VERSION=0x${versionDefines[profile].ntddi.toString(16)}`;
    const defines = [ntddi, ...sample.manifest.defines, ...variant.defines];
    const said = await runProgram(
      clang ?? '',
      [
        `--target=${triples[target]}`,
        '-fsyntax-only',
        '-nostdlibinc',
        ...language,
        ...warnings,
        ...defines.map((define) => `-D${define}`),
        '-Iinclude',
        ...units,
      ],
      { cwd: folder, signal },
    );
    expect(said).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });
});
