// Goal: what a program says comes back whole, and nothing that was started outlives an abort.
// Method: node itself is the program, so that the rows run on every platform.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LabError } from '../../contract/errors/labError.ts';
import { identityOf, isSameProcess } from '../data/processIdentity.ts';
import { runProgram, type RunOptions } from './runProgram.ts';

const node = process.execPath;
const script = (text: string): readonly string[] => ['-e', text];
const free = (): AbortSignal => new AbortController().signal;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fltlab-run-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const rows: readonly [string, string, Omit<RunOptions, 'signal'>, object][] = [
  [
    'both streams and the code',
    'process.stdout.write("a"); process.stderr.write("b"); process.exitCode = 3',
    {},
    { kind: 'exited', code: 3, stdout: 'a', stderr: 'b', truncated: false },
  ],
  [
    'input is given and ended',
    'process.stdin.pipe(process.stdout)',
    { input: 'gr\u00fc\u00df dich' },
    { kind: 'exited', code: 0, stdout: 'gr\u00fc\u00df dich' },
  ],
  [
    'input that nobody reads is no failure',
    'process.exit(0)',
    { input: 'x'.repeat(1_000_000) },
    { kind: 'exited', code: 0 },
  ],
  [
    'the environment is the one given',
    'process.stdout.write(String(process.env.FLTLAB_ROW) + String(process.env.HOME))',
    { env: { FLTLAB_ROW: 'here' } },
    { kind: 'exited', stdout: 'hereundefined' },
  ],
  [
    'no shell: an argument is never interpreted',
    'process.stdout.write("$HOME `id` && x > y")',
    {},
    { kind: 'exited', stdout: '$HOME `id` && x > y' },
  ],
  [
    'output beyond the limit is dropped and said so',
    'process.stdout.write("y".repeat(100_000))',
    { output_limit_bytes: 10 },
    { kind: 'exited', stdout: 'yyyyyyyyyy', truncated: true },
  ],
  ['a time limit', 'setInterval(() => {}, 1000)', { timeout_ms: 300 }, { kind: 'timed-out' }],
];

test.each(rows)('%s', async (_title, text, options, expected) => {
  const result = await runProgram(node, script(text), { ...options, signal: free() });
  expect(result).toMatchObject(expected);
});

test('a megabyte arrives whole', async () => {
  const text = 'process.stdout.write("z".repeat(1 << 20))';
  const result = await runProgram(node, script(text), { signal: free() });
  expect(result.kind === 'exited' && result.stdout.length).toBe(1 << 20);
});

test('there is no such program', async () => {
  const program = join(folder, 'nothing-here');
  expect(await runProgram(program, [], { signal: free() })).toEqual({ kind: 'not-found', program });
});

test('a signal that has fired starts nothing', async () => {
  await expect(runProgram(node, script(''), { signal: AbortSignal.abort() })).rejects.toMatchObject(
    {
      code: 'run.cancelled',
    },
  );
});

test('an error as the reason is what the caller gets', async () => {
  const reason = new LabError('target.not-found', { problem: 'P.', remedy: 'R.' });
  const signal = AbortSignal.abort(reason);
  await expect(runProgram(node, script(''), { signal })).rejects.toBe(reason);
});

/** Writes its own number and that of a child that ignores polite signals, then waits. */
const family = (file: string): string => `
  const { spawn } = require('node:child_process');
  const stubborn = 'process.on("SIGTERM", () => {}); process.stdout.write("up"); setInterval(() => {}, 1000)';
  const child = spawn(process.execPath, ['-e', stubborn], { stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout.once('data', () =>
    require('node:fs').writeFileSync(${JSON.stringify(file)}, process.pid + ' ' + child.pid));
  setInterval(() => {}, 1000);`;

async function whenWritten(file: string): Promise<string> {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text !== '') return text;
    await pause(10);
  }
}

async function whenGone(pid: number): Promise<void> {
  const known = await identityOf(pid);
  while (known !== undefined && (await isSameProcess(known))) await pause(10);
}

test('an abort ends the program and what it started', { timeout: 20_000 }, async () => {
  const abort = new AbortController();
  const file = join(folder, 'family');
  const running = runProgram(node, script(family(file)), { signal: abort.signal });
  const pids = (await whenWritten(file)).split(' ').map(Number);
  expect(pids).toHaveLength(2);
  abort.abort();
  await expect(running).rejects.toMatchObject({ code: 'run.cancelled' });
  await Promise.all(pids.map(whenGone));
});

test(
  'a daemon that keeps the pipes open does not keep the caller',
  { timeout: 20_000 },
  async () => {
    const text = `
    const { spawn } = require('node:child_process');
    const waits = 'setInterval(() => {}, 1000)';
    const child = spawn(process.execPath, ['-e', waits], { stdio: 'inherit', detached: true });
    child.unref();
    process.stdout.write(String(child.pid), () => process.exit(0));`;
    const result = await runProgram(node, script(text), { signal: free() });
    expect(result).toMatchObject({ kind: 'exited', code: 0 });
    const pid = Number(result.kind === 'exited' && result.stdout);
    expect(await identityOf(pid)).toBeDefined();
    process.kill(pid, 'SIGKILL');
  },
);
