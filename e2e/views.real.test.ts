// Goal: every view in every theme is free of serious accessibility faults and fits at 200 % zoom, and the
// editor does what an editor does, in a real browser. One browser and one server for all of it.
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../scripts/programs.ts';
import {
  addLine,
  CHROMIUM,
  openFile,
  openWorkbench,
  type OpenWorkbench,
} from './testing/workbench.ts';

const missing = existsSync(CHROMIUM) ? undefined : `no ${CHROMIUM}: install Debian's chromium`;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const rightTabs = ['Prediction', 'Comparison', 'Profiles', 'Stacks', 'Timeline'];
const sides = ['Samples', 'Targets', 'Runs', 'Settings'];
const panels = [/^Problems/, 'Build', 'Debugger', 'Simulated debugger', 'Agent', 'Output'];
const dialogs = ['Control+Shift+p', 'Control+Shift+f', 'Control+o'];
/** The first is looked at in full; what the others change is colour. */
const themes = [
  { colorScheme: 'light', contrast: 'no-preference' },
  { colorScheme: 'dark', contrast: 'no-preference' },
  { colorScheme: 'light', contrast: 'more' },
  { colorScheme: 'dark', contrast: 'more' },
] as const;

describe.skipIf(missing !== undefined)(`views${missing ? ` (${missing})` : ''}`, () => {
  let workbench: OpenWorkbench;
  let page: Page;

  beforeAll(async () => {
    workbench = await openWorkbench();
    page = await workbench.page({ colorScheme: 'light', width: 1280, height: 800 });
    page.setDefaultTimeout(60_000);
    await page.locator('.monaco-editor .view-line').first().waitFor();
    await page.evaluate(axe);
  });
  afterAll(() => workbench?.close());

  const tab = (name: string | RegExp): Promise<void> =>
    page.getByRole('tab', { name, exact: true }).click();
  const shows = (name: string): Promise<void> =>
    page.getByRole('tab', { name, selected: true, exact: true }).waitFor();

  test('nothing serious in any view, dialog and theme', async () => {
    const found: string[] = [];
    const look = async (view: string): Promise<void> => {
      for (const [place, theme] of themes.entries()) {
        await page.emulateMedia(theme);
        await drawn(page);
        const told = await serious(page, place === 0);
        found.push(...told.map((one) => `${view}, ${JSON.stringify(theme)}: ${one}`));
      }
      await page.emulateMedia(themes[0]);
    };
    for (const [place, panel] of panels.entries()) {
      const [right = 'Prediction', side = 'Samples'] = [rightTabs[place], sides[place]];
      await tab(panel);
      await tab(right);
      if (place < sides.length) await page.getByRole('button', { name: side, exact: true }).click();
      await look(`${right}, ${side}, ${String(panel)}`);
    }
    for (const keys of dialogs) {
      await page.keyboard.press(keys);
      await page.getByRole('dialog').waitFor();
      await look(keys);
      await page.keyboard.press('Escape');
    }
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    expect(found).toEqual([]);
  });

  test('at 200 % zoom one pane is shown at a time, and nothing scrolls sideways', async () => {
    await page.setViewportSize({ width: 640, height: 400 });
    const rail = page.getByRole('navigation', { name: 'Views' });
    const wide = (): Promise<string[]> => page.evaluate(tooWide);
    for (const right of rightTabs) {
      await rail.getByRole('button', { name: 'Results' }).click();
      await tab(right);
      expect(await wide(), right).toEqual([]);
    }
    for (const name of ['Source', 'Panel', ...sides]) {
      await rail.getByRole('button', { name }).click();
      expect(await wide(), name).toEqual([]);
    }
    await page.keyboard.press('Control+1');
    await expect
      .poll(() => page.evaluate('document.activeElement.closest(".monaco-editor") !== null'))
      .toBe(true);
    await page.setViewportSize({ width: 1280, height: 800 });
    await tab('Prediction');
  });

  test('completion, signature and hover tell what our headers and rules know', async () => {
    await openFile(page, 'newSystemBuffer.c');
    const routine = 'DirNotifyPreDirectoryControl';
    await addLine(page, 'newSystemBuffer.c', routine, 'FltGetFileNameInf');
    const beside = page.locator('.suggest-details');
    await beside.getByText('APC_LEVEL').waitFor();
    await beside
      .getByText(/R-FLT-\d+/)
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type('Data, ');
    const hints = page.locator('.parameter-hints-widget');
    await hints.locator('.parameter.active', { hasText: 'NameOptions' }).waitFor();
    await page.keyboard.press('Escape');
    const call = page.locator('.view-line', { hasText: 'FltGetFileNameInformation' }).first();
    await call.hover({ position: { x: 100, y: 10 } });
    await page.locator('.monaco-hover:visible').getByText('APC_LEVEL').waitFor();
    await page.getByRole('button', { name: 'Revert' }).click();
  });

  test('manifest, workload and INF are completed and checked', async () => {
    const cases = [
      { file: 'fltlab.json', shown: 'fltlab.json', type: '"colour": 3,\n"', offers: 'neighbours' },
      { file: 'buffered.json', shown: 'buffered.json', type: '"zteps": 3,\n"', offers: 'stack' },
    ];
    for (const { file, shown, type, offers } of cases) {
      await page.keyboard.press('Control+Shift+p');
      await page.getByRole('combobox', { name: 'Command' }).fill(`Go to ${file}`);
      if (file !== shown || (await page.getByRole('option', { name: file }).count()) === 0) {
        await page.getByRole('combobox', { name: 'Command' }).fill(`Go to workloads/${file}`);
      }
      await page.keyboard.press('Enter');
      await shows(shown);
      await page.getByRole('tab', { name: shown, selected: true }).press('Enter');
      await page.keyboard.press('Control+Home');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.type(type);
      await page.keyboard.press('Control+Space');
      await page.locator('.suggest-widget').getByText(offers).first().waitFor();
      await page.keyboard.press('Escape');
      await page.locator('.squiggly-warning, .squiggly-error').first().waitFor();
      await page.getByRole('button', { name: 'Revert' }).click();
    }
    await openFile(page, 'dirnotify.inf');
    await page.getByRole('tab', { name: 'dirnotify.inf', selected: true }).press('Enter');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('[');
    await page.keyboard.press('Control+Space');
    await page.locator('.suggest-widget').getByText('[DefaultInstall.NTamd64]').first().waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.squiggly-warning').first().waitFor();
    await page.getByRole('button', { name: 'Revert' }).click();
  });

  test('a copy saves itself, keeps the cursor, follows other programs, and keeps a draft', async () => {
    await page.keyboard.press('Control+Shift+p');
    await page.getByRole('combobox', { name: 'Command' }).fill('Copy this sample');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Name' }).fill('mine');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Driver mine' }).waitFor();
    const file = join(workbench.dataFolder, 'drivers', 'mine', 'newSystemBuffer.c');
    const edited = page.getByRole('contentinfo', { name: 'Status' }).getByText('1 edited');
    await openFile(page, 'newSystemBuffer.c');
    await addLine(page, 'newSystemBuffer.c', 'DirNotifyPreDirectoryControl', '// one');
    await edited.waitFor();
    await edited.waitFor({ state: 'hidden' });
    // The saving reads the files anew: the cursor stays where one types.
    await page.keyboard.type(' two');
    await expect.poll(() => readFile(file, 'utf8'), { timeout: 20_000 }).toContain('// one two');
    expect(await page.getByText('was changed by another program').count()).toBe(0);

    await writeFile(file, `// from elsewhere\n${await readFile(file, 'utf8')}`);
    await page.keyboard.press('Control+Home');
    await page.locator('.view-line', { hasText: '// from elsewhere' }).first().waitFor();
    await page.keyboard.press('Control+Shift+4');
    await page.getByLabel('save your own drivers by itself').uncheck();
    await page.getByRole('tab', { name: 'newSystemBuffer.c', selected: true }).press('Enter');
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('// a draft ');
    // Longer than the pause after which settings are written.
    await expect
      .poll(() => readFile(join(workbench.dataFolder, 'workbench.json'), 'utf8'))
      .toContain('// a draft ');
    await page.reload();
    await page.locator('.monaco-editor .view-line').first().waitFor();
    await openFile(page, 'newSystemBuffer.c');
    await page.locator('.view-line', { hasText: '// a draft' }).first().waitFor();
    expect(await readFile(file, 'utf8')).not.toContain('// a draft');
  });

  test('a folder without a manifest is given one, and stays restricted until it is trusted', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fltlab-folder-'));
    const from = join(projectRoot, 'driver-samples', 'passthrough');
    await cp(from, folder, { recursive: true });
    await rm(join(folder, 'fltlab.json'));
    await page.keyboard.press('Control+o');
    await page.getByRole('textbox', { name: 'Folder' }).fill(folder);
    await page.keyboard.press('Enter');
    await page.getByText('passthrough.inf names the service passthrough.').waitFor();
    await page.getByRole('button', { name: 'Write it and open the folder' }).click();
    await page.getByText('restricted: edit and simulate only').waitFor();
    await page.keyboard.press('F5');
    await page
      .getByRole('dialog', { name: 'Trust this folder' })
      .or(page.getByRole('alert'))
      .first()
      .waitFor();
    await rm(folder, { recursive: true });
  });
});

/** Colours follow the theme in the frame after it is told. */
const drawn = (page: Page): Promise<unknown> =>
  page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');

/** What axe finds that keeps someone from working: by all rules, or of colours alone. */
async function serious(page: Page, all: boolean): Promise<string[]> {
  const violations = await page.evaluate(async (everything) => {
    const { axe: tool } = globalThis as unknown as {
      axe: {
        run(
          context: Document | object,
          options: object,
        ): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
      };
    };
    const every = { resultTypes: ['violations'] };
    const colours = { ...every, runOnly: { type: 'rule', values: ['color-contrast'] } };
    return (
      await tool.run(
        everything ? document : { exclude: ['.monaco-editor'] },
        everything ? every : colours,
      )
    ).violations;
  }, all);
  return violations
    .filter((one) => ['serious', 'critical'].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes[0]?.html.slice(0, 200) ?? ''}`);
}

/** Parts of the window that hold more than they show, sideways. Runs in the page. */
function tooWide(): string[] {
  const parts = ['html', '.workbench', 'main', 'aside', 'footer', '.pane', '.result', '.panel'];
  return parts.filter((selector) =>
    [...document.querySelectorAll(selector)].some((one) => one.scrollWidth > one.clientWidth + 1),
  );
}
