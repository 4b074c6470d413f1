// The real workbench in a real browser: `fltlab serve` of this build, Debian's Chromium.
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { projectRoot, runTool } from '../../scripts/programs.ts';

export const CHROMIUM = '/usr/bin/chromium';

// Without these a browser asks its maker's hosts for news, which a test must not.
const quietly = [
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
  /** A window with the first prediction in it. */
  page(look: PageLook): Promise<Page>;
  close(): Promise<void>;
}

export async function openWorkbench(): Promise<OpenWorkbench> {
  const built = await runTool('electron-vite/bin/electron-vite.js', [
    'build',
    '--logLevel',
    'warn',
  ]);
  if (built.code !== 0) throw new Error('the workbench does not build');
  const server = spawn(
    process.execPath,
    [join(projectRoot, 'bin', 'fltlab.mjs'), 'serve', '--json'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const address = await printedAddress(server);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: quietly });
  return {
    address,
    browser,
    page: async ({ colorScheme, width, height }) => {
      const page = await browser.newPage({ viewport: { width, height }, colorScheme });
      await page.goto(address);
      await page.getByText(/[0-9]+ events/).waitFor();
      return page;
    },
    close: async () => {
      await browser.close();
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
    },
  };
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

/** Types a line as the first statement of a function of the file that is shown. */
export async function addLine(page: Page, routine: string, line: string): Promise<void> {
  const editor = page.locator('.monaco-editor').first();
  await editor.click({ position: { x: 300, y: 100 } });
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Control+f');
  const find = page.getByRole('textbox', { name: 'Find', exact: true });
  // The definition, as samples write it: the name alone at the start of a line.
  await page.keyboard.press('Alt+r');
  await find.fill(`^${routine} \\([\\s\\S]*?\\n\\{`);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.type(`\n${line}`);
}
