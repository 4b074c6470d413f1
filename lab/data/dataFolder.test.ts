// Where the data folder is on each platform, and what happens when it cannot be there.
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dataFolderPath, openDataFolder, type Machine } from './dataFolder.ts';

const rows: readonly [string, Machine['platform'], string, Machine['environment'], string][] = [
  ['Linux', 'linux', '/home/ann', {}, '/home/ann/.local/share/fltlab'],
  ['XDG', 'linux', '/home/ann', { XDG_DATA_HOME: '/data' }, '/data/fltlab'],
  ['XDG relative', 'linux', '/home/ann', { XDG_DATA_HOME: 'x' }, '/home/ann/.local/share/fltlab'],
  ['macOS', 'darwin', '/Users/ann', {}, '/Users/ann/Library/Application Support/FltLab'],
  ['Windows', 'win32', 'C:\\Users\\ann', { LOCALAPPDATA: 'D:\\Local' }, 'D:\\Local\\FltLab'],
  ['no LOCALAPPDATA', 'win32', 'C:\\Users\\ann', {}, 'C:\\Users\\ann\\AppData\\Local\\FltLab'],
  ['named', 'linux', '/home/ann', { FLTLAB_DATA: '/x', XDG_DATA_HOME: '/data' }, '/x'],
];

test.each(rows)('data folder: %s', (_name, platform, home, environment, expected) => {
  expect(dataFolderPath({ platform, home, environment })).toBe(expected);
});

let scratch: string;
beforeAll(async () => void (scratch = await mkdtemp(path.join(tmpdir(), 'fltlab-data-'))));
afterAll(() => rm(scratch, { recursive: true }));

const named = (folder: string): Machine => ({
  platform: process.platform,
  home: scratch,
  environment: { FLTLAB_DATA: folder },
});

const POSIX = process.platform !== 'win32';

test.runIf(POSIX)('it is made with its parents, for the user alone', async () => {
  const folder = await openDataFolder(named(path.join(scratch, 'a', 'b')));
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

test('a file in its place is an error with a remedy', async () => {
  const file = path.join(scratch, 'file');
  await writeFile(file, '');
  await expect(openDataFolder(named(path.join(file, 'below')))).rejects.toMatchObject({
    code: 'data.folder-unusable',
    remedy: expect.stringContaining('FLTLAB_DATA') as string,
  });
});

test.runIf(POSIX)('so is a folder that cannot be written', async () => {
  await expect(openDataFolder(named(await closedFolder()))).rejects.toMatchObject({
    code: 'data.folder-unusable',
  });
});

/** Root may write to any folder of a disk, but not even root makes one in /sys. */
async function closedFolder(): Promise<string> {
  if (process.getuid?.() === 0) return '/sys/fltlab';
  const folder = path.join(scratch, 'closed');
  await mkdir(folder);
  await chmod(folder, 0o500);
  return folder;
}
