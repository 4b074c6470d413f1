// Every file that outlives a program carries the version of its format. An older one is upgraded step
// by step, one small function a version; a newer one is refused with what to do about it.
import type { z } from 'zod';
import { LabError } from './errors/labError.ts';

/** Lifts a document of version N to N + 1. Old shapes are frozen in the function that knows them. */
export type Upgrade = (document: Record<string, unknown>) => Record<string, unknown>;

export interface Versioned<Schema extends z.ZodType> {
  /** The key that holds the version, which is also what the document is: `workload`, `trace` … */
  readonly kind: string;
  readonly current: number;
  readonly schema: Schema;
  /** `upgrades[0]` lifts version 1 to 2, and so on: always `current - 1` of them. */
  readonly upgrades: readonly Upgrade[];
}

/** What is wrong with a document: where, and what was expected. */
export interface Complaint {
  readonly path: string;
  readonly message: string;
}

export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: Refusal };

export type Refusal =
  | { readonly kind: 'not-an-object' }
  | { readonly kind: 'no-version' }
  | { readonly kind: 'newer'; readonly found: number; readonly current: number }
  | { readonly kind: 'invalid'; readonly complaints: readonly Complaint[] };

export function parseVersioned<Schema extends z.ZodType>(
  format: Versioned<Schema>,
  document: unknown,
): Parsed<z.output<Schema>> {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    return { ok: false, why: { kind: 'not-an-object' } };
  }
  let current = document as Record<string, unknown>;
  const version = current[format.kind];
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    return { ok: false, why: { kind: 'no-version' } };
  }
  if (version > format.current) {
    return { ok: false, why: { kind: 'newer', found: version, current: format.current } };
  }
  for (const upgrade of format.upgrades.slice(version - 1)) current = upgrade(current);
  const result = format.schema.safeParse(current);
  if (result.success) return { ok: true, value: result.data };
  const complaints = result.error.issues.map((issue) => ({
    path: issue.path.map(String).join('.'),
    message: issue.message,
  }));
  return { ok: false, why: { kind: 'invalid', complaints } };
}

type FileErrorCode = 'sample.manifest-invalid' | 'workload.invalid' | 'file.invalid';

/** The document, or a LabError that says what is wrong with `what` (a path or a title). */
export function parseOrThrow<Schema extends z.ZodType>(
  format: Versioned<Schema>,
  document: unknown,
  what: string,
  code: FileErrorCode = 'file.invalid',
): z.output<Schema> {
  const parsed = parseVersioned(format, document);
  if (parsed.ok) return parsed.value;
  throw refusalError(format, parsed.why, what, code);
}

function refusalError(
  format: Versioned<z.ZodType>,
  why: Refusal,
  what: string,
  code: FileErrorCode,
): LabError {
  switch (why.kind) {
    case 'newer':
      return new LabError('file.newer-version', {
        problem: `${what} is a ${format.kind} of version ${why.found}; this FltLab reads up to ${why.current}.`,
        remedy: 'Update FltLab, or write the file again with this one.',
      });
    case 'not-an-object':
      return new LabError(code, {
        problem: `${what} is not a JSON object.`,
        remedy: `Write it as { "${format.kind}": ${format.current}, … }.`,
      });
    case 'no-version':
      return new LabError(code, {
        problem: `${what} does not say its version.`,
        remedy: `Begin it with "${format.kind}": ${format.current}.`,
      });
    case 'invalid': {
      const first = why.complaints[0];
      const more = why.complaints.length > 1 ? ` (and ${why.complaints.length - 1} more)` : '';
      return new LabError(code, {
        problem: `${what}: ${first?.path ? `at "${first.path}": ` : ''}${first?.message ?? 'invalid'}${more}.`,
        remedy: 'Mend the file; the schema is described in docs/formats.md.',
        detail: why.complaints.map((one) => `${one.path || '(top)'}: ${one.message}`).join('\n'),
      });
    }
  }
}
