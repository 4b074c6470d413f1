// Goal: what disks and people do wrong is told in the workbench, and nothing is lost: a source that is too
// large, one that is no text, a full disk (a real one, where a small file system can be mounted), a folder
// that vanished, files of runs that are damaged or newer. One server, one window, one table of troubles.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../scripts/programs.ts';
import { CHROMIUM, openFile, openWorkbench, type OpenWorkbench } from './testing/workbench.ts';

const missing = existsSync(CHROMIUM) ? undefined : `no ${CHROMIUM}: install Debian's chromium`;
/** Only root may mount; elsewhere the other rows remain. */
const mounts = process.platform === 'linux' && process.getuid?.() === 0;

describe.skipIf(missing !== undefined)(
  `trouble in the workbench${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let data = '';
    let workbench: OpenWorkbench;
    let page: Page;
    const driver = (name: string): string => join(data, 'drivers', name);

    beforeAll(async () => {
      data = await mkdtemp(join(tmpdir(), 'fltlab-trouble-'));
      for (const name of ['large', 'full', 'vanishing'])
        mkdirSync(driver(name), { recursive: true });
      if (mounts)
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', driver('full')]);
      for (const name of ['large', 'full', 'vanishing']) await copyDriver(name, driver(name));
      await truncate(join(driver('large'), 'dirnotify.c'), 200 * 1024 * 1024);
      await writeFile(join(driver('large'), 'notifyEntries.c'), Uint8Array.of(0x4d, 0x5a, 0, 3));
      workbench = await openWorkbench(data);
      page = await workbench.page({ colorScheme: 'light', width: 1280, height: 800 });
      page.setDefaultTimeout(60_000);
      await page.getByRole('button', { name: 'Samples', exact: true }).click();
    });
    afterAll(async () => {
      await workbench?.close();
      if (mounts) execFileSync('umount', [driver('full')]);
      await rm(data, { recursive: true, force: true });
    });

    const shown = (text: string | RegExp): Locator => page.getByText(text).first();
    const choose = async (name: string): Promise<void> => {
      await page.getByRole('button', { name: new RegExp(`^${name}\\b`) }).click();
      await page.locator('button[aria-current=true]').filter({ hasText: name }).waitFor();
    };
    const type = async (text: string): Promise<void> => {
      await page
        .locator('.monaco-editor')
        .first()
        .click({ position: { x: 300, y: 100 } });
      await page.keyboard.press('Control+Home');
      await page.keyboard.type(text);
    };
    const editorText = async (): Promise<string> =>
      (await page.locator('.view-lines').first().innerText()).replaceAll('\u00a0', ' ');

    test('a source of 200 MB and one that is no text are told, and left as they are', async () => {
      await choose('large');
      for (const [file, told] of [
        ['dirnotify.c', 'It has 200.0 MiB; the editor shows files of up to 2.0 MiB.'],
        ['notifyEntries.c', 'It is not text'],
      ] as const) {
        await page.keyboard.press('Control+Shift+p');
        await page.getByRole('combobox', { name: 'Command' }).fill(`Go to ${file}`);
        await page.keyboard.press('Enter');
        await shown(told).waitFor();
      }
      // The simulation says whose it is, and the window goes on.
      await page
        .locator('.truth')
        .getByText(/does not compile|too large|no prediction/)
        .waitFor();
      expect([...readFileSync(join(driver('large'), 'notifyEntries.c'))]).toEqual([
        0x4d, 0x5a, 0, 3,
      ]);
    });

    test.skipIf(!mounts)(
      'a full disk is told, the text stays, and is saved when there is room',
      async () => {
        const filler = join(driver('full'), 'filler');
        await fill(filler);
        await choose('full');
        await openFile(page, 'newSystemBuffer.c');
        const file = join(driver('full'), 'newSystemBuffer.c');
        const before = await readFile(file, 'utf8');
        await type('/* no room for this */\n');
        await shown('there is no space left on its disk').waitFor();
        expect(await readFile(file, 'utf8')).toBe(before);
        expect(await editorText()).toContain('no room for this');
        rmSync(filler);
        await page.keyboard.press('Control+s');
        await expect.poll(() => readFileSync(file, 'utf8')).toContain('no room for this');
        await expect.poll(() => shown('no space left').count()).toBe(0);
      },
    );

    test('a folder that vanishes under the editor takes nothing with it', async () => {
      await choose('vanishing');
      await openFile(page, 'newSystemBuffer.c');
      const away = join(data, 'away');
      renameSync(driver('vanishing'), away);
      await type('/* typed while it was gone */\n');
      await shown('its disk may be gone, or it was moved').waitFor();
      expect(await editorText()).toContain('typed while it was gone');
      renameSync(away, driver('vanishing'));
      await page.keyboard.press('Control+s');
      await expect
        .poll(() => readFileSync(join(driver('vanishing'), 'newSystemBuffer.c'), 'utf8'))
        .toContain('typed while it was gone');
    });

    test.each<[string, Uint8Array, string]>([
      ['damaged', Buffer.from('nothing of ours'), 'run.bundle-invalid'],
      ['cut', gzipSync(JSON.stringify({ fltlabRun: 2 })).subarray(0, 20), 'run.bundle-invalid'],
      ['newer', gzipSync(JSON.stringify({ fltlabRun: 99 })), 'file.newer-version'],
    ])('a file of a run that is %s is refused with what to do', async (_what, buffer, code) => {
      const imports = page.getByRole('button', { name: 'Import …' });
      // The button of the view takes it away again.
      if ((await imports.count()) === 0) await page.keyboard.press('Control+Shift+3');
      const chooser = page.waitForEvent('filechooser');
      await imports.click();
      await (
        await chooser
      ).setFiles({ name: 'x.fltlab-run', mimeType: '', buffer: Buffer.from(buffer) });
      await page.getByRole('alert').getByText(code).waitFor();
      await page.getByRole('alert').getByRole('button', { name: 'Close' }).click();
      expect(existsSync(join(data, 'runs', 'x'))).toBe(false);
    });
  },
);

/** A driver of the user's own: the sample under another name. */
async function copyDriver(name: string, folder: string): Promise<void> {
  cpSync(join(projectRoot, 'driver-samples', 'dirnotify'), folder, {
    recursive: true,
    filter: (from) => !from.includes('recorded'),
  });
  const file = join(folder, 'fltlab.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  await writeFile(file, JSON.stringify({ ...manifest, name }));
}

/** Until the disk has no byte left. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'w');
  const block = Buffer.alloc(4096, 'x');
  try {
    for (;;) await file.write(block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    await file.close();
  }
}
