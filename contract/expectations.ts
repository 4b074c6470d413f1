// Whether a trace meets what the author of the workload expected; the same for a prediction and for a
// run on a target.
//
// What a step is judged by: its own return; for what a request delivers (`events`, and `information` or
// `bytes` that the return did not have) its completion. A step with `start`, and a `wait` that did not
// time out, are judged by the completion alone: the request's own, or that of the request waited for.
import type { ActingStep, ExpandedWorkload } from './expandWorkload.ts';
import type { ExpectationMiss } from './prediction.ts';
import type { TraceEvent } from './trace.ts';
import { NtStatus, ntStatusName, parseNtStatus } from './windows/index.ts';
import type { Expectation } from './workload.ts';

type StepEvent = Extract<TraceEvent, { kind: 'step' }>;
type CompletionEvent = Extract<TraceEvent, { kind: 'completion' }>;
/** What was found, or null where the trace does not say. */
type Found = string | null;

interface Result {
  readonly returned: StepEvent | undefined;
  readonly completion: CompletionEvent | undefined;
  /** The completion alone counts. */
  readonly byCompletion: boolean;
}

/**
 * With `endedEarly` (a bugcheck, a hang, a cut connection) the steps that were not reached are not
 * judged: why they are missing is told once, by how it ended.
 */
export function evaluateExpectations(
  workload: ExpandedWorkload,
  events: readonly TraceEvent[],
  { endedEarly = false }: { readonly endedEarly?: boolean } = {},
): ExpectationMiss[] {
  const returns = new Map<string, StepEvent>();
  const completions = new Map<string, CompletionEvent>();
  for (const event of events) {
    if (event.kind === 'step') returns.set(event.step, event);
    if (event.kind === 'completion') completions.set(event.step, event);
  }
  const issuers = new Map<string, string>();
  const misses: ExpectationMiss[] = [];
  for (const step of workload.steps) {
    if (step.do === 'barrier') continue;
    if ('as' in step && step.as !== undefined) issuers.set(step.as, step.id);
    if (step.expect === undefined) continue;
    const issuer = step.do === 'wait' ? (issuers.get(step.request) ?? step.request) : step.id;
    const returned = returns.get(step.id);
    if (returned === undefined && endedEarly) continue;
    const completion = completions.get(issuer);
    const result = { returned, completion, byCompletion: countsCompletion(step, returned) };
    misses.push(...missesOf(step, step.expect, result));
  }
  return misses;
}

function countsCompletion(step: ActingStep, returned: StepEvent | undefined): boolean {
  if (step.do === 'wait') return returned?.status === NtStatus.STATUS_SUCCESS;
  return 'start' in step && step.start === true;
}

interface Question {
  readonly what: keyof Expectation;
  readonly expected: (expectation: Expectation) => string;
  readonly found: (result: Result) => Found;
  readonly meets: (expectation: Expectation, found: string) => boolean;
}

const same = (expected: string, found: string): boolean => expected === found;

/** How each key is put into words and judged. */
const questions: readonly Question[] = [
  {
    what: 'status',
    expected: ({ status }) => (typeof status === 'string' ? status : (status ?? []).join(' or ')),
    found: (result) => nameOf(statusOf(result)),
    meets: ({ status }, found) =>
      [status ?? []].flat().some((one) => nameOf(parseNtStatus(one)) === found),
  },
  {
    what: 'information',
    expected: ({ information }) => String(information),
    found: ({ returned, completion, byCompletion }) =>
      textOf((byCompletion ? undefined : returned?.information) ?? completion?.information),
    meets: ({ information }, found) => same(String(information), found),
  },
  {
    what: 'events',
    expected: ({ events }) => describeEntries(events ?? []),
    found: ({ completion }) =>
      completion?.entries === undefined
        ? null
        : describeEntries(completion.entries.map(({ action, name }) => [action, name])),
    meets: ({ events }, found) => same(describeEntries(events ?? []), found),
  },
  {
    what: 'bytes',
    expected: ({ bytes }) => (bytes ?? '').toLowerCase(),
    found: ({ returned, completion, byCompletion }) =>
      (byCompletion ? undefined : returned?.bytes) ?? completion?.bytes ?? null,
    meets: ({ bytes }, found) => same((bytes ?? '').toLowerCase(), found),
  },
];

function missesOf(step: ActingStep, expectation: Expectation, result: Result): ExpectationMiss[] {
  const place = { actor: step.actor, step: step.id };
  return questions.flatMap(({ what, expected, found, meets }) => {
    if (expectation[what] === undefined) return [];
    const seen = found(result);
    if (seen !== null && meets(expectation, seen)) return [];
    return { ...place, what, expected: expected(expectation), found: seen ?? nothing(result) };
  });
}

/** Why there is nothing to judge by. */
function nothing({ returned, completion, byCompletion }: Result): string {
  if (returned === undefined) return '(the step did not return)';
  return byCompletion && completion === undefined ? '(the request did not complete)' : '(nothing)';
}

function statusOf({ returned, completion, byCompletion }: Result): NtStatus | undefined {
  return byCompletion ? completion?.status : returned?.status;
}

const nameOf = (status: NtStatus | undefined): Found =>
  status === undefined ? null : ntStatusName(status);

const textOf = (value: number | undefined): Found => (value === undefined ? null : String(value));

function describeEntries(entries: readonly (readonly [action: string, name: string])[]): string {
  if (entries.length === 0) return '(none)';
  return entries
    .map(([action, name]) => `${action.replace(/^FILE_ACTION_/, '')} ${name}`)
    .join(', ');
}
