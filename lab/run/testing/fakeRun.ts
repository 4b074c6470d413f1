// A run whose Windows parts are the test's own: nothing is built, the driver is a word, the agent says a
// header and one step and then does what the test wants. Everything else is the pipeline itself.
import { createHash } from 'node:crypto';
import type { Prediction } from '../../../contract/prediction.ts';
import { formatTrace, type TraceEvent } from '../../../contract/trace.ts';
import type { AgentClient, Followed } from '../../agentClient/index.ts';
import { cancelledError } from '../../data/cancellation.ts';
import { loadSample, loadWorkload, pickVariant } from '../../samples/samples.ts';
import type { ConnectedTarget } from '../../targets/index.ts';
import type { MachineRoom } from '../machineState.ts';
import type { RunInput } from '../runInput.ts';
import type { RunParts } from '../runParts.ts';

/** Where in the run something happens to the machine. */
export type At = 'copy' | 'agent' | 'start' | 'workload' | 'stop';

export interface FakeRun {
  readonly connect: () => Promise<ConnectedTarget>;
  readonly room: MachineRoom;
  readonly dataFolder: string;
  /** What happens at which place; the work there does not end by itself then. */
  readonly strike?: { readonly at: At; readonly how: () => Promise<void> } | undefined;
  readonly pace: NonNullable<RunParts['pace']>;
  readonly signal: AbortSignal;
  /** What was said, in order: undone things among them. */
  readonly told: string[];
}

export async function fakeRun(fake: FakeRun): Promise<{ input: RunInput; parts: RunParts }> {
  const sample = await loadSample('passthrough');
  const variant = pickVariant(sample, undefined);
  const workload = await loadWorkload(sample, variant, undefined);
  const input: RunInput = {
    sample,
    variant,
    workload,
    target: 'guest',
    seed: 1,
    without: [],
    dataFolder: fake.dataFolder,
    signal: fake.signal,
    progress: (stage, text) => fake.told.push(`${stage}: ${text}`),
  };
  const [first] = workload.expanded.steps;
  const step: TraceEvent = {
    seq: 0,
    kind: 'step',
    actor: first !== undefined && 'actor' in first ? first.actor : 'main',
    step: first?.id ?? '1',
    operation: first?.do ?? 'create',
    status: 0,
  };
  const prediction: Prediction = {
    prediction: 1,
    sample: sample.manifest.name,
    variant: variant.name,
    workload: workload.expanded.name,
    profile: 'win10',
    seed: 1,
    outcome: 'completed',
    findings: [],
    expectations: [],
    events: [step],
    coverage: [],
    evidence: [],
  };
  return { input, parts: partsOf(fake, prediction) };
}

function partsOf(fake: FakeRun, prediction: Prediction): RunParts {
  const strike = async (at: At, signal: AbortSignal): Promise<void> => {
    if (fake.strike?.at !== at) return;
    await fake.strike.how();
    await new Promise<never>((_resolve, reject) => {
      const end = (): void => reject(cancelledError(signal, at));
      if (signal.aborted) return end();
      signal.addEventListener('abort', end, { once: true });
    });
  };
  const undone = (what: string) => async (): Promise<void> =>
    void fake.told.push(`undone: ${what}`);
  const header = {
    trace: 1,
    producer: 'agent',
    workload: prediction.workload,
  } as const;
  const agentFor = (signal: AbortSignal): AgentClient => ({
    agent: { build: 'x', roots: {} },
    facts: () => Promise.reject(new Error('not asked')),
    prepare: async () => undefined,
    start: async () => undefined,
    follow: async function* (): AsyncGenerator<Followed, void, void> {
      const lines = formatTrace(header, prediction.events).trimEnd().split('\n');
      for (const [index, text] of lines.entries()) yield { kind: 'line', index, text };
      await strike('workload', signal);
      yield { kind: 'ended', run: 'r', how: 'completed', lines: lines.length };
    },
    abort: () => Promise.reject(new Error('not asked')),
    quit: async () => undefined,
    close: () => undefined,
  });
  return {
    build: async () => ({ sysPath: 'x.sys' }),
    sign: async () => ({
      sysPath: 'x.sys',
      sha256: createHash('sha256').digest('hex'),
      certificate: { file: 'lab.cer', thumbprint: '00' } as never,
      digestAlgorithm: 'sha256',
      pageHashes: true,
      cached: false,
    }),
    predict: async () => prediction,
    connect: () => fake.connect(),
    machines: () => fake.room,
    deployDriver: async (_target, _driver, { signal } = {}) => {
      await strike('copy', signal ?? fake.signal);
      return { missing: [] } as never;
    },
    removeDriver: undone('the service'),
    startDriver: async (_target, _driver, { signal } = {}) => {
      await strike('start', signal ?? fake.signal);
    },
    stopDriver: async (_target, _driver, { signal } = {}) => {
      await strike('stop', signal ?? fake.signal);
      fake.told.push('undone: the driver');
    },
    agent: () => ({
      start: async (signal) => {
        await strike('agent', signal);
        return agentFor(signal);
      },
      leave: undone('the agent'),
    }),
    pace: fake.pace,
  };
}
