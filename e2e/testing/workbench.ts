// The real workbench in a real browser: `fltlab serve` of this build, Debian's Chromium.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { ensureBuilt } from '../../scripts/builtProduct.ts';
import { projectRoot } from '../../scripts/programs.ts';

export const CHROMIUM = '/usr/bin/chromium';

// Without these a browser asks its maker's hosts for news, which a test must not.
export const quietly = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface PageLook {
  readonly colorScheme: 'light' | 'dark';
  readonly width: number;
  readonly height: number;
}

export interface OpenWorkbench {
  /** With the token, as `fltlab serve` prints it. */
  readonly address: string;
  readonly browser: Browser;
  /** Where this lab keeps its things: its own, so that no test finds what another left. */
  readonly dataFolder: string;
  /** A window with the first prediction in it; without what an earlier window asked to be remembered. */
  page(look: PageLook): Promise<Page>;
  close(): Promise<void>;
}

/** `data`: a data folder to use, and to leave as it is; a new one otherwise. */
export async function openWorkbench(data?: string): Promise<OpenWorkbench> {
  const dataFolder = data ?? (await newDataFolder());
  await ensureBuilt('command line');
  await ensureBuilt('workbench');
  const server = spawn(
    process.execPath,
    [join(projectRoot, 'bin', 'fltlab.mjs'), 'serve', '--json'],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, FLTLAB_DATA: dataFolder } },
  );
  const address = await printedAddress(server);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: quietly });
  return {
    address,
    browser,
    dataFolder,
    page: async ({ colorScheme, width, height }) => {
      await rm(join(dataFolder, 'workbench.json'), { force: true });
      const context = await browser.newContext({ viewport: { width, height }, colorScheme });
      const page = await context.newPage();
      // What is waited for comes, on a machine that does much else, late.
      page.setDefaultTimeout(240_000);
      await page.goto(address);
      // A window that was just closed may have had its last word after the file was taken away.
      await page.getByRole('tab', { name: 'Prediction' }).click();
      // The first prediction of a lab loads the compiler.
      await page
        .getByText(/[0-9]+ events/)
        .first()
        .waitFor();
      return page;
    },
    close: async () => {
      await browser.close();
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
      if (data === undefined) await rm(dataFolder, { recursive: true });
    },
  };
}

/** Its own, but for what the compiler made before: half a minute on a slow machine. */
async function newDataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fltlab-workbench-'));
  const shared = process.env['FLTLAB_TEST_DATA'];
  if (shared === undefined) return folder;
  await mkdir(join(shared, 'objects'), { recursive: true });
  await symlink(join(shared, 'objects'), join(folder, 'objects'));
  return folder;
}

function printedAddress(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    server.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = /"address": "([^"]+)"/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
    server.once('exit', () => reject(new Error(`fltlab serve ended: ${text}`)));
  });
}

/** Shows a file of the driver, wherever its tab is. */
export async function openFile(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+Shift+p');
  await page.getByRole('combobox', { name: 'Command' }).fill(`Go to ${name}`);
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name, selected: true }).waitFor();
  await page.locator('.monaco-editor .view-line').first().waitFor();
}

/** Types a line as the first statement of a function of the dirnotify source that is shown. */
export async function addLine(
  page: Page,
  file: string,
  routine: string,
  line: string,
): Promise<void> {
  const source = await readFile(join(projectRoot, 'driver-samples', 'dirnotify', file), 'utf8');
  const definition = new RegExp(`^${routine} \\([\\s\\S]*?\\n\\{`, 'm').exec(source);
  if (definition === null) throw new Error(`${file} does not define ${routine}`);
  const brace = source.slice(0, definition.index + definition[0].length).split('\n').length;
  const editor = page.locator('.monaco-editor').first();
  await editor.click({ position: { x: 300, y: 100 } });
  await page.keyboard.press('Control+g');
  const box = page.locator('.quick-input-box input');
  await box.fill(`:${brace}`);
  await page.keyboard.press('Enter');
  await box.waitFor({ state: 'hidden' });
  await page.keyboard.press('End');
  await page.keyboard.type(`\n${line}`);
}
