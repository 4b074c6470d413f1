// Goal: what a person does with runs in the workbench, against the real lab and the real Wine target: one
// button from source to comparison, two windows on one run, a page reloaded and a line cut in the middle.
import { existsSync } from 'node:fs';
import type { FileChooser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeWineTarget, type TestTarget } from '../lab/targets/testdata/wineTarget.ts';
import { CHROMIUM, openWorkbench, type OpenWorkbench } from './testing/workbench.ts';

const missing = [CHROMIUM, '/usr/bin/wine'].find((program) => !existsSync(program));
const RUN_ms = 240_000;

describe.skipIf(missing !== undefined)(
  `runs in the workbench${missing === undefined ? '' : ` (no ${missing})`}`,
  () => {
    let target: TestTarget;
    let workbench: OpenWorkbench;

    beforeAll(async () => {
      target = await makeWineTarget('wine');
      workbench = await openWorkbench(target.dataFolder);
    });
    afterAll(async () => {
      await workbench?.close();
      await target?.dispose();
    });

    const open = (): Promise<Page> =>
      workbench.page({ colorScheme: 'light', width: 1280, height: 800 });
    const status = (page: Page) => page.getByRole('contentinfo', { name: 'Status' });
    const log = (page: Page) => page.getByRole('log', { name: 'Run' });
    const ended = async (page: Page, how: string): Promise<void> => {
      const last = log(page).getByText(/on wine, (done|failed|cancelled)/);
      await last.waitFor({ timeout: RUN_ms });
      expect(await last.textContent(), await log(page).innerText()).toContain(`on wine, ${how}`);
    };

    test('F5 goes from source to comparison; a second window and a reloaded one see the same run', async () => {
      const page = await open();
      const second = await page.context().newPage();
      await second.goto(new URL('/', workbench.address).href);
      await page.keyboard.press('F5');
      await status(page).getByText('build').waitFor();
      await second.getByRole('tab', { name: 'Output' }).click();
      await log(second).getByText('build').first().waitFor();

      await page.reload();
      await page.getByRole('tab', { name: 'Output' }).click();
      await ended(page, 'done');
      await ended(second, 'done');
      await second.getByRole('button', { name: 'Show the comparison' }).click();
      await second
        .getByRole('option', { name: /notify.*STATUS_PENDING agrees STATUS_PENDING/ })
        .first()
        .waitFor();
      for (const stage of ['build', 'sign', 'connect', 'copy', 'workload', 'compare']) {
        await log(page).getByText(stage).first().waitFor();
      }
      await page.context().close();
    });

    test('a run is cancelled by one key; what is taken back and how to go on is told', async () => {
      const page = await open();
      await page.keyboard.press('F5');
      await status(page).getByText('build').waitFor();
      await page.keyboard.press('Shift+F5');
      await ended(page, 'cancelled');
      await log(page).getByText('run.cancelled').waitFor();
      await log(page).getByRole('button', { name: 'Run again' }).waitFor();
      await page.context().close();
    });

    test('the line to the lab is cut in the middle of a run: it is told, made anew, and the run is there', async () => {
      const page = await open();
      await page.keyboard.press('F5');
      await status(page).getByText('build').waitFor();
      await page.evaluate(() => {
        (globalThis as unknown as { fltlabLine: WebSocket }).fltlabLine.close();
      });
      await status(page).getByText('connection to the lab is cut').waitFor();
      await expect.poll(() => status(page).getByText('connection to the lab').count()).toBe(0);
      await page.getByRole('tab', { name: 'Output' }).click();
      await ended(page, 'done');
      await page.context().close();
    });

    test('a kept run is filtered, tagged, exported, imported, and a damaged file is refused', async () => {
      const page = await open();
      // Runs of other tests may lie in the same folder.
      const tag = `weekly-${process.pid}`;
      await page.getByRole('button', { name: 'Runs' }).click();
      const runs = page.getByRole('list', { name: 'Kept runs' });
      await runs
        .getByRole('button', { name: /dirnotify/ })
        .first()
        .click();
      await page.getByLabel('Tags').fill(`first ${tag}`);
      await page.getByLabel('Tags').press('Tab');
      await page.getByLabel('Filter the runs').fill(tag);
      await expect.poll(() => runs.getByText(`first ${tag}`).count()).toBe(1);
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Export' }).click();
      const file = await (await download).path();
      const choose = async (files: Parameters<FileChooser['setFiles']>[0]): Promise<void> => {
        const chooser = page.waitForEvent('filechooser');
        await page.getByRole('button', { name: 'Import …' }).click();
        await (await chooser).setFiles(files);
      };
      await choose(file);
      await expect.poll(() => runs.getByText('imported').count()).toBe(1);
      const damaged = { name: 'damaged.fltlab-run', mimeType: '', buffer: Buffer.from('nothing') };
      await choose(damaged);
      await page.getByRole('alert').getByText('run.bundle-invalid').waitFor();
      await page.context().close();
    });
  },
);
