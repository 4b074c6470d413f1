// Goal: what a driver reports through DbgPrint is compared, what was lost or never looked for is no difference,
// and a driver that is loaded and never called is told so. Method: traces of a few lines.
import { describe, expect, test } from 'vitest';
import { readWorkload } from '../../contract/expandWorkload.ts';
import type { TraceEvent } from '../../contract/trace.ts';
import { compare } from '../compare/compare.ts';
import type { LabTraceLine } from '../kd/index.ts';
import { neverCalled, observedSide, wholeTrace, type Eyes } from './observedSide.ts';

const workload = readWorkload(
  { workload: 1, name: 'w', steps: [{ do: 'delete', path: 'a' }] },
  'w.json',
);
const facts = { has: ['kernel-filters' as const], lacks: [] };
const heard: Eyes = { facts, console: { bytes: 1, lost: {} } };
const lossy: Eyes = { facts, console: { bytes: 1, lost: { 'sequence-gap': 3 } } };
const deaf: Eyes = { facts, console: undefined };

const print = (text: string, step?: string): TraceEvent => ({
  seq: 0,
  kind: 'debug-print',
  driver: 'd',
  text,
  ...(step === undefined ? {} : { actor: 'main', step }),
});
const predicted = [
  print('LAB_TRACE d 1 entry ;\n'),
  print('LAB_TRACE d 2 pre status=0x0 data=0xffffe00000000010 ;', '1'),
  print('LAB_TRACE d 3 pre status=0x1 ;', '1'),
];
const line = (sequence: number, event: string, fields: LabTraceLine['fields']): LabTraceLine => ({
  driver: 'd',
  sequence,
  event,
  fields,
});
const entry = line(7, 'entry', {});
const all = [
  entry,
  line(8, 'pre', { status: '0x0', data: '0xffffac04a21cd8a0' }),
  line(9, 'pre', { status: '0x1' }),
];

function observed(lines: readonly LabTraceLine[], eyes: Eyes) {
  const header = { trace: 1, producer: 'agent', workload: 'w' } as const;
  const collected = { header, events: [], ended: { how: 'completed' } } as const;
  const { events } = wholeTrace(collected, { name: 'd', stopped: true, lines });
  return observedSide(events, collected.ended, eyes);
}

const verdicts = (lines: readonly LabTraceLine[], eyes: Eyes): readonly string[] =>
  compare({
    workload,
    predicted: { events: predicted, evidence: [] },
    observed: observed(lines, eyes),
    facts,
    deviations: [],
  })
    .rows.filter(({ operation }) => operation.startsWith('LAB_TRACE'))
    .map(({ operation, verdict }) => `${operation}: ${verdict}`);

describe('lines of the driver reach the comparison', () => {
  test.each<[string, readonly LabTraceLine[], Eyes, readonly string[]]>([
    ['all are there, whatever their numbers', all, heard, ['agrees', 'agrees', 'agrees']],
    [
      'one says something else',
      [...all.slice(0, 2), line(9, 'pre', { status: '0x2' })],
      heard,
      ['agrees', 'agrees', 'differs'],
    ],
    ['one is not there', all.slice(0, 2), heard, ['agrees', 'agrees', 'predicted-only']],
    ['one was lost', all.slice(0, 2), lossy, ['agrees', 'agrees', 'not-comparable']],
    ['nobody listened', [], deaf, ['not-comparable', 'not-comparable', 'not-comparable']],
  ])('%s', (_title, lines, eyes, expected) => {
    expect(
      verdicts(lines, eyes)
        .map((one) => one.split(': ')[1])
        .sort(),
    ).toEqual([...expected].sort());
  });
});

test.each<[string, readonly LabTraceLine[], Eyes, string | undefined]>([
  ['its load is heard and nothing else', [entry], heard, 'loaded-but-never-called'],
  ['one of its callbacks is heard', all, heard, undefined],
  ['nothing is heard: perhaps DbgPrint is off', [], heard, undefined],
  ['lines were lost', [entry], lossy, undefined],
  ['nobody listened', [], deaf, undefined],
])('loaded but never called: %s', (_title, lines, eyes, id) => {
  expect(neverCalled('d', predicted, observed(lines, eyes))?.id).toBe(id);
});
