// Goal: the whole line, as a user has it: from C source to a verdict on a target that really loads the
// driver, through the built command line; and what it says when something is wrong.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt } from '../scripts/builtProduct.ts';
import { projectRoot } from '../scripts/programs.ts';

const programs = ['/usr/bin/wine', '/usr/sbin/sshd', '/usr/bin/osslsigncode', '/usr/bin/clang-19'];
const missing = programs.find((program) => !existsSync(program));

let scratch: string;
let data: string;

interface Said {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Runs `fltlab` from another folder, as a user would. */
function fltlab(...args: readonly string[]): Promise<Said> {
  const launcher = join(projectRoot, 'bin', 'fltlab.mjs');
  const env = { ...process.env, FLTLAB_DATA: data, NO_COLOR: '1' };
  const options = { cwd: scratch, env, maxBuffer: 256 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile(process.execPath, [launcher, ...args], options, (error, out, text) => {
      const code = error === null ? 0 : Number(error.code ?? 1);
      resolve({ code, out, error: text });
    });
  });
}

interface Row {
  readonly step: string;
  readonly phase: string;
  readonly verdict: string;
  readonly observed: unknown;
}

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'fltlab-line-'));
  data = process.env['FLTLAB_TEST_DATA'] ?? join(scratch, 'data');
  await mkdir(data, { recursive: true });
  await ensureBuilt('command line');
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

describe('predictions', () => {
  interface Event {
    readonly kind: string;
    readonly filter?: string;
    readonly flags?: number;
    readonly information?: number;
    readonly parameters?: Record<string, unknown>;
    readonly entries?: readonly { readonly name: string }[];
  }
  const simulate = async (
    ...args: readonly string[]
  ): Promise<
    Said & {
      object: {
        outcome: string;
        findings: { id: string; file: string; line: number }[];
        events: Event[];
      };
    }
  > => {
    const said = await fltlab('simulate', 'dirnotify', '--json', ...args);
    return { ...said, object: JSON.parse(said.out) };
  };

  test('Windows 7: the flag is set, the parameters are the caller’s, the hidden name never arrives', async () => {
    const { code, object } = await simulate('--profile', 'win7');
    const post = object.events.find(
      (one) => one.kind === 'post-operation' && one.filter === 'dirnotify',
    );
    expect(post?.flags).toBe(0x180001);
    expect(post?.information).toBe(0x12);
    expect(post?.parameters).toMatchObject({
      Length: 0x800,
      CompletionFilter: 0x15,
      DirectoryBuffer: expect.stringMatching(/^0x0001/) as string,
      MdlAddress: null,
    });
    const told = object.events
      .filter((one) => one.kind === 'completion')
      .flatMap((one) => one.entries ?? []);
    expect(told.map((one) => one.name)).toContain('foo');
    expect(told.filter((one) => /^hid\./i.test(one.name))).toEqual([]);
    expect([code, object.outcome, object.findings]).toEqual([0, 'completed', []]);
  });

  test.each([
    ['winxp', 'new-system-buffer', 'other-process', 'data-not-reachable', 'completed'],
    ['win7', 'user-buffer', 'other-process', 'user-address-wrong-process', 'bugcheck'],
    ['win7', 'user-buffer', 'own-process', 'stale-user-buffer', 'completed'],
    ['win7', 'user-buffer', 'buffered', 'only-by-luck', 'completed'],
  ])('%s, %s, %s: %s', async (profile, variant, workload, id, outcome) => {
    const { code, object } = await simulate(
      '--profile',
      profile,
      '--variant',
      variant,
      '--workload',
      workload,
    );
    const finding = object.findings.find((one) => one.id === id);
    expect(finding).toMatchObject({ file: expect.stringMatching(/\.c$/) as string });
    const source = join(projectRoot, 'driver-samples', 'dirnotify', finding?.file ?? '');
    const lines = (await readFile(source, 'utf8')).split('\n');
    expect(lines[(finding?.line ?? 0) - 1]?.trim()).toBeTruthy();
    expect([code, object.outcome]).toEqual([3, outcome]);
  });

  test('the same seed gives the same bytes', async () => {
    const [first, second] = [await simulate('--seed', '7'), await simulate('--seed', '7')];
    expect(first.out).toBe(second.out);
  });
});

describe('bad input is told with a code, and whose it is', () => {
  const own = async (change: (folder: string) => Promise<void>): Promise<string> => {
    const folder = await mkdtemp(join(scratch, 'own-'));
    await cp(join(projectRoot, 'driver-samples', 'dirnotify'), folder, { recursive: true });
    await change(folder);
    return folder;
  };
  const append = (file: string, text: string) => async (folder: string) => {
    const path = join(folder, file);
    await writeFile(path, (await readFile(path, 'utf8')) + text);
  };
  const workload = (step: object) => async (folder: string) => {
    const document = { workload: 1, name: 'bad', steps: [step] };
    await writeFile(join(folder, 'workloads', 'other-process.json'), JSON.stringify(document));
  };

  test.each<[string, (folder: string) => Promise<void>, number, string]>([
    ['C that does not compile', append('dirnotify.c', '\nint broken = ;\n'), 3, 'compile.failed'],
    ['an unknown step', workload({ do: 'teleport' }), 3, 'workload.invalid'],
    [
      'a path that leaves the root',
      workload({ do: 'create', path: '..\\x' }),
      3,
      'workload.path-escapes',
    ],
    [
      'a manifest that is no JSON',
      async (folder) => writeFile(join(folder, 'fltlab.json'), '{'),
      3,
      'sample.manifest-invalid',
    ],
    [
      'a source that is missing',
      async (folder) => rm(join(folder, 'userBuffer.c')),
      3,
      'sample.source-missing',
    ],
  ])('%s', async (_name, change, code, errorCode) => {
    const said = await fltlab('simulate', await own(change), '--json');
    const { error } = JSON.parse(said.out) as { error: { code: string; remedy: string } };
    expect([said.code, error.code]).toEqual([code, errorCode]);
    expect(error.remedy).not.toBe('');
  });

  test('an import that is not modelled stops the load by name', async () => {
    const folder = await own(async (path) => {
      await append('dirnotify.h', '\nNTSTATUS FLTAPI FltInventedRoutine(VOID);\n')(path);
      const file = join(path, 'dirnotify.c');
      const source = await readFile(file, 'utf8');
      const called = source.replace(
        'FltStartFiltering(',
        'FltInventedRoutine() + FltStartFiltering(',
      );
      expect(called).not.toBe(source);
      await writeFile(file, called);
    });
    const said = await fltlab('simulate', folder, '--json');
    const object = JSON.parse(said.out) as { outcome: string; notModelled: string };
    expect(object.outcome).toBe('not-modelled');
    expect(object.notModelled).toContain('FltInventedRoutine');
    expect(said.code).toBe(5);
  });

  test.each<[string, readonly string[], number, string]>([
    ['no such sample', ['simulate', 'nothing'], 64, 'sample.not-found'],
    ['no such variant', ['simulate', 'dirnotify', '--variant', 'x'], 64, 'sample.variant-unknown'],
    ['no such profile', ['simulate', 'dirnotify', '--profile', 'win95'], 64, 'usage.bad-argument'],
    [
      'a seed that is no number',
      ['simulate', 'dirnotify', '--seed', '-1'],
      64,
      'usage.bad-argument',
    ],
    ['no such target', ['run', 'dirnotify', '--target', 'nowhere'], 64, 'target.not-found'],
  ])('%s', async (_name, args, code, errorCode) => {
    const said = await fltlab(...args, '--json');
    const { error } = JSON.parse(said.out) as { error: { code: string } };
    expect([said.code, error.code]).toEqual([code, errorCode]);
  });
});

describe.skipIf(missing !== undefined)(
  `on the target wine${missing ? ` (no ${missing})` : ''}`,
  () => {
    beforeAll(async () => {
      const added = await fltlab('target', 'add', 'wine');
      expect(added.code, added.error).toBe(0);
    });
    afterAll(() => fltlab('target', 'stop', 'wine'));

    let folder = '';

    test('the driver reaches RUNNING, and at least nine of ten observed rows are decided', async () => {
      const said = await fltlab(
        'run',
        'dirnotify',
        '--target',
        'wine',
        '--json',
        '--junit',
        'j.xml',
        '--html',
        'r.html',
      );
      expect(said.code, said.error).toBe(0);
      const object = JSON.parse(said.out) as {
        verdict: string;
        folder: string;
        driver: { reached: string };
        steps: Row[];
      };
      folder = object.folder;
      expect([object.verdict, object.driver.reached]).toEqual(['agrees', 'RUNNING']);
      const observed = object.steps.filter((row) => row.observed !== null);
      const decided = observed.filter((row) => row.verdict !== 'not-comparable');
      expect(observed.length).toBeGreaterThan(20);
      expect(decided.length / observed.length).toBeGreaterThanOrEqual(0.9);
      expect(await readFile(join(scratch, 'j.xml'), 'utf8')).toContain('<testsuite ');
      expect(await readFile(join(scratch, 'r.html'), 'utf8')).toContain(
        'agrees with the prediction',
      );
    });

    test.each(['own-process', 'buffered', 'lifecycle'])(
      '%s agrees, known deviations apart',
      async (workload) => {
        const said = await fltlab(
          'run',
          'dirnotify',
          '--target',
          'wine',
          '--workload',
          workload,
          '--json',
        );
        expect(said.code, said.error).toBe(0);
        const { steps } = JSON.parse(said.out) as { steps: Row[] };
        const known = steps.filter((row) => row.verdict === 'known').length;
        expect(known > 0).toBe(workload !== 'own-process');
      },
    );

    test('one changed value of the prediction makes exactly that step differ', async () => {
      const predicted = JSON.parse(await readFile(join(folder, 'prediction.json'), 'utf8')) as {
        events: { kind: string; step?: string; information?: number }[];
      };
      const completion = predicted.events.find((one) => one.kind === 'completion');
      if (completion?.information === undefined) throw new Error('no completion was predicted');
      completion.information += 2;
      const changed = join(scratch, 'changed.json');
      await writeFile(changed, JSON.stringify(predicted));
      const said = await fltlab('compare', changed, join(folder, 'observed.trace'), '--json');
      const { rows } = JSON.parse(said.out) as { rows: Row[] };
      const differing = rows.filter((row) => row.verdict === 'differs');
      expect(differing.map((row) => `${row.step} ${row.phase}`)).toEqual([
        `${completion.step} completion`,
      ]);
      expect(said.code).toBe(1);
    });

    test('cases run in the model and under Wine, side by side; what is not understood fails', async () => {
      const cases = join(projectRoot, 'simulator', 'conformance', 'testdata', 'cases.jsonl');
      const notify = (await readFile(cases, 'utf8'))
        .split('\n')
        .filter((line) => /"id": ?"notify-(dir-|filter-|null|double)/.test(line));
      const base = JSON.parse(notify[0] ?? '') as Record<string, unknown>;
      const odd = [
        { ...base, id: 'unknown-op', action: { op: 'levitate', h: 'd' } },
        { ...base, id: 'unknown-key', expected: { status: 'STATUS_SUCCESS', aura: 'blue' } },
      ];
      const file = join(scratch, 'cases.jsonl');
      await writeFile(file, [...notify, ...odd.map((one) => JSON.stringify(one))].join('\n'));
      const said = await fltlab('conformance', file, '--target', 'wine', '--json');
      const object = JSON.parse(said.out) as {
        simulator: Record<string, number>;
        wine: Record<string, number>;
        cases: Record<string, { simulator: { result: string }; wine: { result: string } }>;
      };
      expect(object.simulator).toEqual({
        passed: notify.length,
        failed: 2,
        notModelled: 0,
        notApplicable: 0,
      });
      expect(object.wine['passed']).toBeGreaterThan(notify.length / 2);
      for (const { id } of odd) expect(object.cases[id]?.simulator.result).toBe('failed');
      expect(said.code).toBe(1);
    });
  },
);
