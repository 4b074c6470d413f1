// The expected keys of oplocks: which breaks there were, and what has been granted.
import { cachingText, oplockBreak } from '../../contract/oplock.ts';
import { NtStatus, ntSuccess } from '../../contract/windows/index.ts';
import { isRecord, type ConformanceCase } from './case.ts';
import { actionOperations, setupOperations } from './caseSteps.ts';
import type { Expectation, Question } from './probes.ts';
import { oplockLevel } from './oplockOperations.ts';

interface Break {
  readonly request: string;
  readonly handle: string;
  readonly to: string;
}

/** The requests of a case and the handles that they were made on. */
function handlesByRequest(one: ConformanceCase): ReadonlyMap<string, string> {
  const handles = new Map<string, string>();
  for (const step of [...setupOperations(one), ...actionOperations(one)]) {
    if (typeof step === 'string' || typeof step['as'] !== 'string') continue;
    const from = typeof step['req'] === 'string' ? handles.get(step['req']) : step['h'];
    if (typeof from === 'string') handles.set(step['as'], from);
  }
  return handles;
}

/** Requests that the case does not name are named after their handle. */
const handleOf = (request: string, named: ReadonlyMap<string, string>): string =>
  named.get(request) ??
  named.get(request.replace(/\.ack\.\d+$/, '')) ??
  request.replace(/(\.oplock\.\d+)?(\.ack\.\d+)?$/, '');

function breaksOf({ one, observed }: Question): readonly Break[] {
  const named = handlesByRequest(one);
  return observed.oplockCompletions.flatMap(({ request, status, information = 0, bytes }) => {
    const broken = oplockBreak({ status, information, bytes }, 'LEVEL_1');
    if (broken === null) return [];
    return [{ request, handle: handleOf(request, named), to: broken.to }];
  });
}

const sameLevel = (found: string, expected: string): boolean =>
  found === expected ||
  (expected.includes('CACHE_') && found === cachingText(Number(oplockLevel(expected, 'breaks'))));

function fits(found: Break, expected: Readonly<Record<string, unknown>>): boolean {
  const { req, h, to } = expected;
  const isMeant = req === undefined ? found.handle === h : found.request === req;
  return isMeant && (to === undefined || sameLevel(found.to, String(to)));
}

/** Each expected break is one that was seen, and there is no other; their order is free. */
function judgeBreaks(question: Question): string | null {
  const { value } = question;
  const found = [...breaksOf(question)];
  const told = `found ${JSON.stringify(found)}`;
  if (!Array.isArray(value)) return 'the expected breaks are not a list';
  for (const expected of value as readonly unknown[]) {
    if (!isRecord(expected)) return 'an expected break of another shape';
    const [unknown] = Object.keys(expected).filter((key) => !['req', 'h', 'to'].includes(key));
    if (unknown !== undefined) return `the key "${unknown}" of a break is not understood`;
    const at = found.findIndex((one) => fits(one, expected));
    if (at < 0) return `no break ${JSON.stringify(expected)}; ${told}`;
    found.splice(at, 1);
  }
  return found.length === 0 ? null : `too many breaks; ${told}`;
}

/** The level of the last operation that asks for one: the first of its requests that is pending. */
function judgeGranted({ one, observed, value }: Question): string | null {
  const last = actionOperations(one)
    .filter((step) => step['oplock'] !== undefined || step['op'] === 'request_oplock')
    .at(-1);
  if (last === undefined) return 'the action asks for no oplock';
  const asked = last['oplock'] ?? last['level'];
  const granted = observed.oplockSteps
    .filter(({ step }) => step.startsWith(last['op'] === 'create' ? handleName(last) : 'action.'))
    .findIndex(({ status }) => status === NtStatus.STATUS_PENDING);
  const level = granted < 0 ? 'NONE' : granted === 0 ? String(asked) : 'LEVEL_2';
  return sameLevel(level, String(value)) || level === value
    ? null
    : `expected ${String(value)}, found ${level}`;
}

const handleName = (step: Readonly<Record<string, unknown>>): string =>
  typeof step['as'] === 'string' ? `${step['as']}.oplock.` : 'action_';

export const oplockExpectations: Readonly<Record<string, Expectation>> = {
  breaks: { check: judgeBreaks },
  granted: { check: judgeGranted },
  // In words, of which one form is understood: what was started comes to its end.
  then: {
    probe: ({ writer }) => {
      for (const request of writer.started) writer.add({ do: 'wait', request, limit_ms: 2_000 });
    },
    check: ({ value, observed }) => {
      if (!/goes on$/.test(String(value))) return `"${String(value)}" is not understood`;
      const started = observed.startedCompletions;
      const went = started.length > 0 && started.every(({ status }) => ntSuccess(status));
      return went ? null : 'what was started has not gone on';
    },
  },
};
