// From what was predicted and what was observed to the run that is kept.
import type { CrashRecord } from '../../contract/crash.ts';
import type { Comparison } from '../../contract/comparison.ts';
import { evaluateExpectations } from '../../contract/expectations.ts';
import type { Finding } from '../../contract/finding.ts';
import type { Prediction } from '../../contract/prediction.ts';
import type { Run } from '../../contract/run.ts';
import { compare, type ObservedSide } from '../compare/compare.ts';
import { deviationsOf } from '../compare/knownDeviations.ts';
import type { ConnectedTarget } from '../targets/index.ts';
import type { Ended } from './observedSide.ts';
import { predictedSide } from './predictedSide.ts';
import type { RunInput } from './runInput.ts';
import type { Stages } from './stages.ts';

interface Observation {
  readonly id: string;
  readonly startedAt: Date;
  readonly target: ConnectedTarget;
  readonly prediction: Prediction;
  readonly observed: ObservedSide;
  readonly ended: Ended;
}

export interface Done extends Observation {
  /** The whole observed trace, as text. */
  readonly trace: string;
  /** Of the signed .sys. */
  readonly sha256: string;
  readonly notes: readonly string[];
  /** What the machine died of, where it did. */
  readonly crash: CrashRecord | undefined;
  /** Of the stream beside the run. */
  readonly console: Run['console'];
  /** What the kernel's own checks said of the driver meanwhile. */
  readonly findings: readonly Finding[];
  readonly alternatives: readonly Prediction[];
}

/** Schedules of the model that are tried where the plain one does not explain the observation. */
const ALTERNATIVE_SCHEDULES = 4;

export async function alternativesFor(
  input: RunInput,
  observation: Observation,
  predictFor: (seed: number) => Promise<Prediction>,
): Promise<readonly Prediction[]> {
  if (compareWith(input, observation, []).verdict !== 'differs') return [];
  const seeds = Array.from({ length: ALTERNATIVE_SCHEDULES }, (_, index) => input.seed + index + 1);
  const found: Prediction[] = [];
  for (const seed of seeds) found.push(await predictFor(seed));
  return found;
}

const compareWith = (
  { workload }: RunInput,
  { prediction, observed, target }: Observation,
  alternatives: readonly Prediction[],
): Comparison =>
  compare({
    workload: workload.expanded,
    predicted: predictedSide(prediction),
    observed,
    facts: target.facts,
    deviations: deviationsOf(target.facts),
    alternatives: alternatives.map((one) => ({
      ...predictedSide(one),
      schedule: `seed ${one.seed}`,
    })),
  });

/** `left`: what could not be taken back. */
export async function comparedRun(
  input: RunInput,
  stages: Stages,
  done: Done,
  left: readonly string[],
): Promise<Run> {
  const { prediction, target, ended } = done;
  const { manifest } = input.sample;
  const comparison = await stages.run('compare', 'compare', () =>
    Promise.resolve(compareWith(input, done, done.alternatives)),
  );
  const notJudged = whyNotJudged(target);
  const endedEarly = ended.how !== 'completed';
  return {
    run: 1,
    id: done.id,
    startedAt: done.startedAt.toISOString(),
    sample: manifest.name,
    variant: input.variant.name,
    workload: prediction.workload,
    profile: prediction.profile,
    seed: prediction.seed,
    facts: target.facts,
    driver: { service: manifest.driver, sha256: done.sha256, reached: 'RUNNING' },
    prediction: { outcome: prediction.outcome, findings: prediction.findings },
    ended,
    ...crashPart(done),
    ...(done.console === undefined ? {} : { console: done.console }),
    ...(done.findings.length === 0 ? {} : { findings: [...done.findings] }),
    comparison,
    expectations:
      notJudged === undefined
        ? evaluateExpectations(input.workload.expanded, done.observed.events, { endedEarly })
        : [],
    timings: stages.timings,
    notes: [
      ...done.notes,
      ...done.findings.map((finding) => `[${finding.id}] ${finding.message}`),
      ...(notJudged === undefined ? [] : [notJudged]),
      ...left.map((one) => `Could not be taken back: ${one}`),
    ],
  };
}

function crashPart({ crash }: Done): Pick<Run, 'crash'> {
  if (crash === undefined) return {};
  const { id, kind, title, whose, because } = crash;
  return { crash: { id, kind, title, whose, because } };
}

/** Expectations tell what the filter does; where it is never called they are about nothing. */
function whyNotJudged({ facts }: ConnectedTarget): string | undefined {
  const lack = facts.lacks.find((one) => one.capability === 'kernel-filters');
  return lack && `The expectations of the workload are not judged here: ${lack.because}.`;
}
