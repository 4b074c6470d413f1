// Cases against the model, and against a target where no filter is needed: one table, side by side.
import type { ExpandedWorkload } from '../../contract/expandWorkload.ts';
import type { ProfileName } from '../../contract/profiles.ts';
import type { TraceEvent } from '../../contract/trace.ts';
import {
  CaseRefusal,
  isSoft,
  judge,
  profilesNamed,
  profilesOf,
  type ConformanceCase,
  type Translation,
} from '../../simulator/conformance/index.ts';
import { simulate } from '../../simulator/index.ts';
import { throwIfCancelled } from '../data/cancellation.ts';
import { translate } from './cases.ts';
import { shortfallsOf, type ShownCases } from './shownCases.ts';

export type ResultKind = 'passed' | 'failed' | 'notModelled' | 'notApplicable';

export interface CaseResult {
  readonly result: ResultKind;
  readonly reason?: string;
}

/** What one Windows version does with a case, where it does not count. */
export interface NotCounted {
  readonly windows: string;
  readonly result: CaseResult;
}

export interface CaseReport {
  readonly family: string;
  readonly evidence: string;
  /**
   * Evidence that is inferred, unsure or second-hand: a miss is reported, and does not fail. Never
   * true of a case that could not be understood.
   */
  readonly soft: boolean;
  readonly simulator: CaseResult;
  readonly wine?: CaseResult;
  /** Versions that no profile plays, and those that the source is only believed to cover. */
  readonly notCounted: readonly NotCounted[];
}

export type Counts = Readonly<Record<ResultKind, number>>;

export interface ConformanceReport {
  readonly simulator: Counts;
  readonly wine?: Counts;
  readonly cases: Readonly<Record<string, CaseReport>>;
}

/** What was observed on a target, or why nothing could be. */
export type OnTarget =
  { readonly events: readonly TraceEvent[] } | { readonly refused: CaseResult };

export interface ConformanceTarget {
  /** Runs one workload. */
  run(document: unknown): Promise<OnTarget>;
  /** The Windows that it is; a case about others only is not applicable there. */
  readonly profile: ProfileName | null;
}

export interface ConformanceInput {
  readonly cases: readonly ConformanceCase[];
  readonly written: ReadonlyMap<string, unknown>;
  /** Cases about a filter, shown by samples. */
  readonly shown?: ShownCases;
  /** Only these profiles; all that a case names when left out. */
  readonly profiles?: readonly ProfileName[];
  readonly target?: ConformanceTarget | undefined;
  readonly signal: AbortSignal;
  readonly progress: (text: string, share: string) => void;
}

export async function conformance(input: ConformanceInput): Promise<ConformanceReport> {
  const cases: Record<string, CaseReport> = {};
  for (const [index, one] of input.cases.entries()) {
    throwIfCancelled(input.signal, 'conformance');
    input.progress('running cases', `${index + 1} of ${input.cases.length}`);
    cases[freeKey(cases, one.id)] = await runCase(one, input);
  }
  const reports = Object.values(cases);
  return {
    simulator: count(reports.map((report) => report.simulator)),
    ...(input.target === undefined
      ? {}
      : { wine: count(reports.flatMap((report) => report.wine ?? [])) }),
    cases,
  };
}

/** Two sources may give the same id: the second is listed as "id#2", and none is lost. */
function freeKey(cases: Readonly<Record<string, CaseReport>>, id: string): string {
  let key = id;
  for (let count = 2; Object.hasOwn(cases, key); count += 1) key = `${id}#${count}`;
  return key;
}

async function runCase(one: ConformanceCase, input: ConformanceInput): Promise<CaseReport> {
  const base = { family: one.family, evidence: one.evidence, soft: isSoft(one), notCounted: [] };
  const understood = understand(one, input.written);
  if (understood.kind === 'notModelled' && input.shown?.has(one.id) === true) {
    return { ...base, ...(await runShown(one, input)) };
  }
  if (understood.kind !== 'workload') {
    const result = { result: understood.kind, reason: understood.reason };
    const soft = base.soft && understood.kind !== 'failed';
    return { ...base, soft, simulator: result, ...(input.target ? { wine: result } : {}) };
  }
  const { workload, document } = understood;
  const judgeOn = (profile: ProfileName): Promise<CaseResult> => onProfile(one, workload, profile);
  const simulator = await onEach(profilesOf(one), input.profiles, judgeOn);
  const notCounted = await onOthers(one, input.profiles, judgeOn);
  if (input.target === undefined) return { ...base, simulator, notCounted };
  return { ...base, simulator, notCounted, wine: await onTarget(one, document, input.target) };
}

/** By the rows of samples that show it; a target would need a filter that it calls. */
async function runShown(
  one: ConformanceCase,
  input: ConformanceInput,
): Promise<Pick<CaseReport, 'simulator' | 'wine' | 'notCounted'>> {
  const rows = input.shown?.get(one.id) ?? [];
  const judgeOn = async (profile: ProfileName): Promise<CaseResult> => {
    const missing = await shortfallsOf(rows, profile, input.signal);
    if (missing === null) return { result: 'notModelled', reason: 'no sample shows it there' };
    const [first] = missing;
    return first === undefined ? { result: 'passed' } : { result: 'failed', reason: first };
  };
  const simulator = await onEach(profilesOf(one), input.profiles, judgeOn);
  const notCounted = await onOthers(one, input.profiles, judgeOn);
  if (input.target === undefined) return { simulator, notCounted };
  const reason = 'it is about a filter, and the target calls none';
  return { simulator, notCounted, wine: { result: 'notApplicable', reason } };
}

/** The case as a workload, for versions of Windows that there are. */
function understand(one: ConformanceCase, written: ReadonlyMap<string, unknown>): Translation {
  try {
    for (const name of [...one.os, ...one.assumed]) profilesNamed(name);
  } catch (error) {
    if (!(error instanceof CaseRefusal)) throw error;
    return { kind: error.kind, reason: error.message };
  }
  return translate(one, written);
}

/** The first profile that fails decides, or else the first that does not pass; it is named. */
async function onEach(
  named: readonly ProfileName[],
  only: readonly ProfileName[] | undefined,
  judgeOn: (profile: ProfileName) => Promise<CaseResult>,
): Promise<CaseResult> {
  const profiles = named.filter((profile) => only?.includes(profile) ?? true);
  if (profiles.length === 0) {
    return { result: 'notApplicable', reason: 'no profile that was asked for' };
  }
  let worst: CaseResult = { result: 'passed' };
  for (const profile of profiles) {
    const found = await judgeOn(profile);
    const named = { ...found, reason: `${profile}: ${found.reason ?? ''}` };
    if (found.result === 'failed') return named;
    if (worst.result === 'passed' && found.result !== 'passed') worst = named;
  }
  return worst;
}

async function onOthers(
  one: ConformanceCase,
  only: readonly ProfileName[] | undefined,
  judgeOn: (profile: ProfileName) => Promise<CaseResult>,
): Promise<readonly NotCounted[]> {
  const found: NotCounted[] = [];
  for (const windows of one.os.filter((name) => profilesNamed(name).length === 0)) {
    const reason = `no profile plays Windows ${windows}`;
    found.push({ windows, result: { result: 'notApplicable', reason } });
  }
  for (const windows of one.assumed) {
    const profiles = profilesNamed(windows);
    found.push({ windows, result: await onEach(profiles, only, judgeOn) });
  }
  return found;
}

async function onProfile(
  one: ConformanceCase,
  workload: ExpandedWorkload,
  profile: ProfileName,
): Promise<CaseResult> {
  const prediction = await simulate({
    workload,
    profile,
    seed: 0,
    sample: 'conformance',
    variant: 'none',
  });
  switch (prediction.outcome) {
    case 'completed':
      return asResult(judge(one, prediction.events));
    case 'not-modelled':
      return { result: 'notModelled', reason: prediction.notModelled ?? '' };
    default:
      return { result: 'failed', reason: `the simulation ended in ${prediction.outcome}` };
  }
}

async function onTarget(
  one: ConformanceCase,
  document: unknown,
  target: ConformanceTarget,
): Promise<CaseResult> {
  const named = profilesOf(one);
  const { profile } = target;
  if (profile !== null && !named.includes(profile)) {
    return { result: 'notApplicable', reason: `about ${one.os.join(', ')}, not about ${profile}` };
  }
  const found = await target.run(document);
  return 'refused' in found ? found.refused : asResult(judge(one, found.events));
}

const asResult = (judgement: ReturnType<typeof judge>): CaseResult =>
  judgement.kind === 'passed'
    ? { result: 'passed' }
    : { result: 'failed', reason: judgement.reason };

function count(results: readonly CaseResult[]): Counts {
  const of = (kind: ResultKind): number => results.filter((one) => one.result === kind).length;
  return {
    passed: of('passed'),
    failed: of('failed'),
    notModelled: of('notModelled'),
    notApplicable: of('notApplicable'),
  };
}

/** Ids whose failure counts: firm evidence, in the model. */
export const hardFailures = (report: ConformanceReport): readonly string[] =>
  Object.entries(report.cases)
    .filter(([, one]) => one.simulator.result === 'failed' && !one.soft)
    .map(([id]) => id);
