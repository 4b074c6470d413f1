// Goal: the workbench shows a real prediction of a real driver in a browser, by keyboard too, and its
// pages have no serious accessibility fault. No back end is mocked: `fltlab serve` answers.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROMIUM, openWorkbench, type OpenWorkbench } from './testing/workbench.ts';

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

    test('first start shows a sample already predicted', async () => {
      const page = await open();
      await expect.poll(() => page.locator('.truth').innerText()).toContain('completed');
      expect(
        await page.getByRole('cell', { name: 'STATUS_SUCCESS 0x12 ADDED foo' }).count(),
      ).toBeGreaterThan(0);
      expect(new URL(page.url()).search).toBe('');
      await page.close();
    });

    test('the variant with the bug shows the finding at its line; Windows XP says why it cannot work', async () => {
      const page = await open();
      await page.getByLabel('Variant').selectOption('user-buffer');
      await page.getByRole('button', { name: /user-address-wrong-process/ }).waitFor();
      await expect.poll(() => page.locator('.line.finding.at').count()).toBe(1);
      await page.getByLabel('Variant').selectOption('new-system-buffer');
      await page.getByLabel('Windows').selectOption('winxp');
      await page.getByRole('button', { name: /data-not-reachable/ }).waitFor();
      await page.close();
    });

    test('Ctrl+Enter simulates again, and every control is reached by the keyboard', async () => {
      const page = await open();
      const reached = new Set<string>();
      for (let press = 0; press < 16; press += 1) {
        await page.keyboard.press('Tab');
        reached.add(await page.evaluate(() => document.activeElement?.tagName ?? ''));
      }
      expect([...reached]).toEqual(expect.arrayContaining(['SELECT', 'BUTTON', 'DIV']));
      await page.keyboard.press('Control+Enter');
      await expect.poll(() => page.locator('.result').getAttribute('aria-busy')).toBe('false');
      await page.close();
    });

    test.each(['light', 'dark'] as const)('axe finds nothing serious in %s', async (scheme) => {
      const page = await open(scheme);
      await page.evaluate(axe);
      const violations = await page.evaluate(async () => {
        const { axe } = globalThis as unknown as {
          axe: {
            run(): Promise<{
              violations: { id: string; impact: string; nodes: { html: string }[] }[];
            }>;
          };
        };
        return (await axe.run()).violations;
      });
      const serious = violations.filter((one) => ['serious', 'critical'].includes(one.impact));
      expect(serious.map((one) => `${one.id}: ${one.nodes[0]?.html ?? ''}`)).toEqual([]);
      await page.close();
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
