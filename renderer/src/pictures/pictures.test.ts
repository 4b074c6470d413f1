// Goal: what the pictures say is what the trace says.
import { describe, expect, test } from 'vitest';
import type { VolumeStack } from '../../../contract/stack.ts';
import type { TraceEvent } from '../../../contract/trace.ts';
import { decodeLines, hexLines } from '../ui/bytes.ts';
import { lensesOf } from '../editor/lenses.ts';
import { compareAltitudes, journeyOf } from './journey.ts';
import { lanesOf, waitsOf } from './timeline.ts';

const base = { actor: 'a', step: 's1', thread: 'p/a' } as const;
const callback = {
  ...base,
  ...{ operation: 'o1', major: 'IRP_MJ_READ', minor: 0, flags: 1, irpFlags: 0, operationFlags: 0 },
  parameters: {},
} as const;
const filter = (name: string, altitude: string) =>
  ({ filter: name, instance: `${name} Instance`, altitude }) as const;
const irp = {
  ...base,
  kind: 'irp',
  irp: '0x1',
  device: '\\Device\\V',
  major: 'IRP_MJ_READ',
  minor: 0,
} as const;
const low = filter('low', '45000');
const high = filter('high', '370030');

const through: TraceEvent[] = [
  {
    seq: 0,
    kind: 'pre-operation',
    ...callback,
    ...high,
    returned: 'FLT_PREOP_SUCCESS_WITH_CALLBACK',
  },
  { seq: 1, kind: 'pre-operation', ...callback, ...low, returned: 'FLT_PREOP_SUCCESS_NO_CALLBACK' },
  { seq: 2, ...irp, phase: 'dispatch' },
  { seq: 3, kind: 'step', ...base, operation: 'read', status: 0x103 },
  { seq: 4, ...irp, phase: 'complete', status: 0 },
  {
    ...{ seq: 5, kind: 'post-operation', ...callback, ...high, status: 0, information: 4 },
    ...{ draining: false, returned: 'FLT_POSTOP_FINISHED_PROCESSING' },
  } as TraceEvent,
  {
    ...{ seq: 6, kind: 'completion', ...base, operation: 'read', request: 's1', status: 0 },
    ...{ information: 4, bytes: '', immediate: false },
  } as TraceEvent,
];

describe('the way of a request', () => {
  test('goes down by altitude, reaches the device, and comes up where a post-operation was asked for', () => {
    const journey = journeyOf(through, through[5] as TraceEvent);
    const [column] = journey?.columns ?? [];
    const plates = column?.layers.flatMap((one) => one.plates);
    expect(plates?.map((one) => [one.filter, one.down?.seq, one.up?.seq])).toEqual([
      ['high', 0, 5],
      ['low', 1, undefined],
    ]);
    const device = column?.layers.at(-1);
    expect([device?.dispatched?.seq, device?.completed?.seq]).toEqual([2, 4]);
    expect(journey?.result).toBe('STATUS_PENDING');
  });

  test('turns at the filter that completes it', () => {
    const [first, , , step] = through as [TraceEvent, TraceEvent, TraceEvent, TraceEvent];
    const completed = [
      { ...first, returned: 'FLT_PREOP_COMPLETE', status: 0xc0000022 } as TraceEvent,
      step,
    ];
    const [column] = journeyOf(completed, first)?.columns ?? [];
    expect(column?.layers.flatMap((one) => one.plates).map((one) => one.turned)).toEqual([true]);
    expect(column?.layers.at(-1)?.dispatched).toBeUndefined();
  });

  test('is one request in all frames, whichever of its operations is chosen', () => {
    const [top, below] = through as [TraceEvent, TraceEvent];
    const events = [top, { ...below, operation: 'o2' } as TraceEvent, ...through.slice(2)];
    for (const chosen of events.slice(0, 2)) {
      const called = journeyOf(events, chosen)?.columns[0]?.layers.flatMap((one) => one.plates);
      expect(called?.map((one) => [one.filter, one.down?.seq])).toEqual([
        ['high', 0],
        ['low', 1],
      ]);
    }
  });

  test('goes across to another volume, past its legacy filter, with the stack locations it has left', () => {
    const instances = [
      { filter: 'high', altitude: '370030' },
      { filter: 'low', altitude: '45000' },
    ];
    const frame = { kind: 'frame', driver: '\\FileSystem\\FltMgr', frame: 0, instances } as const;
    const bottom = { kind: 'file-system', driver: '\\FileSystem\\Ntfs', stackSize: 1 } as const;
    const old = { kind: 'legacy-filter', driver: '\\FileSystem\\oldscan', stackSize: 2 } as const;
    const stacks: VolumeStack[] = [
      { volume: 'C', device: '\\Device\\V', layers: [{ ...frame, stackSize: 2 }, bottom] },
      { volume: 'D', device: '\\Device\\W', layers: [{ ...frame, stackSize: 3 }, old, bottom] },
    ];
    const [down, below] = through as [TraceEvent, TraceEvent];
    const events = [
      { ...down, file: 'C:\\x', redirectedTo: 'D:\\x' } as TraceEvent,
      below,
      { seq: 2, ...irp, device: '\\Device\\W', phase: 'dispatch' } as TraceEvent,
    ];
    const journey = journeyOf(events, down, stacks);
    const told = journey?.columns.map(({ volume, layers }) => [
      volume,
      ...layers.map(({ name, needs, left, reached, plates }) => {
        const called = plates.flatMap((one) => (one.down === undefined ? [] : [one.filter]));
        return `${name} ${called.join()} needs ${needs} left ${left} ${reached ? 'reached' : ''}`.trim();
      }),
    ]);
    expect(told).toEqual([
      ['C', 'frame 0 high needs 2 left 2 reached', 'Ntfs  needs 1 left 1'],
      [
        'D',
        'frame 0 low needs 3 left undefined reached',
        'oldscan  needs 2 left 1 reached',
        'Ntfs  needs 1 left 0 reached',
      ],
    ]);
  });

  test.each([
    ['370030', '45000', -1],
    ['45000', '370030', 1],
    ['100.5', '100.25', -1],
    ['100', '100', 0],
  ])('altitude %s against %s', (a, b, sign) => {
    expect(Math.sign(compareAltitudes(a, b))).toBe(sign);
  });
});

test('a request that is pending is a bar from its return to its completion', () => {
  const [own] = lanesOf(through);
  expect(own?.bars.map((one) => [one.kind, one.from, one.to])).toEqual([
    ['call', 0, 4],
    ['pending', 4, 7],
  ]);
});

test('a step that never returns is a bar to the end', () => {
  const [own] = lanesOf(through.slice(0, 3));
  expect(own?.bars.map((one) => [one.kind, one.to])).toEqual([['never', 3]]);
});

test('who waits, for what, held by whom', () => {
  expect(waitsOf(['p/a (step s2) waits for turn: step s1; held by p/b'])).toEqual([
    { who: 'p/a (step s2)', what: 'turn: step s1', heldBy: 'p/b' },
  ]);
});

test('the line above a callback', () => {
  const of = { file: 'a.c', line: 9, function: 'Pre', operation: 'pre IRP_MJ_CREATE', times: 4 };
  const returned: [string, number][] = [
    ['FLT_PREOP_SUCCESS_WITH_CALLBACK', 3],
    ['FLT_PREOP_COMPLETE STATUS_REPARSE', 1],
  ];
  expect(lensesOf([{ ...of, returned }])).toEqual([
    { line: 9, title: 'pre-create ×4 · 3 SUCCESS_WITH_CALLBACK · 1 COMPLETE STATUS_REPARSE' },
  ]);
});

test('bytes of two sides: what differs, and what is missing on one', () => {
  const [line] = hexLines('0102', '0103ff');
  expect(line?.a.map((one) => [one.text.trim(), one.differs])).toEqual([
    ['01', false],
    ['02', true],
    ['··', true],
  ]);
  const entry = '00000000010000000200000061' + '00';
  expect(decodeLines(entry, '')).toEqual([
    { a: 'FILE_ACTION_ADDED a', b: '(none)', differs: true },
  ]);
});
