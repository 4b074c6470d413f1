// What is asked after the action of a case, and what came of it.
import { AccessMask, type NtStatus } from '../../contract/windows/index.ts';
import { CaseRefusal, type ConformanceCase } from './case.ts';
import { actionOperations } from './caseSteps.ts';
import { fromHex, type Observed, type Result } from './observed.ts';
import type { WorkloadWriter, WrittenStep } from './workloadWriter.ts';

export interface Probe {
  readonly one: ConformanceCase;
  readonly writer: WorkloadWriter;
  readonly key: string;
  readonly value: unknown;
}

export interface Question {
  readonly one: ConformanceCase;
  readonly key: string;
  readonly value: unknown;
  readonly observed: Observed;
  /** The result that the key is about. */
  readonly result: Result;
}

export interface Expectation {
  /** Writes steps after the action that find out. */
  readonly probe?: (probe: Probe) => void;
  /** Null when it is as expected, else what was found instead. */
  readonly check: (question: Question) => string | null;
}

export const same = (found: unknown, expected: unknown): string | null =>
  JSON.stringify(found) === JSON.stringify(expected)
    ? null
    : `expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`;

/** The step of the action that made or used the handle which the case is about. */
export const lastActionStep = ({ steps }: WorkloadWriter): WrittenStep | undefined =>
  steps.filter((step) => String(step['id']).startsWith('action.')).at(-1);

export function subjectHandle(writer: WorkloadWriter): string {
  const step = lastActionStep(writer);
  return String(step?.['as'] ?? step?.['handle']);
}

/** The path that the case is about: the action's own, or that of the handle it used. */
export function subjectPath({ one, writer }: Probe): string {
  const path = actionOperations(one).at(-1)?.['path'];
  return typeof path === 'string' ? path : writer.handle(subjectHandle(writer)).path;
}

export const openForAttributes = (writer: WorkloadWriter, path: string): string => {
  const handle = writer.handleName();
  writer.add({
    do: 'create',
    path,
    access: AccessMask.FILE_READ_ATTRIBUTES,
    share: 7,
    disposition: 'FILE_OPEN',
    as: handle,
  });
  return handle;
};

export const query = (writer: WorkloadWriter, handle: string, className: string): void =>
  writer.add({ do: 'query-information', handle, class: className });

/** Bytes of the Mth step of this key's probe. */
export function probed({ observed, key }: Question, step: number): Uint8Array {
  return fromHex(observed.step(`probe.${key}.${step}`)?.bytes ?? '');
}

export const probeStatus = ({ observed, key }: Question, step: number): NtStatus | undefined =>
  observed.step(`probe.${key}.${step}`)?.status;

export function withoutId(step: WrittenStep | undefined): WrittenStep {
  if (step === undefined) throw new CaseRefusal('failed', 'the action has no step to repeat');
  const { id: _id, ...rest } = step;
  return rest as WrittenStep;
}

/**
 * Asks about the file of the action: by the handle that it used, or by another one where that one is
 * closed. `answered` reads what came of it.
 */
export function ask({ one, writer }: Pick<Probe, 'one' | 'writer'>, className: string): void {
  const last = lastActionStep(writer);
  if (last?.do !== 'close') {
    query(writer, subjectHandle(writer), className);
    return;
  }
  const path = actionOperations(one).at(-1)?.['path'];
  const whole = typeof path === 'string' ? path : writer.handle(subjectHandle(writer)).path;
  query(writer, openForAttributes(writer, whole.replace(/:[^\\]*$/, '')), className);
}

/** Bytes of the last step of this key's probe. */
export const answered = ({ observed, key }: Question): Uint8Array =>
  fromHex(observed.stepsOf(`probe.${key}`).at(-1)?.bytes ?? '');
