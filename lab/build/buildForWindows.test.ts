// Goal: a sample's manifest says all that a toolchain needs, and two drivers never share a folder.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SampleManifestSchema } from '../../contract/sample.ts';
import { buildForWindows, buildInputOf } from './buildForWindows.ts';
import type { BuildInput, Toolchain } from './toolchain.ts';

const manifest = SampleManifestSchema.parse({
  fltlab: 1,
  name: 'dirnotify',
  title: 'T',
  driver: 'DirNotify',
  sources: ['driver/filter.c', 'driver/names.c'],
  includes: ['driver/filter.h', 'shared/protocol.h', 'driver/names.h'],
  defines: ['ALL=1'],
  instances: [{ name: 'Default', altitude: '370030' }],
  variants: [{ name: 'user-buffer', title: 'V', defines: ['VARIANT=2'] }],
  workloads: ['w.json'],
});
const sample = { folder: '/samples/dirnotify', manifest };
const variant = { name: 'user-buffer', title: 'V', defines: ['VARIANT=2'], kind: 'bug' } as const;
const dataFolder = '/data';

test('the manifest, in the words of a toolchain', () => {
  const input = buildInputOf({
    sample,
    variant: { ...variant, defines: ['VARIANT=2'] },
    dataFolder,
  });
  expect(input).toEqual({
    name: 'DirNotify',
    folder: '/samples/dirnotify',
    sources: ['driver/filter.c', 'driver/names.c'],
    defines: ['ALL=1', 'VARIANT=2'],
    includeFolders: ['driver', 'shared'],
    architecture: 'x64',
    configuration: 'debug',
    ntddi: 0x0a00000b,
    outFolder: join('/data', 'build', 'DirNotify-29362ea5', 'user-buffer-win11-debug'),
  });
});

test('folder, variant, profile and configuration each have a folder of their own', () => {
  const of = (change: object): string =>
    buildInputOf({ sample, variant: { ...variant, defines: [] }, dataFolder, ...change }).outFolder;
  const folders = [
    of({}),
    of({ sample: { ...sample, folder: '/mine/dirnotify' } }),
    of({ variant: { ...variant, name: 'other', defines: [] } }),
    of({ profile: 'win7' }),
    of({ configuration: 'release' }),
  ];
  expect(new Set(folders).size).toBe(folders.length);
});

test('the toolchain is handed the input, the signal and the progress', async () => {
  const seen: unknown[] = [];
  const toolchain: Toolchain = {
    name: 'fake',
    probe: () => Promise.reject(new Error('not asked')),
    build: async (input: BuildInput, signal, progress) => {
      seen.push(input.name, signal.aborted);
      progress('working');
      return { sysPath: 's', diagnostics: [], commands: [], cached: true, sha256: 'h' };
    },
  };
  const signal = new AbortController().signal;
  const progress = (text: string): void => void seen.push(text);
  const request = { sample, variant: { ...variant, defines: [] }, dataFolder, toolchain };
  await buildForWindows({ ...request, signal, progress });
  expect(seen).toEqual(['DirNotify', false, 'working']);
});
