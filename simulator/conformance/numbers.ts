// Numbers as cases write them: plain, in hex, or by name.
import { same } from './probes.ts';

/** IoStatus.Information where it is a name. */
const namedInformation: Readonly<Record<string, number>> = {
  FILE_OPLOCK_BROKEN_TO_LEVEL_2: 7,
  FILE_OPLOCK_BROKEN_TO_NONE: 8,
  FILE_OPBATCH_BREAK_UNDERWAY: 9,
};

/** "FILE_CREATED(2)", a name or a number. */
const numberOf = (value: unknown): number | undefined => {
  if (typeof value === 'number') return value;
  const text = String(value);
  const named = namedInformation[text];
  if (named !== undefined) return named;
  const inside = /\((\d+)\)$/.exec(text)?.[1];
  const number = Number(inside ?? text);
  return Number.isSafeInteger(number) ? number : undefined;
};

export const numberIs = (found: number | undefined, expected: unknown): string | null =>
  same(found ?? null, numberOf(expected) ?? expected);
