// `npm run screens`: pictures of every view, in both themes and two sizes, into docs/screens.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openWorkbench } from '../e2e/testing/workbench.ts';
import { projectRoot } from './programs.ts';

const folder = join(projectRoot, 'docs', 'screens');
await mkdir(folder, { recursive: true });
const workbench = await openWorkbench();
try {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [width, height] of [
      [1280, 800],
      [1920, 1080],
    ] as const) {
      const page = await workbench.page({ colorScheme, width, height });
      const save = (view: string): Promise<unknown> =>
        page.screenshot({ path: join(folder, `${view}-${colorScheme}-${width}.png`) });
      await save('prediction');
      await page.getByLabel('Variant').selectOption('user-buffer');
      await page.getByRole('button', { name: /user-address-wrong-process/ }).waitFor();
      await page.locator('.line.finding.at').waitFor();
      await save('finding');
      await page.close();
    }
  }
} finally {
  await workbench.close();
}
console.log('wrote docs/screens');
