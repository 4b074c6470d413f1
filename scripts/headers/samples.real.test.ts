// Goal: every variant of every sample compiles without a word from the compiler, for the simulation and
// for Windows, old and new. Method: clang parses each source with our headers and all usual warnings.
import { describe, expect, test } from 'vitest';
import { loadSample, readSources, sampleNames } from '../../lab/samples/samples.ts';
import { askClang } from './clangOnHeaders.ts';

const builds = [
  ['wasm32', 'XP SP2', '0x05010200'],
  ['wasm32', 'Windows 7', '0x06010000'],
  ['wasm32', 'Windows 11', '0x0A00000C'],
  ['x86', 'XP SP2', '0x05010200'],
  ['x64', 'Windows 7', '0x06010000'],
  ['x64', 'Windows 11', '0x0A00000C'],
] as const;

describe.each(await sampleNames())('%s', async (name) => {
  const sample = await loadSample(name);
  const { sources, headers } = await readSources(sample);
  const beside = Object.fromEntries(headers.map(({ path, text }) => [path, text]));
  const cases = sample.manifest.variants.flatMap((variant) =>
    builds.map(([target, version, ntddi]) => ({ variant, target, version, ntddi })),
  );

  test.each(cases)('$variant.name for $version, $target', async ({ variant, target, ntddi }) => {
    const defines = [`NTDDI_VERSION=${ntddi}`, ...sample.manifest.defines, ...variant.defines];
    const options = ['-Wall', '-Wextra', ...defines.map((define) => `-D${define}`)];
    for (const { path, text } of sources) {
      const { ok, diagnostics } = await askClang(text, target, options, beside);
      expect({ path, ok, diagnostics }).toEqual({ path, ok: true, diagnostics: '' });
    }
  });
});
