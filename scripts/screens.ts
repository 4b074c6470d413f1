// `npm run screens`: pictures of every view, in both themes and two sizes, into docs/screens.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { addLine, openWorkbench } from '../e2e/testing/workbench.ts';
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
      await page.locator('.monaco-editor .view-line').first().waitFor();
      await save('prediction');
      await page.getByLabel('Variant').selectOption('user-buffer');
      await page.locator('.line-finding').waitFor();
      await save('finding');
      await page.getByLabel('Variant').selectOption('new-system-buffer');
      await page.getByRole('tab', { name: 'newSystemBuffer.c' }).click();
      await addLine(
        page,
        'newSystemBuffer.c',
        'DirNotifyPreDirectoryControl',
        'Data->Iopbb = NULL;',
      );
      await page.getByText('does not compile').waitFor();
      await page.locator('.squiggly-error').first().waitFor();
      await save('error');
      await page.close();
    }
  }
} finally {
  await workbench.close();
}
console.log('wrote docs/screens');
