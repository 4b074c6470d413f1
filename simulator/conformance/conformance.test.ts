// Goal: the model does what suites say that run on real Windows, and a case is never passed over.
// Method: every case of testdata/cases.jsonl becomes a workload, runs on each Windows version that it
// names, and is judged by the trace. Then the expectations are bent, one by one: each must be missed.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import type { ProfileName } from '../../contract/profiles.ts';
import type { TraceEvent } from '../../contract/trace.ts';
import { simulate } from '../index.ts';
import { isRecord, type ConformanceCase } from './case.ts';
import { caseToWorkload, isSoft, judge, parseCases, profilesOf } from './index.ts';

const here = import.meta.dirname;
const cases = parseCases(readFileSync(join(here, 'testdata/cases.jsonl'), 'utf8'));
const writtenFolder = join(here, 'written');
const written = new Map<string, unknown>(
  readdirSync(writtenFolder).map((name) => [
    basename(name, '.json'),
    JSON.parse(readFileSync(join(writtenFolder, name), 'utf8')) as unknown,
  ]),
);
const families = [...new Set(cases.map((one) => one.family))];
const ofFamily = (family: string): ConformanceCase[] =>
  cases.filter((one) => one.family === family);

interface Observation {
  readonly events: readonly TraceEvent[];
  readonly notModelled?: string | undefined;
}

async function observe(one: ConformanceCase, profile: ProfileName): Promise<Observation | null> {
  const translation = caseToWorkload(one, written);
  if (translation.kind !== 'workload') return null;
  const { workload } = translation;
  const input = { workload, profile, seed: 0, sample: 'conformance', variant: 'none' };
  const { events, outcome, notModelled } = await simulate(input);
  expect(['completed', 'not-modelled'], `${one.id} on ${profile}`).toContain(outcome);
  return { events, notModelled };
}

test.each(families)(
  '%s: every case that can be run holds on every version it names',
  async (family) => {
    const failures: string[] = [];
    for (const one of ofFamily(family)) {
      for (const profile of profilesOf(one)) {
        const seen = await observe(one, profile);
        if (seen === null || seen.notModelled !== undefined) continue;
        const judgement = judge(one, seen.events);
        if (judgement.kind === 'failed' && !isSoft(one)) {
          failures.push(`${one.id} on ${profile}: ${judgement.reason}`);
        }
      }
    }
    expect(failures).toEqual([]);
  },
);

// Cases of our own in the same format: what a further file may ask, and the given one does not.
const further = parseCases(readFileSync(join(here, 'testdata/further.jsonl'), 'utf8'));

test.each(further.map((one) => ({ id: one.id, one })))('$id', async ({ one }) => {
  for (const profile of profilesOf(one)) {
    const seen = await observe(one, profile);
    expect(seen?.notModelled).toBeUndefined();
    expect(judge(one, seen?.events ?? []), profile).toEqual({ kind: 'passed' });
  }
});

// What the tables of suites come to, row by row: their neighbours of the given cases, and what follows
// from the rules for the rows that the suites leave out (evidence I).
const suites = parseCases(readFileSync(join(here, 'testdata/suites.jsonl'), 'utf8'));

test.each([...new Set(suites.map((one) => one.family))])(
  '%s: the rows of the suites hold on the newest version that they name',
  async (family) => {
    const failures: string[] = [];
    for (const one of suites.filter((each) => each.family === family)) {
      const profile = profilesOf(one).at(-1);
      const seen = profile === undefined ? null : await observe(one, profile);
      const judgement = judge(one, seen?.events ?? []);
      if (judgement.kind === 'failed') failures.push(`${one.id}: ${judgement.reason}`);
    }
    expect(failures).toEqual([]);
  },
);

// Sentences in the few forms that recur: no workload has to be written for them.
test.each([
  'notify-mask-create-file',
  'notify-mask-rmdir',
  'notify-mask-rename-file',
  'notify-mask-rename-dir',
  'notify-mask-set-write-time',
  'notify-mask-sticky-1',
  'notify-rename-pair-bytes',
  'rename-dir-open-child',
])('%s is understood as it is told', async (id) => {
  const one = cases.find((each) => each.id === id);
  const translation = one === undefined ? undefined : caseToWorkload(one);
  if (one === undefined || translation?.kind !== 'workload')
    throw new Error(`${id}: not understood`);
  const { workload } = translation;
  const input = { workload, profile: 'win10', seed: 0, sample: 'conformance', variant: 'none' };
  const { events } = await simulate(input as Parameters<typeof simulate>[0]);
  expect(judge(one, events)).toEqual({ kind: 'passed' });
});

test('what can be run, and what cannot: a case that stops being run is noticed', () => {
  const counts = families.map((family) => {
    const kinds = ofFamily(family).map((one) => caseToWorkload(one, written).kind);
    const count = (kind: string): number => kinds.filter((one) => one === kind).length;
    const words = ['workload', 'notModelled', 'notApplicable', 'failed'].map(count);
    return `${family}: ${words.join(' ')}`;
  });
  expect(counts).toMatchInlineSnapshot(`
    [
      "notify: 32 8 2 0",
      "section: 16 10 2 0",
      "create: 55 0 0 0",
      "share: 18 0 0 0",
      "rename: 29 0 0 0",
      "reparse: 20 0 0 0",
      "redirect: 0 25 0 0",
      "fltmgr: 0 36 0 0",
      "delete: 8 0 0 0",
      "oplock: 22 0 0 0",
      "lock: 10 0 0 0",
      "dir: 13 0 0 0",
      "link: 4 0 0 0",
      "stream: 10 0 0 0",
      "ea: 11 0 0 0",
    ]
  `);
});

test('every written workload belongs to a case', () => {
  const ids = new Set(cases.map((one) => one.id));
  expect([...written.keys()].filter((id) => !ids.has(id))).toEqual([]);
});

/** The expectation, bent so that no trace of this case can meet it. */
function bend(key: string, value: unknown): unknown {
  if (key === 'names_has_not') return ['.'];
  if (key === 'attributes_has_not') return '0xffffffff';
  if (key === 'names_has') return ['no such name'];
  if (key === 'win32') return 'ERROR_DISK_FULL(112)';
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  if (Array.isArray(value)) return key === 'status_any_of' ? ['STATUS_TIMEOUT'] : [...value, 'x'];
  if (typeof value !== 'string') return value;
  if (value.startsWith('STATUS_')) return 'STATUS_TIMEOUT';
  if (value.startsWith('0x')) return `0x${(Number(value) ^ 1).toString(16)}`;
  return value.replace(/\((\d+)\)$/, '(77)') === value ? `${value} bent` : '(77)';
}

/** The value is part of what the workload asks, so that it has to ask anew. */
const asksAnew: ReadonlySet<string> = new Set(['also_exists', 'data_at']);

/** Says how another key is counted. */
const saysHow: ReadonlySet<string> = new Set(['may_span_requests', 'note']);

function* bentCases(one: ConformanceCase): Iterable<readonly [string, ConformanceCase]> {
  for (const [key, value] of Object.entries(one.expected)) {
    if (saysHow.has(key)) continue;
    const inner = isRecord(value) && key !== 'results' ? Object.entries(value) : null;
    if (inner === null) {
      const bent = key === 'results' ? { STATUS_SUCCESS: 3 } : bend(key, value);
      yield [key, { ...one, expected: { ...one.expected, [key]: bent } }];
      continue;
    }
    for (const [name, part] of inner) {
      const bent = { ...(value as object), [name]: bend(name, part) };
      yield [`${key}.${name}`, { ...one, expected: { ...one.expected, [key]: bent } }];
    }
  }
}

test.each(families)(
  '%s: an expectation that is wrong is missed, whichever it is',
  async (family) => {
    const unnoticed: string[] = [];
    for (const one of ofFamily(family)) {
      const profile = profilesOf(one).at(-1);
      const seen = profile === undefined ? null : await observe(one, profile);
      if (seen === null || seen.notModelled !== undefined || isSoft(one)) continue;
      for (const [key, bent] of bentCases(one)) {
        const events = asksAnew.has(key)
          ? ((await observe(bent, profile as ProfileName))?.events ?? [])
          : seen.events;
        if (judge(bent, events).kind === 'passed') unnoticed.push(`${one.id}: ${key}`);
      }
    }
    expect(unnoticed).toEqual([]);
  },
);

const base: ConformanceCase = {
  id: 'c',
  assumed: [],
  family: 'create',
  os: ['10'],
  setup: [],
  action: { op: 'close', h: 'h' },
  expected: { status: 'STATUS_SUCCESS' },
  source: '',
  evidence: 'T',
  note: '',
};
const opened = { op: 'create', path: 'D\\f', disp: 'CREATE', as: 'h' };

const translations: readonly (readonly [string, Partial<ConformanceCase>, string, string])[] = [
  [
    'an op that nobody knows',
    { action: { op: 'fly' } },
    'failed',
    'the op "fly" is not understood',
  ],
  [
    'a field that nobody knows',
    { action: { ...opened, wings: 2 } },
    'failed',
    'create: the field "wings" is not understood',
  ],
  [
    'a flag that nobody knows',
    { action: { ...opened, access: 'FLY' } },
    'failed',
    'create: "access": "FLY" is not understood',
  ],
  [
    'an expected key that nobody knows',
    { setup: [opened], expected: { altitude: 3 } },
    'failed',
    'the expected key "altitude" is not understood',
  ],
  [
    'a handle that nobody opened',
    { expected: { file_exists: true } },
    'failed',
    'no handle "h" was opened',
  ],
  [
    'an op of a later part',
    { action: { op: 'send_irp_notify' } },
    'notModelled',
    'a kernel-mode caller without a handle',
  ],
  [
    'a case that expects nothing',
    { setup: [opened], expected: {} },
    'failed',
    'nothing is expected',
  ],
  [
    'a rename into a directory that nobody opened',
    { setup: [opened], action: { op: 'rename', h: 'h', to: 'g', root: 'r' } },
    'failed',
    'no handle "r" was opened',
  ],
  [
    'flags where the class has none',
    {
      setup: [opened],
      action: { op: 'rename', h: 'h', to: 'g', class: 'FileRenameInformation', flags: '2' },
    },
    'failed',
    'rename: FileRenameInformation has no "flags"',
  ],
  [
    'an address that is not behind a view',
    { action: { op: 'map_view', section: 's', address: '0x10000' } },
    'failed',
    'map_view: "0x10000" is not behind an earlier view',
  ],
  [
    'an id that is neither a file nor said to be one',
    { action: { op: 'create', by_id: false, disp: 'OPEN' } },
    'failed',
    'create: "by_id" is neither a file nor true',
  ],
  [
    'a reply to a break that nobody knows',
    {
      setup: [opened, { op: 'request_oplock', h: 'h', level: 'BATCH', as: 'o' }],
      action: { op: 'on_break', req: 'o', reply: 'shrug' },
    },
    'failed',
    'on_break: the reply "shrug" is not understood',
  ],
  [
    'a break of an oplock that nobody has asked for',
    { setup: [opened], action: { op: 'on_break', h: 'h', reply: 'ack' } },
    'failed',
    'on_break: nobody has asked for that oplock',
  ],
  [
    'a level that nobody knows',
    { action: { ...opened, oplock: 'LEVEL_9' } },
    'failed',
    'oplock: "LEVEL_9" is not understood',
  ],
  [
    'a sentence',
    { action: 'somebody does something' },
    'notModelled',
    'in words: needs a written workload',
  ],
  [
    'a Win32 function',
    { action: 'CreateFile(D\\f)' },
    'notApplicable',
    'about a Win32 function, not about the native API',
  ],
  [
    'a path that no target may be given',
    { action: { ...opened, path: 'D\\..\\f' } },
    'notModelled',
    'the workload language has no path "D\\..\\f"',
  ],
];

test.each(translations)('%s', (_title, change, kind, reason) => {
  expect(caseToWorkload({ ...base, ...change })).toEqual({ kind, reason });
});

test('a set-up that fails is the reason, not what follows from it', () => {
  const one = { ...base, setup: [{ ...opened, path: 'none\\f' }] };
  const events = [
    {
      kind: 'step',
      seq: 0,
      actor: 'main',
      step: 'setup.1.1',
      operation: 'create',
      status: 0xc000003a,
    },
  ] as const;
  expect(judge(one, events)).toEqual({
    kind: 'failed',
    reason: 'set-up: setup.1.1 (create) failed with STATUS_OBJECT_PATH_NOT_FOUND',
  });
});

test('an empty trace passes nothing', () => {
  expect(judge({ ...base, setup: [opened] }, [])).toEqual({
    kind: 'failed',
    reason: 'status: the trace has no result of the action',
  });
});

test('versions of Windows become profiles; Windows 8 has none', () => {
  const os = ['XP', '2003', 'Vista', '7', '8', '8.1', '10', '11'];
  expect(profilesOf({ ...base, os })).toEqual([
    'winxp',
    'win2003',
    'vista',
    'win7',
    'win2008r2',
    'win81',
    'win10',
    'win11',
  ]);
  expect(() => profilesOf({ ...base, os: ['95'] })).toThrow('unknown Windows "95"');
});
