// Goal: the workbench shows a real prediction of a real driver in a browser, by keyboard too, and its
// pages have no serious accessibility fault. No back end is mocked: `fltlab serve` answers.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  addLine,
  CHROMIUM,
  openFile,
  openWorkbench,
  type OpenWorkbench,
} from './testing/workbench.ts';

const missing = existsSync(CHROMIUM) ? undefined : `no ${CHROMIUM}: install Debian's chromium`;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe.skipIf(missing !== undefined)(
  `the workbench in a browser${missing ? ` (${missing})` : ''}`,
  () => {
    let workbench: OpenWorkbench;

    beforeAll(async () => {
      workbench = await openWorkbench();
    });
    afterAll(() => workbench?.close());

    const open = (colorScheme: 'light' | 'dark' = 'light'): Promise<Page> =>
      workbench.page({ colorScheme, width: 1280, height: 800 });

    const result = (page: Page) => page.getByRole('region', { name: 'Results' });
    const problems = (page: Page) => page.getByRole('region', { name: 'Problems' });
    const truth = (page: Page): Promise<string> => page.locator('.truth').innerText();
    test('first start shows a sample already predicted', async () => {
      const page = await open();
      await expect.poll(() => page.locator('.truth').innerText()).toContain('completed');
      expect(
        await page.getByRole('option', { name: 'STATUS_SUCCESS 0x12 ADDED foo' }).count(),
      ).toBeGreaterThan(0);
      expect(new URL(page.url()).search).toBe('');
      await page.context().close();
    });

    test('the variant with the bug shows the finding at its line; Windows XP says why it cannot work', async () => {
      const page = await open();
      await page.getByLabel('Variant').selectOption('user-buffer');
      await result(page)
        .getByRole('button', { name: /user-address-wrong-process/ })
        .waitFor();
      await problems(page)
        .getByRole('button', { name: /finding userBuffer\.c:\d+|finding notifyEntries\.c:\d+/ })
        .first()
        .waitFor();
      await expect.poll(() => page.locator('.line-finding').count()).toBe(1);
      await page.getByLabel('Variant').selectOption('new-system-buffer');
      await page.getByLabel('Windows').selectOption('winxp');
      await result(page)
        .getByRole('button', { name: /data-not-reachable/ })
        .waitFor();
      await page.context().close();
    });

    test('Ctrl+Enter simulates again, and every control is reached by the keyboard', async () => {
      const page = await open();
      const reached = new Set<string>();
      await page.locator('.monaco-editor .view-line').first().waitFor();
      // In the editor Tab is a character of the source, unless one asks for the other.
      await page.locator('.monaco-editor').first().click();
      await page.keyboard.press('Control+m');
      await page.getByLabel('Variant').focus();
      for (let press = 0; press < 16; press += 1) {
        await page.keyboard.press('Tab');
        reached.add(await page.evaluate(() => document.activeElement?.tagName ?? ''));
      }
      expect([...reached]).toEqual(expect.arrayContaining(['SELECT', 'BUTTON', 'DIV']));
      await page.keyboard.press('Control+Enter');
      await expect
        .poll(() => page.locator('.pane').first().getAttribute('aria-busy'))
        .toBe('false');
      await page.context().close();
    });

    test('an edit shows its finding at the line while typing, and mending it takes it away', async () => {
      const page = await open();
      await openFile(page, 'newSystemBuffer.c');
      await addLine(
        page,
        'newSystemBuffer.c',
        'DirNotifyPreDirectoryControl',
        '*(volatile ULONG*)0 = 1;',
      );
      const row = problems(page).getByRole('button', { name: /null-pointer/ });
      await row.waitFor();
      const line = Number(/newSystemBuffer\.c:(\d+)/.exec(await row.innerText())?.[1]);
      await expect.poll(() => page.locator('.line-finding').count()).toBe(1);
      await expect.poll(() => lineText(page, line)).toContain('*(volatile ULONG*)0 = 1;');
      const tab = page.getByRole('tab', { name: 'newSystemBuffer.c' });
      expect(await tab.getAttribute('title')).toContain('edited here only');

      await page.getByRole('button', { name: 'Revert' }).click();
      await expect.poll(() => row.count()).toBe(0);
      await expect.poll(() => page.locator('.line-finding').count()).toBe(0);
      await expect.poll(() => truth(page)).toContain('0 findings');
      expect(await tab.getAttribute('title')).toBe('newSystemBuffer.c');
      await page.context().close();
    });

    test('a syntax error is a problem at its line; the last prediction stays, dimmed', async () => {
      const page = await open();
      await openFile(page, 'newSystemBuffer.c');
      await addLine(
        page,
        'newSystemBuffer.c',
        'DirNotifyPreDirectoryControl',
        'Data->Iopbb = NULL;',
      );
      const row = problems(page).getByRole('button', { name: /error newSystemBuffer\.c:\d+/ });
      await row.waitFor();
      const line = Number(/newSystemBuffer\.c:(\d+)/.exec(await row.innerText())?.[1]);
      expect(await row.innerText()).toContain("no member named 'Iopbb'");
      expect(await truth(page)).toContain('does not compile');
      expect(await page.locator('.view.stale').count()).toBe(1);
      expect(await page.getByRole('option').count()).toBeGreaterThan(10);

      await openFile(page, 'dirnotify.c');
      await page.keyboard.press('F8');
      await page.locator('.squiggly-error').waitFor();
      await expect.poll(() => lineText(page, line)).toContain('Data->Iopbb = NULL;');
      await page.getByRole('button', { name: 'Revert' }).click();
      await expect.poll(() => truth(page)).toContain('completed');
      expect(await page.locator('.view.stale').count()).toBe(0);
      await page.context().close();
    });

    test.each(['light', 'dark'] as const)('axe finds nothing serious in %s', async (scheme) => {
      const page = await open(scheme);
      await page.getByLabel('Variant').selectOption('user-buffer');
      await page.locator('.line-finding').waitFor();
      await page.evaluate(axe);
      expect(await serious(page)).toEqual([]);
      await page.context().close();
    });

    test('two versions of Windows stand beside each other, and where they part is marked', async () => {
      const page = await open();
      await page.getByRole('tab', { name: 'Profiles' }).click();
      await page.getByRole('button', { name: 'win11', pressed: true }).click();
      await page.getByRole('columnheader', { name: /winxp completed/ }).waitFor();
      await page.getByRole('columnheader', { name: /win7 completed/ }).waitFor();
      await page.getByLabel('differences only').check();
      const parted = page.getByRole('rowheader', { name: /≠ watcher .* notify/ });
      await parted.first().waitFor();
      expect(await page.locator('td.odd').count()).toBeGreaterThan(0);
      await page.context().close();
    });

    test('the simulated debugger stops at a breakpoint, steps back, and leads into the source', async () => {
      const page = await open();
      await page.getByRole('tab', { name: 'Simulated debugger' }).click();
      const said = async (): Promise<string> =>
        (await page.locator('.xterm-rows').innerText()).replaceAll('\u00a0', ' ');
      const position = async (): Promise<string | undefined> =>
        (await said()).match(/Position: \S+/g)?.at(-1);
      const working = page.locator('.kd .state').getByText('working');
      const press = async (button: string): Promise<void> => {
        await page.getByRole('button', { name: button, exact: true }).click();
        await working.waitFor({ state: 'detached' });
      };
      await page.locator('.kd .state').getByText('event 0 of').waitFor();
      await page.locator('.xterm-helper-textarea').focus();
      await page.keyboard.type('bp dirnotify!DirNotifyPostDirectoryControl; g\n');
      await expect.poll(said).toContain('Breakpoint 0 hit');
      const first = await position();
      await press('» g');
      await expect.poll(position).not.toBe(first);
      await press('« g-');
      await expect.poll(position).toBe(first);
      await press('› p');
      await expect.poll(position).not.toBe(first);
      await press('‹ p-');
      await expect.poll(position).toBe(first);

      await page.locator('.xterm-helper-textarea').focus();
      await page.keyboard.type('kn 2\n');
      await expect.poll(said).toMatch(/00 \S+.* dirnotify!DirNotifyPostDirectoryControl/);
      await openFile(page, 'dirnotify.c');
      const line = /newSystemBuffer\.c @ (\d+)/.exec(await said())?.[1] ?? '';
      await clickText(page, '.xterm-rows', `newSystemBuffer.c @ ${line}`);
      await page.getByRole('tab', { name: 'newSystemBuffer.c', selected: true }).waitFor();
      await page.locator('.xterm-helper-textarea').focus();
      await page.keyboard.press('Control+f');
      await page.keyboard.type('Breakpoint 0');
      await page.keyboard.press('Enter');
      await page.locator('.xterm-selection div').first().waitFor();
      await page.context().close();
    });

    test('Esc leads back to the editor from every pane; a key press of the table does what it says', async () => {
      const page = await open();
      await page.locator('.monaco-editor .view-line').first().waitFor();
      const inEditor = (): Promise<boolean> =>
        page.evaluate('document.activeElement.closest(".monaco-editor") !== null');
      for (const name of ['Timeline', 'Output', 'Prediction']) {
        await page.getByRole('tab', { name }).click();
        await page.keyboard.press('Escape');
        await expect.poll(inEditor, { message: name }).toBe(true);
      }
      await page.keyboard.press('Alt+2');
      await page.getByRole('tab', { name: 'Comparison', selected: true }).waitFor();
      await page.keyboard.press('Control+Shift+4');
      await page.getByLabel('high contrast').check();
      await expect
        .poll(() => page.evaluate('document.documentElement.dataset.theme'))
        .toBe('contrast');
      await page.context().close();
    });

    test('a second window without the token is told how to get in', async () => {
      const context = await workbench.browser.newContext();
      const page = await context.newPage();
      await page.goto(new URL('/', workbench.address).href);
      expect(await page.locator('body').innerText()).toContain('carries the token');
      await context.close();
    });
  },
);

/** What axe finds that keeps someone from working. */
async function serious(page: Page): Promise<string[]> {
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
      };
    };
    return (await axe.run()).violations;
  });
  return violations
    .filter((one) => ['serious', 'critical'].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes[0]?.html ?? ''}`);
}

/** Text that lies under a layer of its own, as in a terminal: by its place, with the pointer. */
async function clickText(page: Page, within: string, text: string): Promise<void> {
  const place = await page.locator(within).evaluate((root, wanted) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    let found: DOMRect | null = null;
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const at = (node.textContent ?? '').replaceAll('\u00a0', ' ').indexOf(wanted);
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + wanted.length);
      found = range.getBoundingClientRect();
    }
    return found === null ? null : { x: found.x + found.width / 2, y: found.y + found.height / 2 };
  }, text);
  if (place === null) throw new Error(`"${text}" is not in sight`);
  await page.mouse.move(place.x - 3, place.y);
  await page.mouse.move(place.x, place.y);
  await page.mouse.click(place.x, place.y);
}

/** The text of one line of the editor, found by the number that stands beside it. */
async function lineText(page: Page, line: number): Promise<string> {
  const number = page.locator('.margin .line-numbers').getByText(String(line), { exact: true });
  const top = (await number.boundingBox())?.y;
  const lines = await page.locator('.view-lines .view-line').all();
  for (const one of lines) {
    const box = await one.boundingBox();
    if (box !== null && top !== undefined && Math.abs(box.y - top) < 4) {
      return (await one.innerText()).replaceAll('\u00a0', ' ');
    }
  }
  throw new Error(`line ${line} is not in sight`);
}
