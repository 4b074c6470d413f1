// `npm run screens`: pictures of every view, in both themes and two sizes, into docs/screens. The run in
// them is a real one, on a Wine target that is made for it.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { addLine, openFile, openWorkbench } from '../e2e/testing/workbench.ts';
import { makeWineTarget } from '../lab/targets/testdata/wineTarget.ts';
import { projectRoot } from './programs.ts';

const folder = join(projectRoot, 'docs', 'screens');
const sizes = [
  [1280, 800],
  [1920, 1080],
] as const;

type Save = (view: string) => Promise<unknown>;
const tab = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('tab', { name }).click();
const result = (page: Page) => page.getByRole('region', { name: 'Results' });

async function firstStart(page: Page, save: Save): Promise<void> {
  await page.locator('.codelens-decoration').first().waitFor();
  await save('first-start');
  await page.getByRole('button', { name: 'Do not show again' }).click();
  await save('prediction');
}

async function comparisons(page: Page, save: Save): Promise<void> {
  await tab(page, 'Comparison');
  await page
    .getByRole('option', { name: /agrees/ })
    .first()
    .waitFor();
  await save('comparison');
  await page.getByLabel('Left side').selectOption({ label: 'prediction winxp' });
  await page.getByLabel('Right side').selectOption({ label: 'prediction win7' });
  await page
    .getByRole('option', { name: /differs|left only|right only/ })
    .first()
    .waitFor();
  await page.keyboard.press('F7');
  await page.getByRole('group', { name: 'Details' }).waitFor();
  await save('difference');
  await tab(page, 'Profiles');
  await page.getByRole('columnheader', { name: /win11 completed/ }).waitFor({ timeout: 120_000 });
  await save('profiles');
}

async function pictures(page: Page, save: Save): Promise<void> {
  await tab(page, 'Stacks');
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await save('stacks');
  await tab(page, 'Timeline');
  await save('timeline');
  await page.getByLabel('Variant').selectOption('synchronize');
  await page.getByRole('figure', { name: 'Wait graph' }).waitFor({ timeout: 120_000 });
  await save('hang');
}

async function mistakes(page: Page, save: Save): Promise<void> {
  await tab(page, 'Prediction');
  await page.getByLabel('Variant').selectOption('user-buffer');
  await page.locator('.line-finding').waitFor({ timeout: 120_000 });
  await save('finding');
  await page.getByLabel('Variant').selectOption('new-system-buffer');
  await result(page).getByText('0 findings').waitFor();
  await openFile(page, 'newSystemBuffer.c');
  await addLine(page, 'newSystemBuffer.c', 'DirNotifyPreDirectoryControl', 'Data->Iopbb = NULL;');
  await page.getByText('does not compile').waitFor();
  await page.locator('.squiggly-error').first().waitFor();
  await save('error');
  await page.getByRole('button', { name: 'Revert' }).click();
  await result(page).getByText('0 findings').waitFor();
}

async function debugging(page: Page, save: Save): Promise<void> {
  await tab(page, 'Simulated debugger');
  const text = page.locator('.xterm-rows');
  const state = page.locator('.kd .state');
  await state.getByText('event 0 of').waitFor();
  await page.locator('.xterm-helper-textarea').focus();
  await page.keyboard.type('bp dirnotify!DirNotifyPostDirectoryControl; g\n');
  await state.getByText(/event [1-9]/).waitFor();
  await page.keyboard.type('kn\n');
  await text
    .getByText(/ChildEBP/)
    .first()
    .waitFor();
  await save('debugger');
}

async function sides(page: Page, save: Save): Promise<void> {
  await tab(page, 'Output');
  for (const name of ['Samples', 'Targets', 'Runs', 'Settings']) {
    await page.getByRole('button', { name, exact: true }).click();
    if (name === 'Runs') {
      await page.getByRole('list', { name: 'Kept runs' }).getByRole('button').first().click();
    }
    await save(name.toLowerCase());
  }
  await page.keyboard.press('Control+Shift+p');
  await page.getByRole('combobox', { name: 'Command' }).fill('show');
  await save('palette');
  await page.keyboard.press('Escape');
}

await mkdir(folder, { recursive: true });
const target = await makeWineTarget('wine');
const workbench = await openWorkbench(target.dataFolder);
try {
  await runOnce();
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [width, height] of sizes) {
      const page = await workbench.page({ colorScheme, width, height });
      const save: Save = async (view) => {
        await page.evaluate('new Promise((done) => requestAnimationFrame(done))');
        return page.screenshot({ path: join(folder, `${view}-${colorScheme}-${width}.png`) });
      };
      for (const part of [firstStart, comparisons, pictures, mistakes, sides, debugging]) {
        await part(page, save);
      }
      await page.context().close();
    }
  }
} finally {
  await workbench.close();
  await target.dispose();
}
console.log('wrote docs/screens');

/** Something for the history and the output to show. */
async function runOnce(): Promise<void> {
  const page = await workbench.page({ colorScheme: 'light', width: 1280, height: 800 });
  await page.keyboard.press('F5');
  await page.getByRole('log').getByText('on wine, done').waitFor({ timeout: 300_000 });
  await page.context().close();
}
