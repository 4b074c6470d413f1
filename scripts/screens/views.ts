// The views of the workbench, each as a person brings it about; none relies on the one before.
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { addLine, openFile, type OpenWorkbench } from '../../e2e/testing/workbench.ts';

export interface View {
  readonly name: string;
  /** In high contrast too, and at 200 % zoom. */
  readonly also: readonly ('contrast' | 'zoom')[];
  /** Another page is returned where the view is one. */
  show(page: Page, workbench: OpenWorkbench): Promise<Page | undefined>;
  /** After each change of size or theme. */
  settle?(page: Page): Promise<unknown>;
  leave?(page: Page): Promise<unknown>;
}

const LONG_ms = 300_000;
const result = (page: Page) => page.getByRole('region', { name: 'Results' });

export async function command(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+Shift+p');
  await page.getByRole('combobox', { name: 'Command' }).fill(title);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

const tab = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('tab', { name }).click();

/** A driver that is predicted, with nothing at the side and the problems below. */
async function subject(
  page: Page,
  { sample = 'dirnotify', variant = '', workload = '', windows = 'win7' } = {},
): Promise<void> {
  await page.keyboard.press('Escape');
  await command(page, `Open ${sample}:`);
  await page.getByRole('button', { name: `Driver ${sample}` }).waitFor();
  if (variant !== '') await page.getByLabel('Variant').selectOption(variant);
  if (workload !== '') await page.getByLabel('Workload').selectOption(workload);
  await page.locator('.subject').getByLabel('Windows').selectOption(windows);
  await page.locator('.pane[aria-busy="false"]').waitFor();
  await side(page, null);
  await tab(page, /^Problems/);
  await tab(page, 'Prediction');
}

async function side(page: Page, name: string | null): Promise<void> {
  const rail = page.getByRole('navigation', { name: 'Views' });
  const open = rail.getByRole('button', { pressed: true });
  if (name === null) {
    if ((await open.count()) > 0) await open.click();
    return;
  }
  const wanted = rail.getByRole('button', { name });
  if ((await wanted.getAttribute('aria-pressed')) !== 'true') await wanted.click();
}

/** Something for the history, the output and the report to show. */
export async function begin(page: Page, _workbench: OpenWorkbench): Promise<void> {
  await page.keyboard.press('F5');
  await page.getByRole('log').getByText('on wine, done').first().waitFor({ timeout: LONG_ms });
  await tab(page, 'Prediction');
  await tab(page, /^Problems/);
}

/** The trace, one event of it opened in place. */
async function prediction(page: Page): Promise<undefined> {
  await subject(page);
  const trace = page.getByRole('listbox', { name: 'Trace' });
  await trace
    .getByRole('option', { name: /notify ▸.*ADDED foo/ })
    .first()
    .click();
  await trace.press('Enter');
  await page.getByRole('group', { name: 'Details' }).waitFor();
  return undefined;
}

async function finding(page: Page): Promise<undefined> {
  await subject(page, { variant: 'user-buffer' });
  await page.locator('.line-finding').waitFor({ timeout: LONG_ms });
  return undefined;
}

async function mistake(page: Page): Promise<undefined> {
  await subject(page, { variant: 'new-system-buffer' });
  await openFile(page, 'newSystemBuffer.c');
  const wrong = 'Data->Iopbb = NULL;';
  await addLine(page, 'newSystemBuffer.c', 'DirNotifyPreDirectoryControl', wrong);
  await page.getByText('does not compile').waitFor();
  await page.locator('.squiggly-error').first().waitFor();
  return undefined;
}

/** Completion of a routine, with its documentation beside it. */
async function completion(page: Page): Promise<undefined> {
  await subject(page, { variant: 'new-system-buffer' });
  await openFile(page, 'newSystemBuffer.c');
  await addLine(page, 'newSystemBuffer.c', 'DirNotifyPreDirectoryControl', 'FltGetF');
  await page.locator('.suggest-widget .monaco-list-row').first().waitFor();
  await page.locator('.suggest-details .rendered-markdown').first().waitFor();
  return undefined;
}

async function revert(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Revert' }).click();
  await result(page).getByText('0 findings').waitFor();
}

async function profiles(page: Page): Promise<undefined> {
  await subject(page);
  await tab(page, 'Profiles');
  await page.getByRole('columnheader', { name: /win11 completed/ }).waitFor({ timeout: LONG_ms });
  return undefined;
}

async function comparison(page: Page): Promise<undefined> {
  await subject(page);
  await tab(page, 'Comparison');
  await page.getByLabel('differences only').uncheck();
  await page
    .getByRole('option', { name: /agrees/ })
    .first()
    .waitFor();
  return undefined;
}

/** Two predictions, what differs only, and one row of it to the byte. */
async function difference(page: Page): Promise<undefined> {
  await subject(page);
  await tab(page, 'Comparison');
  await page.getByLabel('Left side').selectOption({ label: 'prediction winxp' });
  await page.getByLabel('Right side').selectOption({ label: 'prediction win7' });
  await page
    .getByRole('option', { name: /differs|left only|right only/ })
    .first()
    .waitFor();
  await page.getByLabel('differences only').check();
  const row = page.getByRole('option', { name: /notify ▸/ }).first();
  await row.click();
  await page.getByRole('listbox', { name: 'Comparison' }).press('Enter');
  await page.getByRole('group', { name: 'Details' }).waitFor();
  return undefined;
}

/** One request down and up, and across to another volume. */
async function stacks(page: Page): Promise<undefined> {
  await subject(page, { sample: 'volume-redirect', variant: 'visibility', workload: 'visibility' });
  await tab(page, 'Stacks');
  const request = page.getByLabel('Request');
  const read = request.locator('option', { hasText: 'IRP_MJ_READ' }).first();
  await request.selectOption((await read.getAttribute('value')) ?? '');
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  return undefined;
}

async function timeline(page: Page): Promise<undefined> {
  await subject(page);
  await tab(page, 'Timeline');
  await page.getByRole('application').focus();
  for (let event = 0; event < 14; event += 1) await page.keyboard.press('ArrowRight');
  return undefined;
}

async function hang(page: Page): Promise<undefined> {
  await subject(page, { variant: 'synchronize' });
  await tab(page, 'Timeline');
  await page.getByRole('figure', { name: 'Wait graph' }).waitFor({ timeout: LONG_ms });
  return undefined;
}

const atTheSide =
  (name: string) =>
  async (page: Page): Promise<undefined> => {
    await subject(page);
    await side(page, name);
    return undefined;
  };

async function runs(page: Page): Promise<undefined> {
  await subject(page);
  await side(page, 'Runs');
  await tab(page, 'Comparison');
  await page.getByLabel('differences only').uncheck();
  await page.getByRole('list', { name: 'Kept runs' }).getByRole('button').first().click();
  await page
    .getByRole('option', { name: /agrees/ })
    .first()
    .waitFor();
  return undefined;
}

const CAPTURED = [
  '"Time of Day","Process Name","PID","Operation","Path","Result","Detail"',
  '"10:15:30.12 AM","node.exe","4242","CreateFile","C:\\w\\foo","SUCCESS","Disposition: Create"',
  '"10:15:30.13 AM","node.exe","4242","WriteFile","C:\\w\\foo","SUCCESS","Offset: 0, Length: 4"',
  '"10:15:30.14 AM","node.exe","4242","CloseFile","C:\\w\\foo","SUCCESS",""',
  '"10:15:30.15 AM","explorer.exe","812","CreateFile","C:\\w\\bar","NAME NOT FOUND",""',
].join('\r\n');

/** What Process Monitor saved, beside a run. */
async function procmon(page: Page): Promise<undefined> {
  await runs(page);
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Process Monitor …' }).click();
  const file = { name: 'Logfile.CSV', mimeType: 'text/csv', buffer: Buffer.from(CAPTURED) };
  await (await chooser).setFiles(file);
  const events = page.getByRole('listbox', { name: 'Events of Process Monitor' });
  await events.getByRole('option', { name: /NAME NOT FOUND/ }).click();
  await events.press('Enter');
  return undefined;
}

const below =
  (name: string) =>
  async (page: Page): Promise<undefined> => {
    await subject(page);
    await page.getByRole('tab', { name, exact: true }).click();
    return undefined;
  };

async function simulated(page: Page): Promise<undefined> {
  await subject(page);
  await tab(page, 'Simulated debugger');
  const state = page.locator('.kd .state');
  await state.getByText('event 0 of').waitFor();
  await page.locator('.xterm-helper-textarea').focus();
  await page.keyboard.type('bp dirnotify!DirNotifyPostDirectoryControl; g\n');
  await state.getByText(/event [1-9]/).waitFor();
  await page.keyboard.type('kn\n');
  await page
    .locator('.xterm-rows')
    .getByText(/dirnotify!DirNotifyPost/)
    .first()
    .waitFor();
  return undefined;
}

async function palette(page: Page): Promise<undefined> {
  await subject(page);
  await page.keyboard.press('Control+Shift+p');
  await page.getByRole('combobox', { name: 'Command' }).fill('show');
  return undefined;
}

async function find(page: Page): Promise<undefined> {
  await subject(page);
  await page.keyboard.press('Control+Shift+f');
  await page.getByRole('textbox', { name: 'Text to find' }).fill('FltGetNewSystem');
  return undefined;
}

/** An error: what is wrong, what to do, whose it is. */
async function refused(page: Page): Promise<undefined> {
  await subject(page);
  await page.keyboard.press('Control+o');
  await page.getByRole('textbox', { name: 'Folder' }).fill('/no/such/folder');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('alert').waitFor();
  return undefined;
}

/** The line to the lab is cut, and another notice stands there. */
async function unreachable(page: Page): Promise<undefined> {
  await subject(page);
  await tab(page, 'Output');
  await page.context().setOffline(true);
  await page.evaluate(() => {
    (globalThis as unknown as { fltlabLine: WebSocket }).fltlabLine.close();
  });
  await page.getByText('connection to the lab is cut').first().waitFor();
  await page.keyboard.press('F5');
  await page.getByRole('alert').first().waitFor();
  return undefined;
}

async function reconnect(page: Page): Promise<void> {
  await page.context().setOffline(false);
  const told = page.getByRole('contentinfo', { name: 'Status' }).getByText('connection to the lab');
  await told.waitFor({ state: 'hidden' });
}

/** What "Report" of a run gives, as a page of its own. */
async function report(page: Page): Promise<Page> {
  await runs(page);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Report' }).click();
  const file = await (await download).path();
  const shown = await page.context().newPage();
  await shown.setContent(await readFile(file, 'utf8'));
  return shown;
}

export const views: readonly View[] = [
  {
    name: 'first-start',
    also: ['contrast', 'zoom'],
    show: async (page) => {
      await page.locator('.codelens-decoration').first().waitFor();
      return undefined;
    },
    leave: (page) => page.getByRole('button', { name: 'Do not show again' }).click(),
  },
  { name: 'prediction', also: ['contrast', 'zoom'], show: prediction },
  { name: 'finding', also: ['contrast', 'zoom'], show: finding },
  { name: 'error', also: [], show: mistake, leave: revert },
  { name: 'completion', also: [], show: completion, leave: revert },
  { name: 'profiles', also: ['zoom'], show: profiles },
  { name: 'comparison', also: ['zoom'], show: comparison },
  { name: 'difference', also: ['contrast'], show: difference },
  { name: 'stacks', also: ['contrast', 'zoom'], show: stacks },
  { name: 'timeline', also: ['zoom'], show: timeline },
  { name: 'hang', also: ['contrast'], show: hang },
  { name: 'samples', also: ['zoom'], show: atTheSide('Samples') },
  { name: 'targets', also: [], show: atTheSide('Targets') },
  { name: 'settings', also: ['zoom'], show: atTheSide('Settings') },
  { name: 'runs', also: [], show: runs },
  { name: 'process-monitor', also: [], show: procmon },
  { name: 'build', also: [], show: below('Build') },
  { name: 'agent', also: [], show: below('Agent') },
  { name: 'output', also: [], show: below('Output') },
  { name: 'debugger', also: [], show: below('Debugger') },
  { name: 'simulated-debugger', also: [], show: simulated },
  {
    name: 'palette',
    also: ['zoom'],
    show: palette,
    leave: (page) => page.keyboard.press('Escape'),
  },
  { name: 'find', also: [], show: find, leave: (page) => page.keyboard.press('Escape') },
  { name: 'refused', also: [], show: refused, leave: (page) => page.keyboard.press('Escape') },
  { name: 'unreachable', also: [], show: unreachable, leave: reconnect },
  { name: 'report', also: [], show: report, leave: (page) => page.close() },
];
