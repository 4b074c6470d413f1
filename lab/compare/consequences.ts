// What follows from a known deviation is that deviation still: a wait for a completion that differs so,
// and everything done with a handle that one side has and the other has not.
import type { ComparisonRow } from '../../contract/comparison.ts';
import type { ConcreteStep, ExpandedWorkload } from '../../contract/expandWorkload.ts';

/** `rows` in the order of the workload. */
export function withConsequences(
  rows: readonly ComparisonRow[],
  workload: ExpandedWorkload,
): readonly ComparisonRow[] {
  const steps = new Map(workload.steps.map((step) => [step.id, step]));
  const judged: ComparisonRow[] = [];
  for (const row of rows) {
    const step = row.verdict === 'differs' ? steps.get(row.step) : undefined;
    const cause =
      step && (causeOfWait(step, rows, workload) ?? causeOfHandle(step, judged, workload));
    judged.push(cause === undefined ? row : following(row, cause));
  }
  return judged;
}

interface Cause {
  readonly row: ComparisonRow;
  /** "the completion of changes" */
  readonly what: string;
}

function following(row: ComparisonRow, { row: cause, what }: Cause): ComparisonRow {
  const { deviation } = cause;
  return {
    ...row,
    verdict: 'known',
    reason: `follows from ${what}`,
    ...(deviation && { deviation }),
  };
}

/** A wait only tells whether a request completed. */
function causeOfWait(
  step: ConcreteStep,
  rows: readonly ComparisonRow[],
  { steps }: ExpandedWorkload,
): Cause | undefined {
  if (step.do !== 'wait') return undefined;
  const issuer = steps.find((one) => one.do !== 'create' && 'as' in one && one.as === step.request);
  const row = rows.find((one) => one.step === issuer?.id && one.phase === 'completion');
  return row?.verdict === 'known' ? { row, what: `the completion of ${step.request}` } : undefined;
}

/** The step that made the handle succeeded on one side only. */
function causeOfHandle(
  step: ConcreteStep,
  judged: readonly ComparisonRow[],
  { steps }: ExpandedWorkload,
): Cause | undefined {
  const name = 'handle' in step ? step.handle : undefined;
  if (name === undefined) return undefined;
  const before = steps.slice(0, steps.indexOf(step));
  const maker = before.findLast(
    (one) =>
      (one.do === 'create' || one.do === 'duplicate' || one.do === 'create-section') &&
      one.as === name,
  );
  const row = judged.find((one) => one.step === maker?.id && one.phase === 'return');
  const status = row?.differences.some(({ field }) => field === 'status') ?? false;
  return row?.verdict === 'known' && status ? { row, what: `the handle ${name}` } : undefined;
}
