// `node scripts/layouts.ts`: writes simulator/driver/layouts/*.generated.ts from the headers of
// simulator/include. Run it when a structure of theirs changes; a test compares.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderLayouts } from './headers/renderLayouts.ts';
import { projectRoot } from './programs.ts';

for (const [path, text] of await renderLayouts()) {
  writeFileSync(join(projectRoot, path), text);
  console.log(`wrote ${path}`);
}
