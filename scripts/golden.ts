// `npm run golden`: writes every generated document anew. The diff is reviewed like code.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedDocuments } from './generatedDocuments.ts';
import { projectRoot } from './programs.ts';

for (const [path, render] of generatedDocuments) {
  const file = join(projectRoot, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await render());
  console.log(`wrote ${path}`);
}
