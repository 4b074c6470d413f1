// Goal: documents and code do not drift apart, and the source tree keeps to its own rules.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { generatedDocuments } from './generatedDocuments.ts';
import { projectRoot } from './programs.ts';

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: projectRoot,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(projectRoot, file)));
const read = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');

test.each(generatedDocuments)(
  '%s is what the code renders (npm run golden)',
  async (path, render) => {
    expect(existsSync(join(projectRoot, path)), path).toBe(true);
    expect(read(path)).toBe(await render());
  },
);

describe('every path that a document names exists', () => {
  const documents = tracked.filter(
    (file) => file.endsWith('.md') && !file.startsWith('docs/rules/'),
  );
  test.each(documents)('%s', (document) => {
    // Paths are written in backquotes and begin with a top-level folder of the project.
    const roots =
      'contract|simulator|agent|lab|cli|electron|renderer|driver-samples|scripts|e2e|docs|bin';
    const named = read(document).matchAll(new RegExp('`((?:' + roots + ')/[^`\\s*<>{}…]*)`', 'g'));
    const missing = [...named]
      .map((match) => match[1] as string)
      .filter((path) => !existsSync(join(projectRoot, path)));
    expect(missing).toEqual([]);
  });
});

describe('no file names a machine, a registry or a tool of one workplace', () => {
  const text = tracked.filter((file) =>
    /[.](ts|mjs|js|cjs|svelte|md|json|c|h|inf|css|html)$/.test(file),
  );
  // Written apart, so that this file does not match itself.
  const banned = [
    ['/wo', 'rk/'],
    ['registry.', 'npmjs'],
    ['/ro', 'ot/'],
  ].map((parts) => parts.join(''));
  test('paths and hosts', () => {
    const hits = text
      .filter((file) => file !== 'package-lock.json')
      .flatMap((file) =>
        banned.filter((word) => read(file).includes(word)).map((word) => `${file}: ${word}`),
      );
    expect(hits).toEqual([]);
  });
});
