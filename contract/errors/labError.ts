// Failures that a person can act on. A driver's mistake is never one of these: that is a finding.
import { catalogue, type LabErrorCode } from './catalogue.ts';

export type { LabErrorCode };

/** Whose move it is now. The exit code of the command line follows from it. */
export type Whose = 'your driver' | 'your lab' | 'our bug' | 'usage';

/** One entry of the catalogue; docs/errors.md has a heading for each. */
export interface ErrorEntry {
  readonly whose: Whose;
  /** What this code means, for docs/errors.md: one or two sentences. */
  readonly meaning: string;
}

/** `problem` says what happened, `remedy` what the reader does next, `detail` is raw output. */
export interface Told {
  readonly problem: string;
  readonly remedy: string;
  readonly detail?: string;
  readonly cause?: unknown;
}

export class LabError extends Error {
  override readonly name = 'LabError';
  readonly code: LabErrorCode;
  readonly whose: Whose;
  readonly problem: string;
  readonly remedy: string;
  readonly detail: string | undefined;

  constructor(code: LabErrorCode, told: Told) {
    super(`${told.problem} ${told.remedy} [${code}]`, { cause: told.cause });
    this.code = code;
    this.whose = catalogue[code].whose;
    this.problem = told.problem;
    this.remedy = told.remedy;
    this.detail = told.detail;
  }
}

export const isLabError = (value: unknown): value is LabError => value instanceof LabError;
