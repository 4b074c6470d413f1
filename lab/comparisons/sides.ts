// What may stand on a side of a comparison, made into what the comparison takes: a prediction of the
// source as it stands in an editor, or what a kept run predicted or observed.
import { join } from 'node:path';
import type { ComparisonRow } from '../../contract/comparison.ts';
import type { ExpandedWorkload } from '../../contract/expandWorkload.ts';
import { LabError } from '../../contract/errors/labError.ts';
import type { Prediction } from '../../contract/prediction.ts';
import type { SideRef } from '../../contract/rpc.ts';
import type { Run } from '../../contract/run.ts';
import { compare, type ComparisonInput, type ObservedSide } from '../compare/compare.ts';
import { deviationsOf } from '../compare/knownDeviations.ts';
import { runFolderOf } from '../history/recorded.ts';
import { predictTimed, type PredictInput } from '../predict/index.ts';
import { observedSide } from '../run/observedSide.ts';
import { predictedSide } from '../run/predictedSide.ts';
import { readTrace } from '../run/readTrace.ts';
import { RowsFile } from '../run/rowsFile.ts';
import { loadPrediction, readRun, runFiles, WRITTEN_BYTES_MAX } from '../run/store.ts';
import { readText } from '../samples/readJson.ts';
import { loadWorkload, pickVariant } from '../samples/samples.ts';
import { listWorkspace, workspaceSample } from '../workspace/workspace.ts';
import { headOf, type Opened } from './openComparisons.ts';
import { RowStore } from './rowStore.ts';

interface Side {
  readonly name: string;
  readonly workloadName: string;
  readonly events: ObservedSide;
  readonly evidence: Prediction['evidence'];
  /** Only for what a machine did. */
  readonly run: Run | undefined;
  workload(): Promise<ExpandedWorkload | undefined>;
}

interface How {
  readonly signal: AbortSignal | undefined;
  readonly callbacksCalled: boolean;
}

/** Errors: those of a prediction, `run.not-found`, `compare.different-workloads`. */
export async function openSides(
  dataFolder: string,
  left: SideRef,
  right: SideRef,
  signal: AbortSignal | undefined,
): Promise<Opened> {
  if (left.kind === 'predicted' && right.kind === 'observed' && left.run === right.run) {
    return keptComparison(dataFolder, left.run);
  }
  const b = await sideOf(dataFolder, right, { signal, callbacksCalled: true });
  // A machine that never calls a filter is compared with a model that does not either.
  const callbacksCalled = b.run?.facts.has.includes('kernel-filters') ?? true;
  const a = await sideOf(dataFolder, left, { signal, callbacksCalled });
  if (a.workloadName !== b.workloadName) {
    throw new LabError('compare.different-workloads', {
      problem: `${a.name} is of workload "${a.workloadName}", ${b.name} of "${b.workloadName}".`,
      remedy: 'Compare two sides of the same workload.',
    });
  }
  const workload = (await a.workload()) ?? (await b.workload());
  if (workload === undefined) {
    throw new LabError('workload.not-found', {
      problem: `The workload "${a.workloadName}" of these runs is not in this workspace.`,
      remedy: 'Open the folder of its driver; the runs themselves are kept.',
    });
  }
  const comparison = compare({
    workload,
    predicted: { ...a.events, evidence: a.evidence },
    observed: b.events,
    ...knownOf(b.run),
  });
  return {
    ...headOf(comparison),
    rows: b.run === undefined ? comparison.rows.map(betweenPredictions) : comparison.rows,
    left: a.name,
    right: b.name,
    notes: b.run?.notes ?? [],
    evidence: [...a.evidence],
  };
}

/** Nothing was observed where both sides are predictions: what is missing is missing on a side. */
function betweenPredictions(row: ComparisonRow): ComparisonRow {
  const reason = {
    'predicted-only': 'it does not happen on the right side',
    'observed-only': 'it does not happen on the left side',
  }[row.verdict as string];
  return reason === undefined ? row : { ...row, reason };
}

/** What the run itself concluded when it was made, with the schedules that it tried. */
async function keptComparison(dataFolder: string, id: string): Promise<Opened> {
  const folder = await runFolderOf(dataFolder, id);
  const run = await readRun(join(folder, runFiles.run));
  const { evidence } = await loadPrediction(join(folder, runFiles.prediction));
  return {
    ...headOf(run.comparison),
    rows:
      run.comparison.rowsApart === true
        ? RowStore.ofFile(await RowsFile.open(folder))
        : run.comparison.rows,
    left: `predicted (${run.profile})`,
    right: `observed (${run.facts.name})`,
    notes: run.notes,
    evidence,
  };
}

const knownOf = (run: Run | undefined): Pick<ComparisonInput, 'facts' | 'deviations'> =>
  run === undefined
    ? { facts: { has: [], lacks: [] }, deviations: [] }
    : { facts: run.facts, deviations: deviationsOf(run.facts) };

function sideOf(dataFolder: string, ref: SideRef, how: How): Promise<Side> {
  switch (ref.kind) {
    case 'prediction':
      return predictionSide(dataFolder, ref, how);
    case 'predicted':
      return runSide(dataFolder, ref.run, 'predicted');
    case 'observed':
      return runSide(dataFolder, ref.run, 'observed');
  }
}

async function predictionSide(
  dataFolder: string,
  { of }: Extract<SideRef, { kind: 'prediction' }>,
  { signal, callbacksCalled }: How,
): Promise<Side> {
  const sample = await workspaceSample(dataFolder, of.sample);
  const variant = pickVariant(sample, of.variant);
  const { expanded } = await loadWorkload(sample, variant, of.workload);
  const input: PredictInput = {
    sample,
    variant,
    workload: expanded,
    profile: of.profile,
    seed: of.seed,
    callbacksCalled,
    ...(of.edited === undefined ? {} : { edited: of.edited }),
    ...(signal === undefined ? {} : { signal }),
  };
  const { prediction } = await predictTimed(input);
  const seed = of.seed === 0 ? '' : `, seed ${of.seed}`;
  return {
    name: `${of.variant} (${of.profile}${seed})`,
    workloadName: prediction.workload,
    events: predictedSide(prediction),
    evidence: prediction.evidence,
    run: undefined,
    workload: () => Promise.resolve(expanded),
  };
}

async function runSide(
  dataFolder: string,
  id: string,
  which: 'predicted' | 'observed',
): Promise<Side> {
  const folder = await runFolderOf(dataFolder, id);
  const run = await readRun(join(folder, runFiles.run));
  const base = {
    workloadName: run.workload,
    workload: () => workloadOf(dataFolder, run),
  };
  if (which === 'predicted') {
    const prediction = await loadPrediction(join(folder, runFiles.prediction));
    const { evidence } = prediction;
    const name = `predicted (${run.profile}, ${id})`;
    return { ...base, name, events: predictedSide(prediction), evidence, run: undefined };
  }
  const file = join(folder, runFiles.trace);
  const trace = readTrace(await readText(file, 'file.unreadable', WRITTEN_BYTES_MAX), file);
  return {
    ...base,
    name: `observed (${run.facts.name}, ${id})`,
    events: observedSide(trace.events, run.ended, run),
    evidence: [],
    run,
  };
}

async function workloadOf(dataFolder: string, run: Run): Promise<ExpandedWorkload | undefined> {
  const { samples } = await listWorkspace(dataFolder);
  const sample = samples.find((one) => one.manifest.name === run.sample);
  const variant = sample?.manifest.variants.find((one) => one.name === run.variant);
  if (sample === undefined || variant === undefined) return undefined;
  return (await loadWorkload(sample, variant, run.workload)).expanded;
}
