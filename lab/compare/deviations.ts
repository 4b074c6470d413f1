// Where a target is known to deviate from Windows. Dated, with a source, and as narrow as the facts
// allow: a row that differs in this way reads "differs (known: wine-n)" and does not fail a run.
import type { Phase } from './sides.ts';

/** The two sides of a row that differs, field by field. */
export interface DifferingRow {
  readonly phase: Phase;
  readonly operation: string;
  /** Fields of each side by name; null where that side has no such row. */
  readonly predicted: Readonly<Record<string, string>> | null;
  readonly observed: Readonly<Record<string, string>> | null;
  readonly differing: readonly string[];
}

export interface Deviation {
  readonly id: string;
  /** When it was last seen, and with which version of the target. */
  readonly seen: string;
  /** Where it is written down, or how it was observed. */
  readonly source: string;
  /** What the target does instead, in a sentence for the reader. */
  readonly what: string;
  readonly matches: (row: DifferingRow) => boolean;
}

/** The deviation that explains every field in which the row differs. */
export const knownDeviation = (
  deviations: readonly Deviation[],
  row: DifferingRow,
): Deviation | undefined => deviations.find((one) => one.matches(row));

/** True when the row differs in nothing but these fields. */
export const onlyIn = (row: DifferingRow, ...fields: readonly string[]): boolean =>
  row.differing.length > 0 && row.differing.every((field) => fields.includes(field));
