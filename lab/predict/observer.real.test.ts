// The observer above and below a driver, in one simulation: what it tells a program through its port is
// what the simulator itself tells of the same layers.
import { afterAll, expect, test } from 'vitest';
import answers from '../../contract/testing/observerAnswers.json' with { type: 'json' };
import { readWorkload } from '../../contract/expandWorkload.ts';
import {
  decodeInstances,
  decodeRecords,
  OBSERVER_PORT,
  observerCommand,
  observerContext,
  type ObserverCounts,
} from '../../contract/observerRecords.ts';
import { ObserverDecoder, type ObservedCallback } from '../../contract/observerTrace.ts';
import type { Prediction } from '../../contract/prediction.ts';
import type { TraceEvent } from '../../contract/trace.ts';
import { compare } from '../compare/compare.ts';
import { observedSide } from '../run/observedSide.ts';
import { predictedSide } from '../run/predictedSide.ts';
import { loadSample, loadWorkload, pickVariant } from '../samples/samples.ts';
import { disposePredictor, predict } from './index.ts';

afterAll(() => disposePredictor());

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const ask = (id: string, command: 'getInstances' | 'getRecords') => ({
  do: 'send-message',
  id,
  actor: 'reader',
  handle: 'observer',
  data: { hex: hex(observerCommand(command)) },
  length: 500_000,
});

/** More than enough for the longest workload. */
const readings = ['records', 'more', 'the-rest'] as const;

interface Document {
  readonly actors?: object;
  readonly steps: readonly object[];
}

/** The same workload, with a program that reads the observer out when all is done. */
function withReader(document: unknown, slots: number): unknown {
  const { actors = { main: {} }, steps, ...rest } = document as Document;
  const connect = {
    do: 'connect-port',
    id: 'observe',
    actor: 'reader',
    port: OBSERVER_PORT,
    context: { hex: hex(observerContext(slots)) },
    as: 'observer',
  };
  return {
    ...rest,
    actors: { ...actors, reader: { process: 'reader' } },
    steps: [
      connect,
      ...steps,
      ask('instances', 'getInstances'),
      ...readings.map((id) => ask(id, 'getRecords')),
    ],
  };
}

async function watch(name: string, variantName: string, workloadName?: string, slots = 16_384) {
  const sample = await loadSample(name);
  const variant = pickVariant(sample, variantName);
  const { document } = await loadWorkload(sample, variant, workloadName);
  const workload = readWorkload(withReader(document, slots), name);
  const prediction = await predict({
    sample,
    variant,
    workload,
    profile: 'win7',
    seed: 0,
    observed: true,
  });
  // An end before the reading has nothing to read.
  expect(prediction).toMatchObject({ outcome: 'completed' });
  const given = ['instances', ...readings].map((id) => answerOf(prediction.events, id));
  return { prediction: { ...prediction, input: workload }, ...readOut(given) };
}

const answerOf = (events: readonly TraceEvent[], id: string): Uint8Array => {
  const found = events.find((event) => event.kind === 'step' && event.step === id);
  return Buffer.from(found?.kind === 'step' ? (found.bytes ?? '') : '', 'hex');
};

/** The answer about instances, then those with records. */
function readOut([first, ...others]: readonly Uint8Array[]): {
  readonly callbacks: readonly ObservedCallback[];
  readonly counts: ObserverCounts;
} {
  const { items: instances } = decodeInstances(first ?? new Uint8Array());
  const answers = others.map((one) => decodeRecords(one));
  const items = answers.flatMap((one) => one.items);
  const counts = answers.at(-1)?.counts;
  if (counts === undefined) throw new RangeError('it is asked at least once');
  const decoder = new ObserverDecoder({
    filter: 'observer',
    instances,
    volumeOf: (device) => volumes.get(device),
  });
  return { callbacks: items.map((record) => decoder.decode(record)), counts };
}

const volumes: ReadonlyMap<string, string> = new Map([
  ['\\Device\\HarddiskVolume2', 'C'],
  ['\\Device\\HarddiskVolume3', 'D'],
]);

type Callback = Extract<TraceEvent, { kind: 'pre-operation' | 'post-operation' }>;

/** One name for each thing that is the same, in the order of appearance. */
function numbered(): (key: string) => number {
  const seen = new Map<string, number>();
  return (key) => {
    if (!seen.has(key)) seen.set(key, seen.size);
    return seen.get(key) ?? -1;
  };
}

/** What both sides say, with identifiers as relations and without what only the model knows. */
function comparable(
  event: ObservedCallback['event'] | Callback,
  operation: number,
  thread: number,
): object {
  const {
    seq: _seq,
    actor: _actor,
    step: _step,
    rules: _rules,
    at: _at,
    thread: _thread,
    ...told
  } = event as Callback;
  const { draining = false } = told as { readonly draining?: boolean };
  const { MdlAddress, ...others } = told.parameters;
  // The simulator tells where an MDL's data lies, the driver where the MDL does.
  const mdl = MdlAddress === undefined ? {} : { MdlAddress: MdlAddress === null ? null : 'an MDL' };
  // While an instance is drained there is no status: the operation has not ended.
  const parameters = { ...others, ...mdl };
  return {
    ...told,
    parameters,
    operation,
    thread,
    ...(draining ? { status: 0, information: 0 } : {}),
  };
}

/** The simulator's own events of the observer, from the connection to the reading. */
function told({ events }: Prediction): object[] {
  const [operations, threads] = [numbered(), numbered()];
  const places = ['observe', 'records'].map((id) =>
    events.findIndex((event) => event.kind === 'step' && event.step === id),
  );
  return events
    .slice(...places)
    .flatMap((event) =>
      (event.kind === 'pre-operation' || event.kind === 'post-operation') &&
      event.filter === 'observer'
        ? [comparable(event, operations(event.operation), threads(event.thread ?? ''))]
        : [],
    );
}

function seen(callbacks: readonly ObservedCallback[]): object[] {
  const [operations, threads] = [numbered(), numbered()];
  return callbacks.map(({ event, threadId }) =>
    comparable(event, operations(event.operation), threads(String(threadId))),
  );
}

test.each([
  ['dirnotify', 'new-system-buffer', 'other-process'],
  ['volume-redirect', 'adjusted', undefined],
  ['passthrough', 'quiet', 'tour'],
  ['section-sync', 'worker', undefined],
  ['hsm-recall', 'remember', undefined],
])('around %s %s the observer sees what the simulator tells', async (name, variant, workload) => {
  const { prediction, callbacks, counts } = await watch(name, variant, workload);
  const expected = told(prediction);
  expect(seen(callbacks)).toEqual(expected);
  expect(expected.length).toBeGreaterThan(20);
  expect(counts).toEqual({ dropped: 0, ignored: 0, made: callbacks.length });
  const instances = new Set(callbacks.map(({ event }) => event.instance));
  expect([...instances].sort()).toEqual(['observer Lower Instance', 'observer Upper Instance']);
  expect(prediction.findings.filter(({ file }) => /port|ring|observer/.test(file ?? ''))).toEqual(
    [],
  );
});

/** What an agent would have told of the same run: steps, completions, and what the observer saw. */
function asObserved({ events }: Prediction, callbacks: readonly ObservedCallback[]): TraceEvent[] {
  const left = [...callbacks];
  return events.flatMap((event): TraceEvent[] => {
    if (event.kind === 'step' || event.kind === 'completion') return [event];
    if (event.kind !== 'pre-operation' && event.kind !== 'post-operation') return [];
    if (event.filter !== 'observer') return [];
    const { seq, actor, step } = event;
    // Its steps are known to the agent, which reads after each; here the simulator says them.
    return left.splice(0, 1).map((one) => ({ ...one.event, seq, actor, step }) as TraceEvent);
  });
}

test('a comparison takes what the observer saw as observed, and leaves out what nobody watched', async () => {
  const { prediction, callbacks } = await watch('dirnotify', 'new-system-buffer', 'other-process');
  const rowsOf = (seenByObserver: readonly ObservedCallback[]) =>
    compare({
      workload: prediction.input,
      predicted: predictedSide(prediction),
      observed: observedSide(
        asObserved(prediction, seenByObserver),
        { how: 'completed' },
        { facts: { has: ['kernel-filters'] } },
      ),
      facts: { has: ['kernel-filters'], lacks: [] },
      deviations: [],
    }).rows.filter(({ phase }) => phase === 'callback');
  const verdicts = (rows: ReturnType<typeof rowsOf>, of: RegExp) =>
    [...new Set(rows.filter((row) => of.test(row.operation)).map((row) => row.verdict))].sort();
  const rows = rowsOf(callbacks);
  expect(verdicts(rows, / observer Upper Instance /)).toEqual(['agrees']);
  expect(verdicts(rows, / observer Lower Instance /)).toEqual(['agrees']);
  expect(verdicts(rows, / dirnotify /)).toEqual(['not-comparable']);
  const failed = callbacks.map((one) =>
    one.event.kind === 'post-operation' && one.event.major === 'IRP_MJ_CLEANUP'
      ? { ...one, event: { ...one.event, status: 0xc0000001 } }
      : one,
  );
  expect(verdicts(rowsOf(failed), /^post observer .* IRP_MJ_CLEANUP$/)).toEqual(['differs']);
});

test('the kept answers, which the agent is tested with, are those of the driver', async () => {
  const sample = await loadSample('observer');
  const variant = pickVariant(sample, undefined);
  const { expanded: workload } = await loadWorkload(sample, variant, 'read-out');
  const { events } = await predict({ sample, variant, workload, profile: 'win7', seed: 0 });
  const now = readOut(['instances', 'records'].map((id) => answerOf(events, id)));
  const kept = readOut([answers.instances, answers.records].map((one) => Buffer.from(one, 'hex')));
  expect(seen(kept.callbacks)).toEqual(seen(now.callbacks));
  expect(kept.counts).toEqual(now.counts);
});

test('a ring that is full keeps the first records and counts the rest', async () => {
  const { prediction, callbacks, counts } = await watch('passthrough', 'quiet', 'tour', 16);
  const expected = told(prediction);
  expect(seen(callbacks)).toEqual(expected.slice(0, 16));
  expect(counts).toEqual({ dropped: expected.length - 16, ignored: 0, made: expected.length });
});
