// The observation of a run, with the bytes that the driver itself gave in the simulator
// (contract/testing/observerAnswers.json; lab/predict/observer.real.test.ts keeps them true).
import { expect, test } from 'vitest';
import answers from '../../contract/testing/observerAnswers.json' with { type: 'json' };
import { decodeRecords } from '../../contract/observerRecords.ts';
import { TraceEvent } from '../../contract/trace.ts';
import { TraceWriter, type Doer } from '../run/traceWriter.ts';
import { fakePorts, noPorts, type FakePorts } from '../testing/fakePorts.ts';
import { PortRefused } from './filterPort.ts';
import { Observation } from './observation.ts';

const instances = Buffer.from(answers.instances, 'hex');
const records = Buffer.from(answers.records, 'hex');
const decoded = decodeRecords(records);
const editor = Number(decoded.items[0]?.processId);

const doer: Doer = {
  step: { do: 'flush', handle: 'h', id: 's1', actor: 'main' },
  process: 'editor',
};

function observe(ports: FakePorts, root = 'C:\\w', processes = new Map([['editor', editor]])) {
  const lines: string[] = [];
  const trace = new TraceWriter((line) => lines.push(line));
  const roots = new Map([['C', root]]);
  const observation = new Observation({ ports, roots, processes, trace });
  const events = () => lines.map((line) => TraceEvent.parse(JSON.parse(line)));
  return { observation, events };
}

test('tells each callback as an event of the step', () => {
  const ports = fakePorts(instances, [records]);
  const { observation, events } = observe(ports);
  observation.collect(doer);
  expect(observation.end()).toEqual({ ...decoded.counts, foreign: 0 });
  expect(ports.asked).toEqual([
    'connect \\FltLabObserver 0100000000400000',
    `watchProcess ${editor}`,
    'getInstances',
    'getRecords',
    'getRecords',
    'close',
  ]);
  const told = events();
  expect(told).toHaveLength(decoded.items.length);
  expect(told[0]).toEqual({
    kind: 'pre-operation',
    seq: 0,
    actor: 'main',
    step: 's1',
    thread: 'editor/main',
    filter: 'observer',
    instance: 'observer Upper Instance',
    altitude: '389980',
    operation: 'op1',
    major: 'IRP_MJ_CREATE',
    minor: 0,
    flags: 1,
    irpFlags: 0x884,
    operationFlags: 0,
    file: 'C:\\note.txt',
    parameters: {
      DesiredAccess: 0x12019f,
      Options: 0x2000060,
      FileAttributes: 0,
      ShareAccess: 7,
      EaLength: 0,
      AllocationSize: 0,
    },
    returned: 'FLT_PREOP_SUCCESS_WITH_CALLBACK',
  });
  const pairs = new Map<string, number>();
  for (const event of told) {
    if (event.kind !== 'pre-operation' && event.kind !== 'post-operation') continue;
    const key = `${event.operation} ${event.instance}`;
    pairs.set(key, (pairs.get(key) ?? 0) + 1);
  }
  expect(new Set(pairs.values())).toEqual(new Set([2]));
});

test('what happens between the steps, or in another process, belongs to no step', () => {
  const idle = observe(fakePorts(instances, [records]));
  idle.observation.collect(null);
  expect(new Set(idle.events().map(({ actor, thread }) => `${actor} ${thread}`))).toEqual(
    new Set(['undefined editor']),
  );
  const other = observe(fakePorts(instances, [records]), 'C:\\w', new Map([['watcher', 1_000]]));
  other.observation.collect(doer);
  expect(new Set(other.events().map(({ actor, thread }) => `${actor} ${thread}`))).toEqual(
    new Set(['undefined System']),
  );
});

test('files outside of the roots are counted and not told', () => {
  const { observation, events } = observe(
    fakePorts(instances, [records]),
    'C:\\FltLab\\volumes\\C',
  );
  observation.collect(doer);
  expect(observation.end().foreign).toBe(decoded.items.length);
  expect(events()).toEqual([]);
});

test.each([
  [
    'a driver that is unloaded',
    new PortRefused('FilterSendMessage returned 0x80070006'),
    /80070006/,
  ],
  ['an answer of another version', Uint8Array.from({ length: 40 }, () => 2), /version 33686018/],
  ['an answer that is cut', records.subarray(0, 500), /500 of \d+ bytes/],
])('%s ends the observation and not the run', (_what, answer, problem) => {
  const { observation, events } = observe(fakePorts(instances, [answer]));
  observation.collect(doer);
  observation.collect(doer);
  expect(observation.end()).toMatchObject({ problem: expect.stringMatching(problem) as string });
  expect(events()).toEqual([]);
});

test('without a port there is no observation', () => {
  const begin = () => observe({ ...noPorts, asked: [] });
  expect(begin).toThrow(PortRefused);
});
