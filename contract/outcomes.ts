// outcomes.json: what a sample must show, row by row: this variant under this workload, on these
// versions of Windows, ends so, with these findings, statuses and counts. It stands beside fltlab.json,
// for samples of ours and for a driver of the user's own.
import { z } from 'zod';
import { Outcome } from './prediction.ts';
import { ProfileName, profileNames } from './profiles.ts';
import { EvidenceGrade, RuleId } from './rules.ts';
import type { Versioned } from './versioned.ts';
import { parseNtStatus } from './windows/index.ts';

/** "all", one name, or a range by age: "win7..", "winxp..vista". */
const ProfileRange = z.string().regex(/^(all|[a-z0-9]+|[a-z0-9]+\.\.([a-z0-9]+)?)$/);

/** The name of an NTSTATUS, or its value as "0x…". */
const Status = z.string().refine((text) => parseNtStatus(text) !== undefined, 'a known NTSTATUS');

const StepOutcome = z.strictObject({
  status: Status.optional(),
  information: z.number().int().nonnegative().optional(),
});

/** Events that contain all of `event`, and how many of them the trace has. */
const Seen = z.strictObject({
  event: z.record(z.string(), z.unknown()),
  count: z.number().int().nonnegative().optional(),
  atLeast: z.number().int().positive().optional(),
});

const Row = z.strictObject({
  /** What the row shows, in a sentence. */
  shows: z.string().min(1),
  variant: z.string(),
  workload: z.string(),
  profiles: z.union([ProfileRange, z.array(ProfileRange).min(1)]).default('all'),
  /** Neighbours that are left out of the stack. */
  without: z.array(z.string()).default([]),
  seed: z.number().int().nonnegative().default(0),
  outcome: Outcome,
  /** The code, and the first parameter where it is named: "0x8e" or "0xf5/0x6a". */
  bugcheck: z
    .string()
    .regex(/^0x[0-9a-f]+(\/0x[0-9a-f]+)?$/)
    .optional(),
  /** All findings, each once, as "id" or "id@file.c"; empty means that there is none. */
  findings: z.array(z.string()).default([]),
  /** Rules that the findings or events of this row rest on; others may be there too. */
  rules: z.array(RuleId).default([]),
  /** Expectations of the workload that are missed, as "actor/step", each once; "any" for some. */
  misses: z.union([z.literal('any'), z.array(z.string())]).default([]),
  /** How steps returned, or requests completed, by "actor/step" or "actor/request". */
  steps: z.record(z.string(), StepOutcome).default({}),
  seen: z.array(Seen).default([]),
  /** Parts of lines of the wait graph, for "hang". */
  waits: z.array(z.string()).default([]),
  /**
   * What the debugger over the same prediction answers: a command line, and patterns of its text. What a
   * named group of a pattern has found can be counted from in later ones: "{B+0x60}" are the eight hex
   * digits of that address.
   */
  debugger: z
    .array(z.strictObject({ command: z.string().min(1), prints: z.array(z.string()).min(1) }))
    .default([]),
  /** Ids of conformance cases, told in words, that this row shows. */
  cases: z.array(z.string()).default([]),
  /** Where neither documentation nor a witness says it outright: the model's own choice. */
  choice: EvidenceGrade.optional(),
});

export const OutcomesSchema = z.strictObject({
  outcomes: z.literal(1),
  rows: z.array(Row).min(1),
});
export type Outcomes = z.output<typeof OutcomesSchema>;
export type OutcomeRow = z.output<typeof Row>;

export const outcomesFormat: Versioned<typeof OutcomesSchema> = {
  kind: 'outcomes',
  current: 1,
  schema: OutcomesSchema,
  upgrades: [],
};

/** The profiles of a row, oldest first; a name that is no profile is a mistake in the file. */
export function profilesOf(row: Pick<OutcomeRow, 'profiles'>): readonly ProfileName[] {
  const ranges = typeof row.profiles === 'string' ? [row.profiles] : row.profiles;
  const chosen = new Set(ranges.flatMap(expandRange));
  return profileNames.filter((name) => chosen.has(name));
}

function expandRange(range: string): readonly ProfileName[] {
  if (range === 'all') return profileNames;
  const [from = '', to = range.includes('..') ? '' : from] = range.split('..');
  const first = profileNames.indexOf(ProfileName.parse(from));
  const last = to === '' ? profileNames.length - 1 : profileNames.indexOf(ProfileName.parse(to));
  return profileNames.slice(first, last + 1);
}
