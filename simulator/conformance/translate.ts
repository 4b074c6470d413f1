// From a case to a workload that runs in the simulator and on a target alike.
import { isLabError } from '../../contract/errors/labError.ts';
import { readWorkload, type ExpandedWorkload } from '../../contract/expandWorkload.ts';
import { CaseRefusal, isRecord, type ConformanceCase } from './case.ts';
import {
  actionOperations,
  completionPhrase,
  IN_WORDS,
  inWords,
  setupOperations,
  tokenPhrase,
} from './caseSteps.ts';
import { expectations } from './expectations.ts';
import { writeOperation } from './operations.ts';
import { withoutSentences } from './phrases.ts';
import { WorkloadWriter, type WorkloadDocument } from './workloadWriter.ts';

export type Translation =
  | { readonly kind: 'workload'; readonly document: unknown; readonly workload: ExpandedWorkload }
  | { readonly kind: 'notModelled' | 'notApplicable' | 'failed'; readonly reason: string };

/** How long a step waits for a completion that may never come, on a machine with a real clock. */
const WAIT_LIMIT_MS = 2_000;

/**
 * `written` holds workloads by case id for cases that describe their steps in words. A case that is
 * not understood fails; nothing in it is passed over in silence.
 */
export function caseToWorkload(
  one: ConformanceCase,
  written: ReadonlyMap<string, unknown> = new Map(),
): Translation {
  try {
    if (Object.keys(one.expected).every((key) => key === 'note')) {
      throw new CaseRefusal('failed', 'nothing is expected');
    }
    const document = written.get(one.id) ?? write(withoutSentences(one));
    return { kind: 'workload', document, workload: readWorkload(document, `case ${one.id}`) };
  } catch (error) {
    // The boundary of one case: its refusal is a result, any other error is ours.
    if (error instanceof CaseRefusal) return { kind: error.kind, reason: error.message };
    if (isLabError(error)) return { kind: 'failed', reason: error.problem };
    throw error;
  }
}

function write(one: ConformanceCase): WorkloadDocument {
  const words = inWords(one);
  if (words !== null) throw words;
  const writer = new WorkloadWriter();
  setupOperations(one).forEach((step, index) => {
    writer.begin(`setup.${index + 1}`);
    const token = typeof step === 'string' ? tokenPhrase(step) : null;
    if (token !== null) {
      writer.privileges.push(...token.has);
      writer.lacks.push(...token.lacks);
    }
    const phrase = typeof step === 'string' ? completionPhrase(step) : null;
    if (phrase !== null)
      writer.add({ do: 'wait', request: phrase.request, limit_ms: WAIT_LIMIT_MS });
    else if (isRecord(step)) writeOperation(step, writer);
  });
  const { action } = one;
  if (isRecord(action) && Array.isArray(action['parallel'])) {
    return sideBySide(one, writer, action['parallel']);
  }
  actionOperations(one).forEach((step, index) => {
    writer.begin(`action.${index + 1}`);
    writeOperation(step, writer);
  });
  for (const request of awaited(one, writer)) {
    writer.begin(`wait.${request}`);
    writer.add({ do: 'wait', request, limit_ms: WAIT_LIMIT_MS });
  }
  writeProbes(one, writer);
  return document(one, writer);
}

/** Requests whose completion the case speaks of. */
function awaited(one: ConformanceCase, writer: WorkloadWriter): readonly string[] {
  if (one.expected['status'] === 'STATUS_PENDING') return [];
  const { completes } = one.expected;
  const last = actionOperations(one).at(-1);
  return writer.requests.filter(
    (request) =>
      request === completes ||
      Object.hasOwn(one.expected, request) ||
      last?.['as'] === request ||
      last?.['req'] === request,
  );
}

function writeProbes(one: ConformanceCase, writer: WorkloadWriter): void {
  for (const [key, value] of Object.entries(one.expected)) {
    if (writer.requests.includes(key)) continue;
    const expectation = expectations(key);
    if (expectation === undefined) {
      throw new CaseRefusal('failed', `the expected key "${key}" is not understood`);
    }
    writer.begin(`probe.${key}`);
    expectation.probe?.({ one, writer, value, key });
  }
}

const document = (one: ConformanceCase, writer: WorkloadWriter): WorkloadDocument => ({
  workload: 1,
  name: nameOf(one),
  title: `${one.family}: ${one.id}`,
  setup: writer.setup,
  ...actorsOf(writer),
  steps: writer.steps,
});

function actorsOf({ privileges, lacks, actors }: WorkloadWriter): Pick<WorkloadDocument, 'actors'> {
  const main = {
    ...(privileges.length === 0 ? {} : { privileges: [...privileges] }),
    ...(lacks.length === 0 ? {} : { lacks: [...lacks] }),
  };
  if (Object.keys({ ...main, ...actors }).length === 0) return {};
  return { actors: { main, ...actors } };
}

const nameOf = ({ id }: ConformanceCase): string => id.replaceAll(/[^A-Za-z0-9_.-]/g, '-');

/** One actor for each step, let loose together once the set-up has been done. */
function sideBySide(
  one: ConformanceCase,
  writer: WorkloadWriter,
  steps: readonly unknown[],
): WorkloadDocument {
  const actors: Record<string, object> = { main: {}, ...writer.actors };
  const prepared = writer.steps.length;
  steps.forEach((step, index) => {
    if (!isRecord(step)) throw new CaseRefusal('notModelled', IN_WORDS);
    writer.begin(`action.${index + 1}`);
    actors[`actor${index + 1}`] = {};
    writeOperation(step, writer);
  });
  writeProbes(one, writer);
  const ownerOf = (id: unknown): string => {
    const [kind, number] = String(id).split('.');
    return kind === 'action' ? `actor${number}` : 'main';
  };
  const before = writer.steps.slice(0, prepared).map((step) => ({ actor: 'main', ...step }));
  const after = writer.steps
    .slice(prepared)
    .map((step) => ({ ...step, actor: ownerOf(step['id']) }));
  const start = { do: 'barrier', id: 'start', actors: Object.keys(actors) };
  return { ...document(one, writer), actors, order: 'free', steps: [...before, start, ...after] };
}
