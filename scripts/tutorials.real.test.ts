// Goal: a reader who types what a tutorial says sees what it says.
// Method: every command of every tutorial is run in its order with the built command line; each quoted line
// must come, in order, and each C excerpt must stand in the file that it names.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt } from './builtProduct.ts';
import { projectRoot, run } from './programs.ts';
import { firstMissing, isExcerptOf, readTutorial } from './tutorials.ts';

const folder = join(projectRoot, 'docs', 'tutorials');
const shared = process.env['FLTLAB_TEST_DATA'];
const dataFolder = shared ?? mkdtempSync(join(tmpdir(), 'fltlab-tutorials-'));

const fltlab = (args: readonly string[]) =>
  run(process.execPath, [join(projectRoot, 'bin', 'fltlab.mjs'), ...args], {
    quiet: true,
    env: { FLTLAB_DATA: dataFolder, NO_COLOR: '1' },
  });

beforeAll(() => ensureBuilt('command line'));

afterAll(async () => {
  // A tutorial may have stopped half-way, with its target running.
  await fltlab(['target', shared === undefined ? 'remove' : 'stop', 'wine']);
  if (shared === undefined) rmSync(dataFolder, { recursive: true, force: true });
});

describe.each(readdirSync(folder).filter((name) => name.endsWith('.md')))('%s', (name) => {
  const tutorial = readTutorial(readFileSync(join(folder, name), 'utf8'));

  test('has commands, and leaves none untested', () => {
    expect(tutorial.scenes.length).toBeGreaterThan(0);
    expect(tutorial.untested).toBe(0);
  });

  test.each(tutorial.excerpts)('$file says so', ({ file, lines }) => {
    expect(isExcerptOf(lines, readFileSync(join(projectRoot, file), 'utf8')), file).toBe(true);
  });

  test.each(tutorial.scenes.map((scene) => [scene.commands.map((one) => one.join(' ')), scene]))(
    '%s',
    async (_, { commands, exitCode, quoted }) => {
      let all = '';
      for (const [program, ...args] of commands) {
        expect(program).toBe('fltlab');
        const { code, output } = await fltlab(args);
        expect(code, output).toBe(exitCode);
        all += output;
      }
      expect(firstMissing(quoted, all), all).toBeUndefined();
    },
  );
});

test.each([
  ['R-NOTIFY-67', 'Perhaps you mean R-NOTIFY-6'],
  ['NOTIFY-57', 'Perhaps you mean R-NOTIFY-57'],
])('fltlab rule %s is a mistake of usage, with what was probably meant', async (id, hint) => {
  const { code, output } = await fltlab(['rule', id]);
  expect(code).toBe(64);
  expect(output).toContain(hint);
});

test('fltlab rule --json is one object', async () => {
  const { code, output } = await fltlab(['rule', 'r-notify-60', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(output)).toMatchObject({
    id: 'R-NOTIFY-60',
    grades: ['C', 'S'],
    profiles: ['winxp', 'win2003', 'vista'],
  });
});
