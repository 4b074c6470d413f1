// Goal: a person's files are never lost: what others wrote is not overwritten, what cannot be shown is
// left alone, and a folder from elsewhere is restricted until it is trusted.
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readFiles, saveFile, SHOWN_BYTES_MAX, watchFiles } from './files.ts';
import { proposeManifest } from './propose.ts';
import {
  acceptProposal,
  checkTrusted,
  copySample,
  folderId,
  listWorkspace,
  openFolder,
  trustFolder,
  workspaceSample,
  type WorkspaceSample,
} from './workspace.ts';

let data: string;
let elsewhere: string;
beforeEach(async () => {
  const base = await mkdtemp(join(tmpdir(), 'fltlab-workspace-'));
  data = join(base, 'data');
  elsewhere = join(base, 'elsewhere');
  await mkdir(data);
  await mkdir(elsewhere);
});
afterEach(() => rm(join(data, '..'), { recursive: true }));

const copied = async (): Promise<WorkspaceSample> =>
  copySample(data, await workspaceSample(data, 'dirnotify'), 'mine');
const fileOf = async (sample: WorkspaceSample, path: string) => {
  const found = (await readFiles(sample)).find((one) => one.path === path);
  if (found === undefined) throw new Error(`no ${path}`);
  return found;
};

test('a copy is the user’s own: listed, saved to, and not made twice', async () => {
  const sample = await copied();
  expect([sample.id, sample.origin, sample.manifest.name]).toEqual(['own/mine', 'own', 'mine']);
  expect((await listWorkspace(data)).samples.map((one) => one.id)).toContain('own/mine');
  await expect(copied()).rejects.toMatchObject({ code: 'workspace.name-taken' });
});

describe('saving', () => {
  test('writes what was edited, and the next saving goes on from there', async () => {
    const sample = await copied();
    const { path, version } = await fileOf(sample, 'dirnotify.c');
    const next = await saveFile(sample, { path, text: 'one', version });
    await saveFile(sample, { path, text: 'two', version: next });
    expect(await readFile(join(sample.folder, path), 'utf8')).toBe('two');
  });

  test('does not undo what another program wrote', async () => {
    const sample = await copied();
    const { path, version } = await fileOf(sample, 'dirnotify.c');
    await writeFile(join(sample.folder, path), 'theirs');
    await expect(saveFile(sample, { path, text: 'mine', version })).rejects.toMatchObject({
      code: 'workspace.file-changed-outside',
    });
    expect(await readFile(join(sample.folder, path), 'utf8')).toBe('theirs');
  });

  test('keeps UTF-16 where it was UTF-16', async () => {
    const sample = await copied();
    const file = join(sample.folder, 'dirnotify.inf');
    await writeFile(file, Buffer.from('\uFEFF[Version]', 'utf16le'));
    const { path, version, text } = await fileOf(sample, 'dirnotify.inf');
    expect(text).toContain('[Version]');
    await saveFile(sample, { path, text: '[Strings]', version });
    expect([...(await readFile(file)).subarray(0, 4)]).toEqual([0xff, 0xfe, 0x5b, 0]);
  });

  test.each<[string, (sample: WorkspaceSample) => Partial<{ path: string }>, string]>([
    [
      'a path that is no file of the driver',
      () => ({ path: '../secret.txt' }),
      'sample.source-missing',
    ],
  ])('refuses %s', async (_name, change, code) => {
    const sample = await copied();
    const file = { ...(await fileOf(sample, 'dirnotify.c')), ...change(sample) };
    await expect(saveFile(sample, file)).rejects.toMatchObject({ code });
  });

  test('refuses to write into a sample of FltLab', async () => {
    const sample = await workspaceSample(data, 'dirnotify');
    const file = await fileOf(sample, 'dirnotify.c');
    await expect(saveFile(sample, file)).rejects.toMatchObject({ code: 'workspace.read-only' });
  });

  test('a folder that is gone is told, and the text stays with who has it', async () => {
    const sample = await copied();
    const file = await fileOf(sample, 'dirnotify.c');
    await rm(sample.folder, { recursive: true });
    await expect(saveFile(sample, file)).rejects.toMatchObject({
      code: 'workspace.not-saved',
      problem: expect.stringContaining('its folder is gone') as string,
    });
  });
});

describe('a file that cannot be shown hides no other', () => {
  test.each<[string, Uint8Array | string, RegExp]>([
    ['binary', new Uint8Array([0x4d, 0x5a, 0, 1]), /not text/],
    ['broken UTF-8', new Uint8Array([0x41, 0xc3, 0x28]), /not text/],
    ['too large', 'x'.repeat(SHOWN_BYTES_MAX + 1), /2\.0 MiB; the editor shows/],
  ])('%s', async (_name, content, why) => {
    const sample = await copied();
    await writeFile(join(sample.folder, 'dirnotify.c'), content);
    const files = await readFiles(sample);
    expect(files.find((one) => one.path === 'dirnotify.c')?.refused).toMatch(why);
    expect(files.filter((one) => one.refused === undefined).length).toBe(files.length - 1);
  });
});

test('what other programs write is told', async () => {
  const sample = await copied();
  const leave = new AbortController();
  const told = watchFiles(sample, leave.signal);
  const next = told.next();
  await writeFile(join(sample.folder, 'unrelated.txt'), 'x');
  await writeFile(join(sample.folder, 'dirnotify.h'), 'x');
  expect((await next).value).toEqual(['dirnotify.h']);
  // Saving puts another file in its place, which is watched as the one before was.
  const file = join(sample.folder, 'dirnotify.h');
  const [before] = (await readFiles(sample)).filter((one) => one.path === 'dirnotify.h');
  const saved = await saveFile(sample, {
    path: 'dirnotify.h',
    text: 'saved',
    version: before?.version ?? '',
  });
  expect(saved).not.toBe(before?.version);
  expect((await told.next()).value).toEqual(['dirnotify.h']);
  const again = told.next();
  await writeFile(file, 'by another');
  expect((await again).value).toEqual(['dirnotify.h']);
  leave.abort();
});

describe('a folder from elsewhere', () => {
  const inf = `[Version]\nSignature = "$Windows NT$"\n[DefaultInstall.NTamd64.Services]
AddService = %ServiceName%,,S\n[S]\nLoadOrderGroup = "FSFilter Encryption"\n[A]
HKR,"Instances\\"%Instance1.Name%,"Altitude",0x00000000,%Instance1.Altitude%
[Strings]\nServiceName = "scrambler"\nInstance1.Name = "Scrambler Instance"\nInstance1.Altitude = "141000.5"\n`;

  test('is proposed a manifest out of its own files, and opened with it', async () => {
    await writeFile(join(elsewhere, 'Scrambler.c'), 'int x;');
    await writeFile(join(elsewhere, 'scrambler.inf'), inf);
    expect(await openFolder(data, elsewhere)).toBeUndefined();
    const { manifest } = await proposeManifest(elsewhere);
    expect(manifest).toMatchObject({
      driver: 'scrambler',
      sources: ['Scrambler.c'],
      group: 'FSFilter Encryption',
      instances: [{ name: 'Scrambler Instance', altitude: '141000.5' }],
    });
    const sample = await acceptProposal(data, elsewhere, manifest);
    expect([sample.id, sample.trusted]).toEqual([folderId(elsewhere), false]);
  });

  test('may be built and run only once it is trusted', async () => {
    await writeFile(join(elsewhere, 'a.c'), '');
    const { manifest } = await proposeManifest(elsewhere);
    const sample = await acceptProposal(data, elsewhere, manifest);
    expect(() => checkTrusted(sample)).toThrow(/comes from elsewhere/);
    expect(() => checkTrusted({ ...sample, trusted: true })).not.toThrow();
    expect((await trustFolder(data, sample.id)).trusted).toBe(true);
  });

  test('without source has nothing to propose', async () => {
    await expect(proposeManifest(elsewhere)).rejects.toMatchObject({ code: 'workspace.no-driver' });
  });

  test('that vanished is named and hides nothing', async () => {
    await writeFile(join(elsewhere, 'a.c'), '');
    await acceptProposal(data, elsewhere, (await proposeManifest(elsewhere)).manifest);
    await rm(elsewhere, { recursive: true });
    const { samples, lost } = await listWorkspace(data);
    expect(samples.map((one) => one.id)).toContain('dirnotify');
    expect(lost.map((one) => [one.folder, one.error.code])).toEqual([
      [elsewhere, 'workspace.folder-gone'],
    ]);
    await mkdir(elsewhere);
  });
});

test('a data folder that cannot be written is told', async () => {
  const sample = await copied();
  const file = await fileOf(sample, 'dirnotify.c');
  await rm(join(sample.folder, 'dirnotify.c'));
  await mkdir(join(sample.folder, 'dirnotify.c'));
  await chmod(sample.folder, 0o700);
  await expect(saveFile(sample, file)).rejects.toMatchObject({ code: 'workspace.not-saved' });
});
