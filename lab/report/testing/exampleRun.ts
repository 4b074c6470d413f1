// A run with one row of each verdict, and text that would break markup if it were not escaped.
import type { ComparisonRow, StepVerdict } from '../../../contract/comparison.ts';
import type { Run } from '../../../contract/run.ts';

const side = (text: string): ComparisonRow['predicted'] => ({ text, fields: { status: text } });

const row = (verdict: StepVerdict, more: Partial<ComparisonRow> = {}): ComparisonRow => ({
  actor: 'watcher',
  step: verdict,
  phase: 'return',
  operation: 'notify',
  verdict,
  predicted: side('STATUS_PENDING'),
  observed: side('STATUS_PENDING'),
  differences: [],
  rules: ['R-NOTIFY-7'],
  ...more,
});

const difference = { field: 'status', predicted: 'STATUS_PENDING', observed: '<STATUS & "more">' };

export const exampleRun: Run = {
  run: 1,
  ended: { how: 'completed' },
  id: '20261121-080000-dirnotify',
  startedAt: '2026-11-21T08:00:00.000Z',
  sample: 'dirnotify',
  variant: 'new-system-buffer',
  workload: 'other-process',
  profile: 'win10',
  seed: 0,
  facts: {
    name: 'wine',
    kind: 'wine',
    windowsVersion: '10.0.18362',
    profile: 'win10',
    wineVersion: '8.0',
    architecture: 'x64',
    has: ['user-mode-io', 'load-driver'],
    lacks: [{ capability: 'kernel-filters', because: 'callbacks are never called' }],
  },
  driver: { service: 'dirnotify', sha256: 'ab'.repeat(32), reached: 'RUNNING' },
  prediction: {
    outcome: 'completed',
    findings: [
      {
        id: 'only-by-luck',
        rules: ['R-NOTIFY-56'],
        message: 'right <script>alert(1)</script> this time',
        file: 'userBuffer.c',
        line: 12,
        stack: [],
        count: 1,
      },
    ],
  },
  comparison: {
    comparison: 1,
    verdict: 'differs',
    rows: [
      row('agrees'),
      row('differs', { observed: side('<b>'), differences: [difference] }),
      row('known', { deviation: 'wine-1', reason: 'known to differ', differences: [difference] }),
      row('unsure'),
      row('predicted-only', { observed: null }),
      row('observed-only', { predicted: null }),
      row('not-comparable', { observed: null, reason: 'callbacks are never called' }),
    ],
    counts: {
      agrees: 1,
      differs: 1,
      known: 1,
      unsure: 1,
      'predicted-only': 1,
      'observed-only': 1,
      'not-comparable': 1,
    },
  },
  expectations: [
    {
      actor: 'watcher',
      step: 's9',
      what: 'status',
      expected: 'STATUS_SUCCESS',
      found: 'STATUS_TIMEOUT',
    },
  ],
  timings: [
    ['build', 12.4],
    ['workload', 600],
  ],
  notes: ['one import is missing & that is fine'],
};
