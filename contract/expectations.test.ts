// Goal: a miss is reported exactly where a trace does not show what the workload's author expected.
// Method: one row a step with its expectation, the events of a trace, and the miss if there is one.
import { expect, test } from 'vitest';
import { evaluateExpectations } from './expectations.ts';
import { readWorkload } from './expandWorkload.ts';
import { TraceEvent } from './trace.ts';

const PENDING = 0x103;
const open = { do: 'create', path: '', as: 'd', id: 'open' };
const notify = { do: 'notify', handle: 'd', filter: 'FILE_NAME', length: 64, as: 'n', id: 'n' };
const wait = { do: 'wait', request: 'n', id: 'w' };

const returned = (step: string, status: number, more: object = {}): object => ({
  kind: 'step',
  actor: 'main',
  step,
  operation: 'x',
  status,
  ...more,
});
const completed = (step: string, status: number, more: object = {}): object => ({
  kind: 'completion',
  actor: 'main',
  step,
  operation: 'x',
  request: 'n',
  status,
  information: 0,
  bytes: '',
  immediate: false,
  ...more,
});
const foo = {
  information: 18,
  bytes: 'ab',
  entries: [{ action: 'FILE_ACTION_ADDED', name: 'foo' }],
};

interface Row {
  readonly title: string;
  readonly steps: readonly object[];
  readonly events: readonly object[];
  readonly endedEarly?: boolean;
  /** "step what: expected / found" */
  readonly miss?: string;
}

const rows: readonly Row[] = [
  {
    title: 'a status as expected',
    steps: [{ ...open, expect: { status: 'STATUS_SUCCESS' } }],
    events: [returned('open', 0)],
  },
  {
    title: 'one of several statuses',
    steps: [{ ...open, expect: { status: ['STATUS_ACCESS_DENIED', 'STATUS_SUCCESS'] } }],
    events: [returned('open', 0)],
  },
  {
    title: 'another status',
    steps: [{ ...open, expect: { status: 'STATUS_SUCCESS' } }],
    events: [returned('open', 0xc0000034)],
    miss: 'open status: STATUS_SUCCESS / STATUS_OBJECT_NAME_NOT_FOUND',
  },
  {
    title: 'a status that nobody knows is never met',
    steps: [{ ...open, expect: { status: 'STATUS_SUCCES' } }],
    events: [returned('open', 0)],
    miss: 'open status: STATUS_SUCCES / STATUS_SUCCESS',
  },
  {
    title: 'a step that did not come about',
    steps: [{ ...open, expect: { information: 1 } }],
    events: [],
    miss: 'open information: 1 / (the step did not return)',
  },
  {
    title: 'a step that was not reached before the end',
    steps: [{ ...open, expect: { information: 1 } }],
    events: [],
    endedEarly: true,
  },
  {
    title: 'a pending notify is judged by its return, its entries by its completion',
    steps: [open, { ...notify, expect: { status: 'STATUS_PENDING', events: [['ADDED', 'foo']] } }],
    events: [returned('n', PENDING), completed('n', 0, foo)],
  },
  {
    title: 'a wait is judged by the completion of what it waited for',
    steps: [
      open,
      notify,
      { ...wait, expect: { status: 'STATUS_NOTIFY_ENUM_DIR', information: 0, bytes: '' } },
    ],
    events: [returned('n', PENDING), completed('n', 0x10c), returned('w', 0)],
  },
  {
    title: 'a wait that ran out of time is judged by its own return',
    steps: [open, notify, { ...wait, expect: { status: 'STATUS_TIMEOUT' } }],
    events: [returned('n', PENDING), returned('w', 0x102)],
  },
  {
    title: 'a wait that ran out of time delivers nothing',
    steps: [open, notify, { ...wait, expect: { events: [['ADDED', 'foo']] } }],
    events: [returned('n', PENDING), returned('w', 0x102)],
    miss: 'w events: ADDED foo / (nothing)',
  },
  {
    title: 'entries in another order',
    steps: [open, { ...notify, expect: { events: [['FILE_ACTION_REMOVED', 'foo']] } }],
    events: [returned('n', PENDING), completed('n', 0, foo)],
    miss: 'n events: REMOVED foo / ADDED foo',
  },
  {
    title: 'a started step is judged by its completion alone',
    steps: [open, { ...notify, start: true, expect: { status: 'STATUS_CANCELLED' } }],
    events: [returned('n', PENDING), completed('n', 0xc0000120)],
  },
  {
    title: 'a started step that never completed',
    steps: [open, { ...notify, start: true, expect: { status: 'STATUS_CANCELLED' } }],
    events: [returned('n', PENDING)],
    miss: 'n status: STATUS_CANCELLED / (the request did not complete)',
  },
  {
    title: 'bytes of a synchronous read',
    steps: [open, { do: 'read', handle: 'd', length: 4, id: 'r', expect: { bytes: 'AB01' } }],
    events: [returned('r', 0, { information: 2, bytes: 'ab01' })],
  },
];

test.each(rows)('$title', ({ steps, events, miss, endedEarly = false }) => {
  const workload = readWorkload({ workload: 1, name: 'w', steps }, 'test');
  const trace = events.map((event, seq) => TraceEvent.parse({ seq, ...event }));
  const misses = evaluateExpectations(workload, trace, { endedEarly }).map(
    (one) => `${one.step} ${one.what}: ${one.expected} / ${one.found}`,
  );
  expect(misses).toEqual(miss === undefined ? [] : [miss]);
});
