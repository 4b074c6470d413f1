// Goal: each verdict comes out of the facts that make it, and of nothing less.
import { describe, expect, test } from 'vitest';
import { readWorkload } from '../../contract/expandWorkload.ts';
import type { TraceEvent } from '../../contract/trace.ts';
import { NtStatus } from '../../contract/windows/index.ts';
import { compare, type ComparisonInput } from './compare.ts';
import { onlyIn, type Deviation } from './deviations.ts';

const workload = readWorkload(
  {
    workload: 1,
    name: 'w',
    actors: { watcher: {}, changer: {} },
    steps: [
      { do: 'create', id: 'open', path: 'd', as: 'd' },
      { do: 'notify', id: 'ask', handle: 'd', filter: 1, length: 64, as: 'n' },
      { do: 'create', id: 'make', actor: 'changer', path: 'd\\foo', as: 'f' },
      { do: 'query-information', id: 'basic', handle: 'd', class: 'FileBasicInformation' },
      { do: 'wait', id: 'wait', actor: 'watcher', request: 'n' },
    ],
  },
  'w',
);

let seq = 0;
const step = (id: string, status: number, more: object = {}): TraceEvent =>
  ({
    seq: seq++,
    kind: 'step',
    actor: id === 'make' ? 'changer' : 'watcher',
    step: id,
    operation: id,
    status,
    ...more,
  }) as TraceEvent;
const completion = (information: number, name: string, more: object = {}): TraceEvent => ({
  seq: seq++,
  kind: 'completion',
  actor: 'watcher',
  step: 'ask',
  operation: 'notify',
  request: 'n',
  status: NtStatus.STATUS_SUCCESS,
  information,
  bytes: Buffer.from(name).toString('hex'),
  entries: [{ action: 'FILE_ACTION_ADDED', name }],
  immediate: false,
  ...more,
});

const plain = [
  step('open', 0, { information: 1 }),
  step('ask', NtStatus.STATUS_PENDING, { iosb: 'unchanged' }),
  step('make', 0, { information: 2 }),
  completion(18, 'foo', { rules: ['R-NOTIFY-25'] }),
];

const run = (observed: readonly TraceEvent[], more: Partial<ComparisonInput> = {}) =>
  compare({
    workload,
    predicted: { events: plain, evidence: [['R-NOTIFY-25', 'T']] },
    observed: { events: observed },
    facts: { has: [], lacks: [] },
    deviations: [],
    ...more,
  });
const verdicts = (result: ReturnType<typeof run>) =>
  Object.fromEntries(result.rows.map((row) => [`${row.step} ${row.phase}`, row.verdict]));

test('the same things in another order agree', () => {
  const [open, ask, make, done] = plain as [TraceEvent, TraceEvent, TraceEvent, TraceEvent];
  const result = run([open, ask, done, make]);
  expect(result.verdict).toBe('agrees');
  expect(result.rows.map((row) => `${row.step} ${row.phase}`)).toEqual([
    'open return',
    'ask return',
    'ask completion',
    'make return',
  ]);
});

test('one changed value makes exactly that step differ, and says where', () => {
  const result = run([...plain.slice(0, 3), completion(20, 'foo')]);
  expect(verdicts(result)).toEqual({
    'open return': 'agrees',
    'ask return': 'agrees',
    'ask completion': 'differs',
    'make return': 'agrees',
  });
  const row = result.rows.find((one) => one.verdict === 'differs');
  expect(row?.differences).toEqual([{ field: 'information', predicted: '0x12', observed: '0x14' }]);
  expect(result.verdict).toBe('differs');
});

test('a completion that never came is predicted only; one too many is observed only', () => {
  expect(verdicts(run(plain.slice(0, 3)))['ask completion']).toBe('predicted-only');
  const extra = run([...plain, step('basic', 0)]);
  expect(verdicts(extra)['basic return']).toBe('observed-only');
  expect(extra.verdict).toBe('differs');
});

test('what comes after a cut is not comparable, with the reason', () => {
  const result = run(plain.slice(0, 2), {
    observed: { events: plain.slice(0, 2), endedEarly: 'the run was aborted before it' },
  });
  expect(verdicts(result)).toMatchObject({
    'make return': 'not-comparable',
    'ask completion': 'not-comparable',
  });
  expect(result.verdict).toBe('agrees');
});

test('nothing observed is never an agreement', () => {
  const result = run([], { observed: { events: [], endedEarly: 'the agent did not start' } });
  expect(result.verdict).toBe('nothing-comparable');
});

const wine: Deviation = {
  id: 'wine-1',
  seen: 'a date',
  source: 'a source',
  what: 'Information is counted differently',
  matches: (row) => row.phase === 'completion' && onlyIn(row, 'information'),
};

test('a known deviation excuses the difference that it describes, and no other', () => {
  const known = run([...plain.slice(0, 3), completion(20, 'foo')], { deviations: [wine] });
  expect(known.rows.find((row) => row.verdict === 'known')).toMatchObject({
    deviation: 'wine-1',
    reason: wine.what,
  });
  expect(known.verdict).toBe('agrees');
  const other = run([...plain.slice(0, 3), completion(20, 'fop')], { deviations: [wine] });
  expect(other.verdict).toBe('differs');
});

test('what is done with a handle that only one side has follows from how it was opened', () => {
  const failed = [step('open', NtStatus.STATUS_ACCESS_DENIED), step('basic', 0xc0000008)];
  const opened = [step('open', 0), step('basic', 0)];
  const opens: Deviation = {
    ...wine,
    matches: ({ predicted }) => predicted?.['status'] === 'STATUS_ACCESS_DENIED',
  };
  const predicted = { events: failed, evidence: [] };
  const result = run(opened, { predicted, deviations: [opens] });
  expect(result.rows.find((row) => row.step === 'basic')).toMatchObject({
    verdict: 'known',
    deviation: 'wine-1',
    reason: 'follows from the handle d',
  });
  expect(verdicts(run(opened, { predicted }))['basic return']).toBe('differs');
  // The same difference where the handle is there on both sides is one of its own.
  const other = run([step('open', 0), step('basic', 1)], {
    predicted: { events: opened, evidence: [] },
    deviations: [opens],
  });
  expect(verdicts(other)['basic return']).toBe('differs');
});

test('a wait that timed out because of a known deviation follows from it', () => {
  const waited = step('wait', NtStatus.STATUS_SUCCESS);
  const timedOut = step('wait', NtStatus.STATUS_TIMEOUT);
  const predicted = { events: [...plain, waited], evidence: [] };
  const observed = [...plain.slice(0, 3), completion(20, 'foo'), timedOut];
  const result = run(observed, { predicted, deviations: [wine] });
  expect(verdicts(result)['wait return']).toBe('known');
  expect(verdicts(run(observed, { predicted }))['wait return']).toBe('differs');
});

test.each([
  [[['R-NOTIFY-25', 'I']], 'unsure', 'agrees'],
  [[['R-NOTIFY-25', 'T']], 'differs', 'differs'],
] as const)('rules graded %j make a difference read %s', (evidence, verdict, overall) => {
  const result = run([...plain.slice(0, 3), completion(20, 'foo')], {
    predicted: { events: plain, evidence },
  });
  expect(verdicts(result)['ask completion']).toBe(verdict);
  expect(result.verdict).toBe(overall);
});

test('another schedule that explains the whole observation agrees, and is named', () => {
  const late = [...plain.slice(0, 3), completion(36, 'bar')];
  const result = run(late, {
    alternatives: [
      { events: plain, evidence: [], schedule: 'seed 1' },
      { events: late, evidence: [], schedule: 'seed 2' },
    ],
  });
  expect(result.verdict).toBe('agrees');
  const row = result.rows.find((one) => one.step === 'ask' && one.phase === 'completion');
  expect(row?.reason).toContain('seed 2');
});

describe('callbacks', () => {
  const pre = {
    seq: 90,
    kind: 'pre-operation',
    actor: 'watcher',
    step: 'ask',
    filter: 'f',
    instance: 'i',
    altitude: '1',
    operation: '0x1',
    major: 'IRP_MJ_DIRECTORY_CONTROL',
    minor: 2,
    flags: 1,
    irpFlags: 0,
    operationFlags: 0,
    parameters: { DirectoryBuffer: '0x10000' },
    returned: 'FLT_PREOP_SUCCESS_WITH_CALLBACK',
  } as TraceEvent;
  const lacks = [{ capability: 'kernel-filters' as const, because: 'callbacks are never called' }];

  test('a target that cannot call them says so, and they are not comparable', () => {
    const result = run(plain, {
      predicted: { events: [...plain, pre], evidence: [] },
      facts: { has: [], lacks },
    });
    expect(result.rows.filter((row) => row.verdict === 'not-comparable')).toHaveLength(2);
    expect(result.verdict).toBe('agrees');
  });

  test('a device stack that the workload asks for is not comparable, and says what it is', () => {
    const stack = {
      frameBoundaries: ['200000'],
      legacyFilters: [{ driver: 'oldscan', aboveFrame: 0, skipsLocation: false, volumes: ['D'] }],
      neighbours: [],
      reparseWithoutName: 'same-name' as const,
    };
    const result = run(plain, { workload: { ...workload, stack } });
    const reason =
      'the target has its own; the workload puts there 2 frames, the legacy filter oldscan on D';
    expect(result.rows.filter((row) => row.verdict === 'not-comparable')).toMatchObject([
      { step: 'stack', reason },
    ]);
    expect(result.verdict).toBe('agrees');
  });

  test('a target that can, and did not, has a difference', () => {
    const result = run(plain, { predicted: { events: [...plain, pre], evidence: [] } });
    expect(result.verdict).toBe('differs');
  });

  test('addresses are compared by relation', () => {
    const elsewhere = { ...pre, parameters: { DirectoryBuffer: '0x7ff0000' } } as TraceEvent;
    const result = run([...plain, elsewhere], {
      predicted: { events: [...plain, pre], evidence: [] },
    });
    expect(result.verdict).toBe('agrees');
  });
});

test('times are compared by being set, attributes by value', () => {
  const basic = (time: string, attributes: string): TraceEvent =>
    step('basic', 0, { information: 40, bytes: `${time.repeat(4)}${attributes}00000000` });
  const set = '0100000000000000';
  const later = '0200000000000000';
  const predicted = { events: [basic(set, '10000000')], evidence: [] };
  expect(run([basic(later, '10000000')], { predicted }).verdict).toBe('agrees');
  expect(run([basic(later, '20000000')], { predicted }).rows[0]?.differences).toEqual([
    { field: 'FileAttributes', predicted: '0x10', observed: '0x20' },
  ]);
});
