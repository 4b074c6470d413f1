// `npm run screens [view …]`: pictures of every view, light and dark, in two sizes, into docs/screens; of
// some in high contrast, and at 200 % zoom. The run in them is a real one, on a Wine target that is made
// for it.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openWorkbench } from '../e2e/testing/workbench.ts';
import { makeWineTarget } from '../lab/targets/testdata/wineTarget.ts';
import { projectRoot } from './programs.ts';
import { withPalette } from './screens/palettePng.ts';
import { begin, views, type View } from './screens/views.ts';

interface Look {
  readonly name: string;
  readonly colorScheme: 'light' | 'dark';
  readonly contrast?: 'more';
  readonly width: number;
  readonly height: number;
}

const looks: readonly Look[] = [
  { name: 'light-1280', colorScheme: 'light', width: 1280, height: 800 },
  { name: 'dark-1280', colorScheme: 'dark', width: 1280, height: 800 },
  { name: 'light-1920', colorScheme: 'light', width: 1920, height: 1080 },
  { name: 'dark-1920', colorScheme: 'dark', width: 1920, height: 1080 },
];
const contrast: readonly Look[] = [
  { name: 'contrast-light', colorScheme: 'light', contrast: 'more', width: 1280, height: 800 },
  { name: 'contrast-dark', colorScheme: 'dark', contrast: 'more', width: 1280, height: 800 },
];
/** A window of 1280 × 800 at 200 %. */
const zoomed: readonly Look[] = [
  { name: 'zoom-200', colorScheme: 'light', width: 640, height: 400 },
];

const WAIT_ms = 60_000;
const folder = join(projectRoot, 'docs', 'screens');
const wanted = process.argv.slice(2);

const looksOf = ({ also }: View): readonly Look[] => [
  ...looks,
  ...(also.includes('contrast') ? contrast : []),
  ...(also.includes('zoom') ? zoomed : []),
];

async function take(page: Page, view: View): Promise<void> {
  for (const { name, width, height, colorScheme, contrast: more } of looksOf(view)) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, contrast: more ?? 'no-preference' });
    await view.settle?.(page);
    // What follows the size is laid out in one frame and drawn in the next.
    for (let frame = 0; frame < 3; frame += 1) {
      await page.evaluate('new Promise((done) => requestAnimationFrame(done))');
    }
    const picture = await page.screenshot({ caret: 'hide' });
    await writeFile(join(folder, `${view.name}-${name}.png`), withPalette(picture));
  }
  const [first] = looks;
  if (first !== undefined) await page.setViewportSize(first);
}

await mkdir(folder, { recursive: true });
const target = await makeWineTarget('wine');
const workbench = await openWorkbench(target.dataFolder);
try {
  const page = await workbench.page({ colorScheme: 'light', width: 1280, height: 800 });
  await begin(page, workbench);
  page.setDefaultTimeout(WAIT_ms);
  if (wanted.length > 0 && !wanted.includes('first-start')) {
    await page.getByRole('button', { name: 'Do not show again' }).click();
  }
  for (const view of views) {
    if (wanted.length > 0 && !wanted.includes(view.name)) continue;
    console.log(view.name);
    // One view that cannot be brought about does not keep the others from being taken.
    try {
      const shown = await view.show(page, workbench);
      await take(shown ?? page, view);
      await view.leave?.(shown ?? page);
    } catch (error) {
      console.error(view.name, error);
      process.exitCode = 1;
      await page.keyboard.press('Escape');
    }
  }
} finally {
  await workbench.close();
  await target.dispose();
}
console.log('wrote docs/screens');
