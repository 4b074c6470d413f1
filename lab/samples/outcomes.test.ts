// Goal: a prediction that falls short of its row is told, in each of the ways that a row can ask.
// Method: a small prediction; a row that it meets, and rows that each ask for one thing more.
import { expect, test } from 'vitest';
import { OutcomesSchema, profilesOf, type OutcomeRow } from '../../contract/outcomes.ts';
import type { Prediction } from '../../contract/prediction.ts';
import { shortfalls } from './outcomes.ts';

const prediction: Prediction = {
  prediction: 1,
  sample: 's',
  variant: 'v',
  workload: 'w',
  profile: 'win7',
  seed: 0,
  outcome: 'bugcheck',
  bugcheck: { code: 0xf5, name: 'FLTMGR_FILE_SYSTEM', parameters: ['0x6a', '0x0'] },
  findings: [
    {
      id: 'not-dirty',
      rules: ['R-FLT-12'],
      message: 'm',
      file: 'a.c',
      line: 3,
      stack: [],
    } as unknown as Prediction['findings'][number],
  ],
  expectations: [{ actor: 'a', step: 's2', what: 'status', expected: 'x', found: 'y' }],
  events: [
    { kind: 'step', seq: 0, actor: 'a', step: 's1', operation: 'create', status: 0xc0000022 },
    {
      kind: 'completion',
      seq: 1,
      actor: 'a',
      step: 's3',
      operation: 'read',
      request: 'r',
      status: 0,
      information: 4,
      bytes: '00000000',
      immediate: false,
      rules: ['R-IO-1'],
    },
  ],
  coverage: [],
  evidence: [],
};

const met = {
  shows: 'all',
  variant: 'v',
  workload: 'w',
  outcome: 'bugcheck',
  bugcheck: '0xf5/0x6a',
  findings: ['not-dirty@a.c'],
  rules: ['R-FLT-12', 'R-IO-1'],
  misses: ['a/s2'],
  steps: { 'a/s1': { status: 'STATUS_ACCESS_DENIED' }, 'a/r': { information: 4 } },
  seen: [{ event: { kind: 'completion', bytes: '/^0+$/', status: 'STATUS_SUCCESS' }, count: 1 }],
};
const row = (change: object): OutcomeRow =>
  OutcomesSchema.parse({ outcomes: 1, rows: [{ ...met, ...change }] }).rows[0] as OutcomeRow;

test('a row that is met has no shortfall', () => {
  expect(shortfalls(row({}), prediction)).toEqual([]);
  expect(shortfalls(row({ findings: ['not-dirty'], misses: 'any' }), prediction)).toEqual([]);
});

test.each([
  [{ outcome: 'completed' }, /^outcome: expected "completed", found "bugcheck"/],
  [{ bugcheck: '0xf5/0x6b' }, /^bugcheck: expected/],
  [{ bugcheck: '0x35' }, /found "0xf5"/],
  [{ bugcheck: undefined }, /^bugcheck: expected null/],
  [{ findings: [] }, /^findings: expected \[\], found \["not-dirty@a.c"\]/],
  [{ findings: ['not-dirty@b.c'] }, /^findings/],
  [{ rules: ['R-FLT-13'] }, /nothing rests on R-FLT-13/],
  [{ misses: [] }, /^missed expectations/],
  [{ steps: { 'a/s1': { status: 'STATUS_SUCCESS' } } }, /found STATUS_ACCESS_DENIED/],
  [{ steps: { 'a/r': { information: 5 } } }, /a\/r: Information: expected 5, found 4/],
  [{ steps: { 'b/s1': { status: 'STATUS_SUCCESS' } } }, /not in the trace/],
  [{ seen: [{ event: { kind: 'completion' }, count: 2 }] }, /expected 2, found 1/],
  [{ seen: [{ event: { kind: 'step', status: 'STATUS_SUCCESS' } }] }, /at least 1, found 0/],
  [{ waits: ['a waits'] }, /no line of the wait graph/],
])('%j falls short', (change, complaint) => {
  const found = shortfalls(row(change), prediction);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(complaint);
});

test.each([
  ['all', 8],
  ['win7', 1],
  ['win7..', 5],
  ['winxp..vista', 3],
  [['winxp', 'win10..win11'], 3],
] as const)('profiles %j: %i', (profiles, count) => {
  expect(profilesOf({ profiles: profiles as string })).toHaveLength(count);
});
