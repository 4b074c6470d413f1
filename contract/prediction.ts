// What the simulator says will happen, for one driver image, workload, profile and seed.
import { z } from 'zod';
import { Finding } from './finding.ts';
import { ProfileName } from './profiles.ts';
import { EvidenceGrade, RuleId } from './rules.ts';
import { VolumeStack } from './stack.ts';
import { TraceEvent } from './trace.ts';
import type { Versioned } from './versioned.ts';

export const Outcome = z.enum(['completed', 'hang', 'bugcheck', 'load-failed', 'not-modelled']);
export type Outcome = z.infer<typeof Outcome>;

export const Bugcheck = z.strictObject({
  code: z.number().int().nonnegative(),
  name: z.string(),
  parameters: z.array(z.string()),
});
export type Bugcheck = z.infer<typeof Bugcheck>;

/** Lines of one source file that could run, and how often each did. */
export const FileCoverage = z.strictObject({
  file: z.string(),
  lines: z.array(z.tuple([z.number().int().positive(), z.number().int().nonnegative()])),
});
export type FileCoverage = z.infer<typeof FileCoverage>;

/** A step whose expectation, written in the workload, was not met. */
export const ExpectationMiss = z.strictObject({
  actor: z.string(),
  step: z.string(),
  what: z.string(),
  expected: z.string(),
  found: z.string(),
});
export type ExpectationMiss = z.infer<typeof ExpectationMiss>;

export const PredictionSchema = z.strictObject({
  prediction: z.literal(1),
  sample: z.string(),
  variant: z.string(),
  workload: z.string(),
  profile: ProfileName,
  seed: z.number().int().nonnegative(),
  outcome: Outcome,
  bugcheck: Bugcheck.optional(),
  /** The routine, operation or option that the model refused, for "not-modelled". */
  notModelled: z.string().optional(),
  /** Who waits for what, for "hang": one line a thread. */
  waitGraph: z.array(z.string()).optional(),
  findings: z.array(Finding),
  expectations: z.array(ExpectationMiss),
  events: z.array(TraceEvent),
  /** What stood on each volume; absent where no driver was loaded. */
  stacks: z.array(VolumeStack).optional(),
  coverage: z.array(FileCoverage),
  /** The rules that events rest on, each with its grade: what the reader may trust how far. */
  evidence: z.array(z.tuple([RuleId, EvidenceGrade])),
});
export type Prediction = z.output<typeof PredictionSchema>;

export const predictionFormat: Versioned<typeof PredictionSchema> = {
  kind: 'prediction',
  current: 1,
  schema: PredictionSchema,
  upgrades: [],
};
