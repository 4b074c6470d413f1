// The built product, for whatever drives it: tests, pictures, benches.
import { join } from 'node:path';
import { projectRoot, run, runTool } from './programs.ts';

/** Set by `npm test`, which builds once: files side by side must not write what others run. */
export const BUILT = 'FLTLAB_BUILT';

export type Part = 'command line' | 'workbench';

/** Builds the part anew, so that what is driven is what the sources say. */
export async function ensureBuilt(part: Part): Promise<void> {
  if (process.env[BUILT] === undefined) await buildPart(part);
}

export async function buildPart(part: Part): Promise<void> {
  const { code, output } =
    part === 'command line'
      ? await run(process.execPath, [join(projectRoot, 'scripts', 'build.ts')], { quiet: true })
      : await runTool('electron-vite/bin/electron-vite.js', ['build', '--logLevel', 'warn'], {
          quiet: true,
        });
  if (code !== 0) throw new Error(`the ${part} does not build: ${output}`);
}
