// Goal: scripts can rely on the command line: help with examples, one JSON object on standard output, the
// shapes that are promised, and the exit codes. Method: the built program, as a person has it.
import { cp, mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { runStages } from '../contract/run.ts';
import { projectRoot } from '../scripts/programs.ts';
import { openLab, running, toBuild, toRun, type TestLab } from './testing/lab.ts';

let lab: TestLab;
const files = { win7: '', winxp: '', copy: '' };
const cases = join(projectRoot, 'e2e', 'testdata', 'notify.jsonl');

beforeAll(async () => {
  lab = await openLab();
  files.win7 = join(lab.scratch, 'win7.json');
  files.winxp = join(lab.scratch, 'winxp.json');
  files.copy = join(lab.scratch, 'copy');
});
afterAll(async () => expect(await lab?.dispose()).toEqual([]));

describe('help', () => {
  /** The commands that a help text lists. */
  const listed = (help: string): string[] =>
    (/\nCommands:\n((?: {2}.*\n)+)/.exec(help)?.[1] ?? '')
      .split('\n')
      .flatMap((line) => /^ {2}([a-z]+)\b/.exec(line)?.[1] ?? [])
      .filter((name) => name !== 'help');

  /** Paths of all commands with their help texts: two floors, as `target add`. */
  const commands = async (): Promise<[path: string, help: string][]> => {
    const all: [string, string][] = [];
    const look = async (path: string[]): Promise<void> => {
      const { out, code } = await lab.fltlab.run([...path, '--help']);
      expect(code).toBe(0);
      all.push([path.join(' '), out]);
      if (path.length < 2) for (const name of listed(out)) await look([...path, name]);
    };
    await look([]);
    return all;
  };

  test('of every command has an example of that command', async () => {
    const all = await commands();
    const named = 'simulate build run compare conformance report doctor'.split(' ');
    const inner = ['target add', 'target list', 'target facts', 'sample list'];
    expect(all.map(([path]) => path)).toEqual(expect.arrayContaining(['', ...named, ...inner]));
    const without = all.filter(
      ([path, help]) => !new RegExp(`Examples?:\\n(.*\\n)*? {2}fltlab ${path}`).test(help),
    );
    expect(without).toEqual([]);
  });

  test('names the profiles and the exit codes', async () => {
    const { out } = await lab.fltlab.run(['simulate', '--help']);
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      'winxp, win2003, vista, win7, win2008r2, win81, win10, win11',
    );
    expect((await lab.fltlab.run(['--help'])).out).toMatch(/130\s+interrupted/);
  });
});

const rule = z.string().regex(/^R-[A-Z0-9-]+$/);
const finding = z.looseObject({
  id: z.string(),
  rules: z.array(rule),
  file: z.string(),
  line: z.number().int().positive(),
});
const simulated = z.looseObject({
  outcome: z.enum(['completed', 'hang', 'bugcheck', 'load-failed', 'not-modelled']),
  bugcheck: z.looseObject({ name: z.string() }).optional(),
  findings: z.array(finding),
  events: z.array(z.looseObject({ kind: z.string(), seq: z.number() })),
  profile: z.string(),
  variant: z.string(),
  seed: z.number(),
});
const side = z.looseObject({ text: z.string() }).nullable();
const ran = z.looseObject({
  verdict: z.enum(['agrees', 'differs', 'nothing-comparable']),
  target: z.string(),
  facts: z.looseObject({ has: z.array(z.string()), lacks: z.array(z.unknown()) }),
  steps: z
    .array(
      z.looseObject({
        actor: z.string(),
        step: z.string(),
        verdict: z.string(),
        reason: z.string().optional(),
        predicted: side,
        observed: side,
        rules: z.array(rule),
      }),
    )
    .min(1),
  timings: z.partialRecord(z.enum(runStages), z.number().nonnegative()),
});
const counts = z.strictObject({
  passed: z.number(),
  failed: z.number(),
  notModelled: z.number(),
  notApplicable: z.number(),
});
const caseResult = z.strictObject({
  result: z.enum(['passed', 'failed', 'notModelled', 'notApplicable']),
  reason: z.string().optional(),
});
const conformed = z.looseObject({
  simulator: counts,
  wine: counts.optional(),
  cases: z.record(
    z.string(),
    z.looseObject({ simulator: caseResult, wine: caseResult.optional() }),
  ),
});
const failed = z.strictObject({
  error: z.strictObject({
    code: z.string().regex(/^[a-z]+([.-][a-z]+)+$/),
    whose: z.enum(['your driver', 'your lab', 'our bug', 'usage']),
    problem: z.string().min(10),
    remedy: z.string().min(10),
    detail: z.string().optional(),
  }),
});

type Row = readonly [name: string, args: () => readonly string[], code: number, shape: z.ZodType];
const row = (args: string, code: number, shape: z.ZodType): Row => [
  args,
  () => args.split(' '),
  code,
  shape,
];

describe('--json: one object on standard output, of the promised shape', () => {
  const list = (name: string) => z.looseObject({ [name]: z.array(z.unknown()) });
  test.each<Row>([
    row('simulate dirnotify', 0, simulated),
    row('--json simulate dirnotify --profile win11 --without luafv', 0, simulated),
    row('simulate dirnotify --variant user-buffer', 3, simulated),
    ['conformance', () => ['conformance', cases, '--profile', 'win7'], 1, conformed],
    row('target list', 0, list('targets')),
    row('sample list', 0, list('samples')),
    row('report --list', 0, list('runs')),
    row('rule R-NOTIFY-57', 0, z.looseObject({ id: rule })),
    [
      'sample copy',
      () => ['sample', 'copy', 'dirnotify', files.copy],
      0,
      z.looseObject({ folder: z.string() }),
    ],
  ])('%s', async (_name, args, code, shape) => {
    const told = await lab.fltlab.json(args());
    expect(told.code, told.err).toBe(code);
    shape.parse(told.object);
  });

  test('build, target and run', { timeout: 240_000 }, async (context) => {
    lab.require(context, toRun);
    const built = await lab.fltlab.json(['build', 'dirnotify']);
    expect(built.code, built.err).toBe(0);
    z.looseObject({ sys: z.string(), sha256: z.string().length(64) }).parse(built.object);
    await lab.addWine();
    const added = await lab.fltlab.json(['target', 'add', 'wine']);
    z.looseObject({ facts: z.looseObject({ kind: z.literal('wine') }) }).parse(added.object);
    const facts = await lab.fltlab.json(['target', 'facts', 'wine']);
    z.looseObject({ kind: z.literal('wine'), has: z.array(z.string()) }).parse(facts.object);
    const run = await lab.fltlab.json(['run', 'dirnotify', '--target', 'wine']);
    expect(run.code, run.err).toBe(0);
    ran.parse(run.object);
    const report = await lab.fltlab.json(['report', 'latest']);
    z.looseObject({ run: z.literal(1), id: z.string() }).parse(report.object);
  });

  test('doctor says what there is and what it is for', async () => {
    const { code, object } = await lab.fltlab.json(['doctor']);
    const { ok, checks } = z
      .strictObject({
        ok: z.boolean(),
        checks: z.array(
          z.looseObject({ what: z.string(), ok: z.boolean(), neededFor: z.string().min(3) }),
        ),
      })
      .parse(object);
    expect(code).toBe(ok ? 0 : 2);
    expect(checks.filter((one) => !one.ok && one['remedy'] === undefined)).toEqual([]);
  });

  test.each<Row>([
    row('simulate nothing', 64, failed),
    row('build nothing', 64, failed),
    row('run nothing --target wine', 64, failed),
    row('run dirnotify --target nothing', 64, failed),
    row('compare nothing.json nothing.trace', 2, failed),
    row('conformance nothing.jsonl', 2, failed),
    row('target add vmware', 64, failed),
    row('target facts nothing', 64, failed),
    row('target stop nothing', 64, failed),
    row('report nothing', 64, failed),
    row('rule R-NOTHING-1', 64, failed),
    row('simulate dirnotify --profile win12', 64, failed),
    row('simulate dirnotify --colour', 64, failed),
    row('simulate', 64, failed),
    row('run dirnotify', 64, failed),
    row('dance', 64, failed),
  ])('errors too: %s', async (_name, args, code, shape) => {
    const told = await lab.fltlab.json(args());
    expect(told.code, told.err).toBe(code);
    shape.parse(told.object);
  });
});

describe('exit codes', () => {
  test('0 and 1: predictions that agree, and that differ', async () => {
    const write = (profile: 'win7' | 'winxp') => [
      ...['simulate', 'dirnotify', '--profile', profile],
      ...['--prediction', files[profile]],
    ];
    expect((await lab.fltlab.run(write('win7'))).code).toBe(0);
    expect((await lab.fltlab.run(write('winxp'))).code).toBe(3);
    const same = await lab.fltlab.json(['compare', files.win7, files.win7]);
    expect([same.code, same.object]).toMatchObject([0, { comparison: 1, verdict: 'agrees' }]);
    const other = await lab.fltlab.json(['compare', files.win7, files.winxp]);
    expect([other.code, other.object]).toMatchObject([1, { comparison: 1, verdict: 'differs' }]);
  });

  test('2: a lab that cannot be used', async () => {
    const data = join(lab.scratch, 'a-file');
    await writeFile(data, '');
    const told = await lab.fltlab.json(['simulate', 'dirnotify'], { env: { FLTLAB_DATA: data } });
    expect(told.code).toBe(2);
    expect(told.object).toMatchObject({ error: { code: 'data.folder-unusable' } });
  });

  test('4: an agent that does not keep to its protocol is our bug', async (context) => {
    lab.require(context, toRun);
    await lab.addWine();
    const agent = join(lab.wine.driveC, 'FltLab', 'agent', 'agent.cjs');
    // Of the same size and time, or the lab would put its own in its place.
    const { size, mtime } = await stat(agent);
    const ours = await readFile(agent);
    await writeFile(agent, oddAgent.padEnd(size));
    await utimes(agent, mtime, mtime);
    const told = await lab.fltlab.json(['run', 'dirnotify', '--target', 'wine']);
    await writeFile(agent, ours);
    expect([told.code, told.object]).toMatchObject([4, { error: { code: 'agent.protocol' } }]);
    await lab.fltlab.run(['target', 'stop', 'wine']);
    expect(await running(lab.wine)).toEqual([]);
  });

  test('5: what the model does not know is refused by name', async () => {
    const folder = join(lab.scratch, 'not-modelled');
    await cp(join(projectRoot, 'driver-samples', 'dirnotify'), folder, { recursive: true });
    await writeFile(
      join(folder, 'fltlab.json'),
      JSON.stringify({
        ...(JSON.parse(await readFile(join(folder, 'fltlab.json'), 'utf8')) as object),
        sources: ['odd.c'],
      }),
    );
    await writeFile(join(folder, 'odd.c'), notModelled);
    const told = await lab.fltlab.json(['simulate', folder]);
    expect(told.code, told.err).toBe(5);
    expect(told.object).toMatchObject({ outcome: 'not-modelled' });
    expect(JSON.stringify(told.object)).toContain('FltGetVolumeGuidName');
  });

  test('130: Ctrl+C, to the group as a terminal does it, and through an old Node too', async () => {
    const cold = join(lab.scratch, 'cold');
    await mkdir(cold);
    for (const node of ['node', ...oldNode()]) {
      const one = lab.fltlab.start(['simulate', 'dirnotify'], {
        node,
        env: { FLTLAB_DATA: cold },
      });
      await one.said(/Simulating/);
      one.interrupt();
      const { code, out, err } = await one.ended;
      expect(code, err).toBe(130);
      expect(out).toBe('');
      expect(err).toMatch(/Ctrl\+C again leaves at once[^]*Cancelled[^]*\[run[.]cancelled\]/);
    }
    const left = await readdir(cold, { recursive: true });
    expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

test('people get the result on standard output and progress beside it', async (context) => {
  lab.require(context, toBuild);
  const { out, err } = await lab.fltlab.run(['simulate', 'dirnotify']);
  expect(out).toMatch(/completed · 0 findings · \d+ events/);
  expect(out).toContain('STATUS_SUCCESS 0x12 ADDED foo');
  expect(err).toMatch(/^Simulating dirnotify \(new-system-buffer\) on win7 …\n$/);
});

test('a reader that has seen enough is no failure', async () => {
  const text = execFileSync(
    'sh',
    ['-c', `node "${join(projectRoot, 'bin', 'fltlab.mjs')}" simulate dirnotify --all | head -1`],
    { encoding: 'utf8', env: { ...process.env, FLTLAB_DATA: lab.fltlab.data }, stdio: 'pipe' },
  );
  expect(text).toContain('completed');
});

/** Node of the system, where it is too old to run FltLab itself. */
function oldNode(): string[] {
  const node = '/usr/bin/node';
  if (!existsSync(node)) return [];
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' });
  return Number(version.slice(1).split('.')[0]) < 24 ? [node] : [];
}

/** Announces itself as an agent does, and then speaks of something else. */
const oddAgent = `
const { createServer } = require('node:net');
const { writeFileSync } = require('node:fs');
const state = process.argv[process.argv.indexOf('--state') + 1];
const server = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.on('data', () => socket.write('{"kind":"dance"}\\n'));
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  writeFileSync(state + '\\\\agent.json', JSON.stringify({ protocol: 1, port, pid: process.pid }));
});
setTimeout(() => process.exit(0), 60000);
`;

/** A driver of two lines that asks for something of a later part of the model. */
const notModelled = `
#include <fltKernel.h>
NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    return FltGetVolumeGuidName(NULL, NULL, NULL);
}
`;
