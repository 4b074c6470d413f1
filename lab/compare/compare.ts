// Prediction and observation, aligned by actor and step, never by position. A verdict says "agrees"
// only about what was observed.
import type {
  Comparison,
  ComparisonRow,
  ComparisonVerdict,
  StepVerdict,
} from '../../contract/comparison.ts';
import type { ExpandedWorkload } from '../../contract/expandWorkload.ts';
import { describeStack } from '../../contract/stack.ts';
import type { TargetFacts } from '../../contract/target.ts';
import type { TraceEvent } from '../../contract/trace.ts';
import { withConsequences } from './consequences.ts';
import { knownDeviation, type Deviation } from './deviations.ts';
import { PRINT_OPERATION, sideEntries, type SideEntry } from './sides.ts';

/** One execution that the model allows. */
export interface PredictedSide {
  readonly events: readonly TraceEvent[];
  /** Rule id and grade, for the rules that the events name. */
  readonly evidence: readonly (readonly [string, string])[];
  /** Why the prediction stops before the end of the workload: bugcheck, hang … */
  readonly endedEarly?: string | undefined;
}

export interface ObservedSide {
  readonly events: readonly TraceEvent[];
  /** Why the trace stops before the end of the workload: cut, aborted … */
  readonly endedEarly?: string | undefined;
  /** Why LAB_TRACE lines of the driver, or some of them, are not there. */
  readonly unheard?: string | undefined;
  /** The step whose call did not return, where that is how it ended: the one that differs. */
  readonly hungAt?: string | undefined;
  /** Filters whose callbacks were watched; left out: those of any filter would have been seen. */
  readonly watched?: readonly string[] | undefined;
}

export interface ComparisonInput {
  readonly workload: ExpandedWorkload;
  readonly predicted: PredictedSide;
  readonly observed: ObservedSide;
  readonly facts: Pick<TargetFacts, 'has' | 'lacks'>;
  readonly deviations: readonly Deviation[];
  /** Other schedules that the model allows, with a name each ("seed 3"), nearest first. */
  readonly alternatives?: readonly (PredictedSide & { readonly schedule: string })[];
}

export function compare(input: ComparisonInput): Comparison {
  const plain = rowsAgainst(input, input.predicted);
  const chosen = withAlternatives(input, plain);
  const rows = [...chosen, ...missingCapabilities(input), ...ownStack(input)];
  const counts = Object.fromEntries(
    verdicts.map((one) => [one, rows.filter((row) => row.verdict === one).length]),
  ) as Record<StepVerdict, number>;
  return { comparison: 1, verdict: overall(counts), rows, counts };
}

const verdicts: readonly StepVerdict[] = [
  'agrees',
  'differs',
  'known',
  'unsure',
  'predicted-only',
  'observed-only',
  'not-comparable',
];

const failing: ReadonlySet<StepVerdict> = new Set(['differs', 'predicted-only', 'observed-only']);

function overall(counts: Readonly<Record<StepVerdict, number>>): ComparisonVerdict {
  if ([...failing].some((verdict) => counts[verdict] > 0)) return 'differs';
  return counts.agrees > 0 ? 'agrees' : 'nothing-comparable';
}

const failures = (rows: readonly ComparisonRow[]): number =>
  rows.filter((row) => failing.has(row.verdict)).length;

/**
 * Where another schedule that the model allows explains the observation better, the rows are those
 * against it, and a row that differed before says with which schedule it agrees. The whole
 * observation must fit one schedule: rows are never picked from several.
 */
function withAlternatives(
  input: ComparisonInput,
  plain: readonly ComparisonRow[],
): readonly ComparisonRow[] {
  let best = plain;
  let schedule: string | undefined;
  for (const alternative of input.alternatives ?? []) {
    if (failures(best) === 0) break;
    const rows = rowsAgainst(input, alternative);
    if (failures(rows) < failures(best)) {
      best = rows;
      schedule = alternative.schedule;
    }
  }
  if (schedule === undefined) return plain;
  const before = new Map(plain.map((row) => [rowKey(row), row.verdict]));
  return best.map((row) =>
    row.verdict === 'agrees' && failing.has(before.get(rowKey(row)) ?? 'agrees')
      ? { ...row, reason: `another schedule that Windows allows (${schedule})` }
      : row,
  );
}

const rowKey = (row: ComparisonRow): string =>
  `${row.actor}/${row.step}/${row.phase}/${row.operation}`;

function rowsAgainst(input: ComparisonInput, predicted: PredictedSide): readonly ComparisonRow[] {
  const grades = new Map(predicted.evidence.map(([rule, grade]) => [rule, grade]));
  const expected = sideEntries(predicted.events, input.workload);
  const found = sideEntries(input.observed.events, input.workload);
  const keys = orderedKeys(expected, found, input.workload);
  const rows = keys.map((key) =>
    judge(expected.get(key), found.get(key), { ...input, predicted }, grades),
  );
  return withConsequences(rows, input.workload);
}

/** Keys of both sides in the order of the workload; returns before completions of the same step. */
function orderedKeys(
  expected: ReadonlyMap<string, SideEntry>,
  found: ReadonlyMap<string, SideEntry>,
  workload: ExpandedWorkload,
): readonly string[] {
  const places = new Map(workload.steps.map((step, index) => [step.id, index]));
  const phases = { driver: 0, callback: 1, return: 2, completion: 3 } as const;
  const all = new Map([...expected, ...found]);
  const rank = (entry: SideEntry): number =>
    entry.phase === 'driver'
      ? entry.step === 'load'
        ? -1
        : Number.MAX_SAFE_INTEGER
      : (places.get(entry.step) ?? workload.steps.length);
  return [...all.values()]
    .map((entry, index) => ({ entry, index }))
    .sort(
      (a, b) =>
        rank(a.entry) - rank(b.entry) ||
        phases[a.entry.phase] - phases[b.entry.phase] ||
        a.index - b.index,
    )
    .map(({ entry }) => entry.key);
}

function judge(
  expected: SideEntry | undefined,
  found: SideEntry | undefined,
  input: ComparisonInput,
  grades: ReadonlyMap<string, string>,
): ComparisonRow {
  const known = (expected ?? found) as SideEntry;
  const base = {
    actor: known.actor,
    step: known.step,
    phase: known.phase,
    operation: known.operation,
    predicted: expected?.side ?? null,
    observed: found?.side ?? null,
    rules: [...(expected?.rules ?? [])],
  };
  const differences = expected && found ? fieldDifferences(expected, found) : [];
  const row = { ...base, differences };
  if (expected && found && differences.length === 0) return { ...row, verdict: 'agrees' };
  const reason = whyNotComparable(expected, found, input);
  if (reason !== undefined) return { ...row, verdict: 'not-comparable', reason };
  const deviation = knownDeviation(input.deviations, {
    phase: known.phase,
    operation: known.operation,
    predicted: expected?.side.fields ?? null,
    observed: found?.side.fields ?? null,
    differing: differences.map((one) => one.field),
  });
  if (deviation !== undefined) {
    return { ...row, verdict: 'known', deviation: deviation.id, reason: deviation.what };
  }
  if (expected && onlyWeakRules(expected.rules, grades)) {
    return {
      ...row,
      verdict: 'unsure',
      reason: 'the model rests on inference here and does not insist',
    };
  }
  if (!found) {
    const reason = hangs(expected, input) ? HUNG : 'nothing of this was observed';
    return { ...row, verdict: 'predicted-only', reason };
  }
  if (!expected)
    return { ...row, verdict: 'observed-only', reason: 'the model does not predict it' };
  return { ...row, verdict: 'differs' };
}

function fieldDifferences(expected: SideEntry, found: SideEntry): ComparisonRow['differences'] {
  const fields = new Set([...Object.keys(expected.side.fields), ...Object.keys(found.side.fields)]);
  return [...fields].flatMap((field) => {
    const predicted = expected.side.fields[field] ?? '(absent)';
    const observed = found.side.fields[field] ?? '(absent)';
    return predicted === observed ? [] : [{ field, predicted, observed }];
  });
}

function whyNotComparable(
  expected: SideEntry | undefined,
  found: SideEntry | undefined,
  input: ComparisonInput,
): string | undefined {
  if (!found && expected?.phase === 'callback') {
    const lack = input.facts.lacks.find((one) => one.capability === 'kernel-filters');
    if (lack !== undefined) return lack.because;
    const { watched, unheard } = input.observed;
    if (expected.operation.startsWith(PRINT_OPERATION)) {
      if (unheard !== undefined) return unheard;
    } else if (watched !== undefined && !watched.includes(expected.filter ?? '')) {
      return `nobody watches the callbacks of ${expected.filter ?? 'this filter'} there`;
    }
  }
  if (!found) return hangs(expected, input) ? undefined : input.observed.endedEarly;
  if (!expected) return input.predicted.endedEarly;
  return undefined;
}

const HUNG = 'the call did not return';

const hangs = (expected: SideEntry | undefined, { observed }: ComparisonInput): boolean =>
  expected?.phase === 'return' && expected.step === observed.hungAt;

/** Grades I and U never make a hard difference, where nothing firmer stands behind the row. */
function onlyWeakRules(rules: readonly string[], grades: ReadonlyMap<string, string>): boolean {
  return rules.length > 0 && rules.every((rule) => ['I', 'U'].includes(grades.get(rule) ?? ''));
}

/** A capability that the target lacks is said aloud, even where no event would mention it. */
function missingCapabilities(input: ComparisonInput): readonly ComparisonRow[] {
  return input.facts.lacks
    .filter((one) => one.capability === 'kernel-filters')
    .map(({ because }) => ({
      actor: '',
      step: 'callbacks',
      phase: 'driver',
      operation: 'callbacks of the filter',
      verdict: 'not-comparable',
      reason: because,
      predicted: null,
      observed: null,
      differences: [],
      rules: [],
    }));
}

/** A target has the device stack that it has: what the workload puts there exists in the model alone. */
function ownStack({ workload }: ComparisonInput): readonly ComparisonRow[] {
  if (workload.stack === undefined) return [];
  return [
    {
      actor: '',
      step: 'stack',
      phase: 'driver',
      operation: 'the device stack',
      verdict: 'not-comparable',
      reason: `the target has its own; the workload puts there ${describeStack(workload.stack)}`,
      predicted: null,
      observed: null,
      differences: [],
      rules: [],
    },
  ];
}
