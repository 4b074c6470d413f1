// Goal: the desktop shell opens the same workbench, sandboxed, and nothing of Node reaches its page. Runs
// where the Electron runtime and a display are; docs/untested.md says how to try it elsewhere.
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot, runTool } from '../scripts/programs.ts';

const program = electronProgram();
const display = process.platform !== 'linux' || Boolean(process.env['DISPLAY']);
const missing =
  program === undefined ? 'no Electron runtime' : display ? undefined : 'no display to open on';

/** Where npm's package keeps the runtime, if its download was allowed. */
function electronProgram(): string | undefined {
  const folder = join(projectRoot, 'node_modules', 'electron');
  const path = join(folder, 'path.txt');
  if (!existsSync(path)) return undefined;
  const found = join(folder, 'dist', readFileSync(path, 'utf8').trim());
  return existsSync(found) ? found : undefined;
}

describe.skipIf(missing !== undefined)(
  `the desktop shell${missing === undefined ? '' : ` (${missing})`}`,
  () => {
    let app: ElectronApplication;
    let page: Page;
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'fltlab-electron-'));
      const built = await runTool('electron-vite/bin/electron-vite.js', ['build']);
      expect(built.code).toBe(0);
      app = await _electron.launch({
        executablePath: program ?? '',
        args: [projectRoot, `--user-data-dir=${join(folder, 'user')}`],
        env: { ...process.env, FLTLAB_DATA: join(folder, 'data') } as Record<string, string>,
      });
      page = await app.firstWindow();
    });
    afterAll(async () => {
      await app?.close();
      await rm(folder, { recursive: true, force: true });
    });

    test('the first start shows a sample already predicted', async () => {
      await page
        .getByText(/[0-9]+ events/)
        .first()
        .waitFor();
      expect(page.url()).toBe('app://workbench/');
    });

    test.each(['require', 'process', 'module', 'Buffer'])('the page has no %s', async (name) => {
      expect(await page.evaluate(`typeof globalThis[${JSON.stringify(name)}]`)).toBe('undefined');
    });

    test('the page can neither leave nor open a window', async () => {
      const before = app.windows().length;
      await page.evaluate("void window.open('https://example.invalid/')");
      await page.evaluate("location.href = 'https://example.invalid/'");
      expect([app.windows().length, page.url()]).toEqual([before, 'app://workbench/']);
    });

    test('permissions are denied', async () => {
      const state = await page.evaluate(
        "navigator.permissions.query({ name: 'geolocation' }).then((one) => one.state)",
      );
      expect(state).toBe('denied');
    });
  },
);
