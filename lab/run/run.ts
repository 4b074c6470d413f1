// One run: from a sample to a verdict on a real target. Whatever happens, the target is left as it was
// found: the service removed, the agent gone, the workload's files deleted.
import { evaluateExpectations } from '../../contract/expectations.ts';
import { LabError } from '../../contract/errors/labError.ts';
import type { Prediction } from '../../contract/prediction.ts';
import type { ProfileName } from '../../contract/profiles.ts';
import type { Run } from '../../contract/run.ts';
import type { SampleVariant } from '../../contract/sample.ts';
import type { TraceEvent } from '../../contract/trace.ts';
import type { Followed } from '../agentClient/index.ts';
import { buildForWindows } from '../build/index.ts';
import { compare, type ObservedSide } from '../compare/compare.ts';
import { deviationsOf } from '../compare/knownDeviations.ts';
import {
  deployDriver,
  describeMissing,
  removeDriver,
  startDriver,
  stopDriver,
} from '../deploy/index.ts';
import { predict } from '../predict/index.ts';
import type { LoadedWorkload, Sample } from '../samples/samples.ts';
import { signDriver, type SignedDriver } from '../sign/index.ts';
import { connectTarget, holdTarget, type ConnectedTarget } from '../targets/index.ts';
import { startAgentOn, type RunningAgent } from './agentOnTarget.ts';
import { predictionEnd } from './predictedSide.ts';
import { readTrace } from './readTrace.ts';
import { Stages, type StageProgress } from './stages.ts';
import { keepRun, newRunId } from './store.ts';

export interface RunInput {
  readonly sample: Sample;
  readonly variant: SampleVariant;
  readonly workload: LoadedWorkload;
  readonly target: string;
  /** The profile to compare with; the one nearest to the target's Windows when left out. */
  readonly profile?: ProfileName | undefined;
  readonly seed: number;
  readonly without: readonly string[];
  readonly dataFolder: string;
  readonly signal: AbortSignal;
  readonly progress: StageProgress;
}

export interface FinishedRun {
  readonly run: Run;
  readonly prediction: Prediction;
  /** Where it is kept. */
  readonly folder: string;
}

/** Schedules of the model that are tried where the plain one does not explain the observation. */
const ALTERNATIVE_SCHEDULES = 4;

/** Errors: those of each stage; 'run.cancelled'. */
export async function runOnTarget(input: RunInput): Promise<FinishedRun> {
  const stages = new Stages(input.signal, input.progress);
  try {
    const done = await carryOut(input, stages);
    const left = await stages.unwind();
    return await keep(input, stages, done, left);
  } catch (error) {
    const left = await stages.unwind();
    throw left.length === 0 ? error : withLeftovers(error, left);
  }
}

interface Done {
  readonly id: string;
  readonly startedAt: Date;
  readonly target: ConnectedTarget;
  readonly prediction: Prediction;
  readonly observed: ObservedSide;
  readonly trace: string;
  readonly sha256: string;
  readonly notes: readonly string[];
  readonly alternatives: readonly Prediction[];
}

async function carryOut(input: RunInput, stages: Stages): Promise<Done> {
  const { sample, signal, dataFolder } = input;
  const startedAt = new Date();
  const id = await newRunId(dataFolder, startedAt, sample.manifest.name);
  const sys = await buildAndSign(input, stages);
  const target = await connect(input, stages);
  const predictFor = predictor(input, target);
  const prediction = await stages.run('predict', `predict for ${target.facts.name}`, () =>
    predictFor(input.seed),
  );
  const notes = await deploy(input, stages, target, sys.sysPath);
  const agent = await stages.run('agent', 'start the agent', () => agentFor(input, stages, target));
  await stages.run('prepare', "the workload's set-up", () =>
    agent.client.prepare(id, input.workload.document),
  );
  await stages.run('start', `start the driver ${sample.manifest.driver}`, (progress) =>
    startDriver(target, sample.manifest.driver, {
      signal,
      progress: ({ step }) => progress(step),
    }),
  );
  const collected = await stages.run('workload', 'run the workload', (progress) =>
    runWorkload(agent, id, progress),
  );
  await stages.run('stop', `stop the driver ${sample.manifest.driver}`, () =>
    stopDriver(target, sample.manifest.driver, { signal }),
  );
  const observed = observedSide(collected, sample.manifest.driver);
  const alternatives = await alternativesFor(input, prediction, observed, target, predictFor);
  return {
    id,
    startedAt,
    target,
    prediction,
    observed,
    trace: collected.text,
    sha256: sys.sha256,
    notes,
    alternatives,
  };
}

async function buildAndSign(input: RunInput, stages: Stages): Promise<SignedDriver> {
  const { sample, variant, dataFolder, signal } = input;
  const built = await stages.run('build', `build ${sample.manifest.driver}.sys`, (progress) =>
    buildForWindows({ sample, variant, dataFolder, signal, progress }),
  );
  // Signing verifies what it made; a signature that does not hold is an error.
  return stages.run('sign', 'sign it with the test certificate of the lab', (progress) =>
    signDriver({ sysPath: built.sysPath, dataFolder, signal, progress }),
  );
}

async function connect(input: RunInput, stages: Stages): Promise<ConnectedTarget> {
  const { target: name, dataFolder, signal } = input;
  return stages.run('connect', `connect to ${name}`, async (say) => {
    const progress = ({ step }: { step: string }): void => say(step);
    const lease = await holdTarget(dataFolder, name, { signal, progress });
    stages.undo(`the hold on ${name}`, () => lease.release());
    const target = await connectTarget(name, { dataFolder, signal, progress });
    stages.undo(`the connection to ${name}`, () => target.close());
    return target;
  });
}

/** Predictions for this target: a driver that it never calls is not called in the model either. */
function predictor(
  input: RunInput,
  target: ConnectedTarget,
): (seed: number) => Promise<Prediction> {
  const profile = input.profile ?? target.facts.profile;
  if (profile === null) {
    throw new LabError('usage.bad-argument', {
      problem: `No profile is near Windows ${target.facts.windowsVersion} of "${target.facts.name}".`,
      remedy: 'Choose one with --profile.',
    });
  }
  const callbacksCalled = target.facts.has.includes('kernel-filters');
  return (seed) =>
    predict({
      sample: input.sample,
      variant: input.variant,
      workload: input.workload.expanded,
      profile,
      seed,
      without: input.without,
      callbacksCalled,
      signal: input.signal,
    });
}

async function deploy(
  { sample, signal }: RunInput,
  stages: Stages,
  target: ConnectedTarget,
  sys: string,
): Promise<readonly string[]> {
  const { manifest } = sample;
  return stages.run('copy', `copy ${manifest.driver}.sys and create its service`, async (say) => {
    stages.undo(`the service ${manifest.driver}`, (own) =>
      removeDriver(target, manifest.driver, { signal: own }),
    );
    const deployed = await deployDriver(
      target,
      {
        name: manifest.driver,
        loadOrderGroup: manifest.group,
        instances: manifest.instances,
        defaultInstance: manifest.defaultInstance,
        image: sys,
      },
      { signal, progress: ({ step }) => say(step) },
    );
    return deployed.missing.length === 0
      ? []
      : [
          `The target does not export what the driver imports: ${describeMissing(deployed.missing)}.`,
        ];
  });
}

async function agentFor(
  { workload, signal }: RunInput,
  stages: Stages,
  target: ConnectedTarget,
): Promise<RunningAgent> {
  const agent = await startAgentOn(target, workload.expanded.volumes, signal);
  stages.undo('the agent', async () => {
    await agent.client.quit();
    await agent.close();
  });
  return agent;
}

interface Collected {
  readonly text: string;
  readonly events: readonly TraceEvent[];
  readonly end: Extract<Followed, { kind: 'ended' }>;
}

async function runWorkload(
  agent: RunningAgent,
  id: string,
  progress: (text: string) => void,
): Promise<Collected> {
  await agent.client.start(id);
  const lines: string[] = [];
  for await (const followed of agent.client.follow(id)) {
    if (followed.kind === 'line') {
      lines.push(`${followed.text}\n`);
      if (lines.length % 100 === 0) progress(`${lines.length} events`);
      continue;
    }
    const text = lines.join('');
    return { text, events: readTrace(text, 'the trace of the agent').events, end: followed };
  }
  throw new LabError('agent.protocol', {
    problem: 'The agent ended the trace without saying how the run ended.',
    remedy: 'Run it again; report it if it happens again.',
  });
}

/** The driver's own events come from the lab: its service reached RUNNING, and was stopped. */
function observedSide({ events, end }: Collected, driver: string): ObservedSide {
  const load: TraceEvent = { seq: 0, kind: 'driver', phase: 'load', driver, status: 0 };
  const unload: TraceEvent = { ...load, phase: 'unload' };
  const early =
    end.how === 'completed'
      ? {}
      : { endedEarly: `the run ${end.how} before it${end.problem ? `: ${end.problem}` : ''}` };
  return { events: [load, ...events, unload], ...early };
}

async function alternativesFor(
  input: RunInput,
  prediction: Prediction,
  observed: ObservedSide,
  target: ConnectedTarget,
  predictFor: (seed: number) => Promise<Prediction>,
): Promise<readonly Prediction[]> {
  const plain = compareWith(input, prediction, observed, target, []);
  if (plain.verdict !== 'differs') return [];
  const seeds = Array.from({ length: ALTERNATIVE_SCHEDULES }, (_, index) => input.seed + index + 1);
  const found: Prediction[] = [];
  for (const seed of seeds) found.push(await predictFor(seed));
  return found;
}

const compareWith = (
  input: Pick<RunInput, 'workload'>,
  prediction: Prediction,
  observed: ObservedSide,
  target: ConnectedTarget,
  alternatives: readonly Prediction[],
): Run['comparison'] =>
  compare({
    workload: input.workload.expanded,
    predicted: {
      events: prediction.events,
      evidence: prediction.evidence,
      ...predictionEnd(prediction),
    },
    observed,
    facts: target.facts,
    deviations: deviationsOf(target.facts),
    alternatives: alternatives.map((one) => ({
      events: one.events,
      evidence: one.evidence,
      schedule: `seed ${one.seed}`,
      ...predictionEnd(one),
    })),
  });

async function keep(
  input: RunInput,
  stages: Stages,
  done: Done,
  left: readonly string[],
): Promise<FinishedRun> {
  const { prediction, target } = done;
  const comparison = await stages.run('compare', 'compare', async () =>
    compareWith(input, prediction, done.observed, target, done.alternatives),
  );
  const notJudged = whyNotJudged(target);
  const run: Run = {
    run: 1,
    id: done.id,
    startedAt: done.startedAt.toISOString(),
    sample: input.sample.manifest.name,
    variant: input.variant.name,
    workload: prediction.workload,
    profile: prediction.profile,
    seed: prediction.seed,
    facts: target.facts,
    driver: { service: input.sample.manifest.driver, sha256: done.sha256, reached: 'RUNNING' },
    prediction: { outcome: prediction.outcome, findings: prediction.findings },
    comparison,
    expectations: notJudged === undefined ? expectationsOf(input, done.observed) : [],
    timings: stages.timings,
    notes: [
      ...done.notes,
      ...(notJudged === undefined ? [] : [notJudged]),
      ...left.map((one) => `Could not be taken back: ${one}`),
    ],
  };
  const folder = await keepRun(input.dataFolder, { run, prediction, trace: done.trace });
  return { run, prediction, folder };
}

const expectationsOf = (input: RunInput, observed: ObservedSide): Run['expectations'] =>
  evaluateExpectations(input.workload.expanded, observed.events, {
    ...(observed.endedEarly === undefined ? {} : { endedEarly: true }),
  });

/** Expectations tell what the filter does; where it is never called they are about nothing. */
function whyNotJudged({ facts }: ConnectedTarget): string | undefined {
  const lack = facts.lacks.find((one) => one.capability === 'kernel-filters');
  return lack && `The expectations of the workload are not judged here: ${lack.because}.`;
}

/** The error of the run stands first; what could not be taken back is told beneath it. */
function withLeftovers(error: unknown, left: readonly string[]): unknown {
  if (!(error instanceof LabError)) return error;
  const leftovers = `Could not be taken back:\n${left.map((one) => `  ${one}`).join('\n')}`;
  return new LabError(error.code, {
    problem: error.problem,
    remedy: error.remedy,
    detail: [error.detail, leftovers].filter(Boolean).join('\n'),
    cause: error,
  });
}
