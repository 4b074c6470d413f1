// `npm run check`: everything that needs no running product. Types per floor, lint, format, arrows.
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { projectRoot, runTool } from './programs.ts';

const floors = readdirSync(projectRoot, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
  .map((entry) => entry.name)
  .filter((name) => readdirSync(join(projectRoot, name)).includes('tsconfig.json'));

// The native compiler takes half the time; ESLint and svelte-check still want the one before it.
const tsc = 'typescript-7/bin/tsc';
const checks: readonly (readonly [string, () => ReturnType<typeof runTool>])[] = [
  ...floors
    .filter((floor) => floor !== 'renderer')
    .map(
      (floor) =>
        [`types of ${floor}/`, () => runTool(tsc, ['-p', floor], { quiet: true })] as const,
    ),
  ['types of tests', () => runTool(tsc, ['-p', 'tsconfig.test.json'], { quiet: true })],
  [
    'types of renderer/',
    () =>
      runTool(
        'svelte-check/bin/svelte-check',
        ['--tsconfig', 'renderer/tsconfig.json', '--fail-on-warnings'],
        {
          quiet: true,
        },
      ),
  ],
  [
    'lint',
    () =>
      runTool(
        'eslint/bin/eslint.js',
        ['--cache', '--cache-location', 'node_modules/.cache/eslint', '.'],
        { quiet: true },
      ),
  ],
  [
    'format',
    () =>
      runTool('prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.'], {
        quiet: true,
      }),
  ],
  [
    'arrows between floors',
    () =>
      runTool(
        'dependency-cruiser/bin/dependency-cruiser.mjs',
        ['--config', '.dependency-cruiser.cjs', '--output-type', 'err', ...floors, 'bin'],
        { quiet: true },
      ),
  ],
];

let failed = 0;
const waiting = [...checks];
// One for each core. The longest stand last in the table and are begun first.
await Promise.all(Array.from({ length: availableParallelism() }, work));
process.exitCode = failed === 0 ? 0 : 1;

async function work(): Promise<void> {
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [name, check] = next;
    const started = performance.now();
    const { code, output } = await check();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
    if (code === 0) continue;
    failed += 1;
    console.log(output.trimEnd());
  }
}
