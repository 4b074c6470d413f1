// One execution on a target, with what was predicted for it and how the two compare. Kept as a file;
// reports are made from it.
import { z } from 'zod';
import { ComparisonSchema } from './comparison.ts';
import { CrashVerdict } from './crash.ts';
import { ExpectationMiss, Outcome } from './prediction.ts';
import { Finding } from './finding.ts';
import { ProfileName } from './profiles.ts';
import { runStages } from './runStages.ts';
import { TargetFacts } from './target.ts';
import type { Versioned } from './versioned.ts';

export { runStages, type RunStage } from './runStages.ts';

export const RunSchema = z.strictObject({
  run: z.literal(1),
  id: z.string(),
  /** ISO 8601, UTC. */
  startedAt: z.string(),
  sample: z.string(),
  variant: z.string(),
  workload: z.string(),
  profile: ProfileName,
  seed: z.number().int().nonnegative(),
  facts: TargetFacts,
  driver: z.strictObject({
    service: z.string(),
    /** SHA-256 of the signed .sys, in hex. */
    sha256: z.string(),
    /** The service state that was reached: "RUNNING". */
    reached: z.string(),
  }),
  prediction: z.strictObject({ outcome: Outcome, findings: z.array(Finding) }),
  /** How the workload ended on the target: see the agent's `ended`. */
  ended: z.strictObject({
    how: z.enum(['completed', 'aborted', 'hung', 'failed', 'crashed']),
    /** The step that hung or failed. */
    step: z.string().optional(),
    problem: z.string().optional(),
  }),
  /** The machine died of it; `id` is the kept crash. */
  crash: CrashVerdict.extend({ id: z.string() }).optional(),
  /** Seen on the target: by the kernel's own verifiers, or by what the driver did not do there. */
  findings: z.array(Finding).optional(),
  /** Of the debugger's stream beside the run; absent where there was none. */
  console: z
    .strictObject({
      bytes: z.number().int().nonnegative(),
      /** What was said and did not arrive whole, by kind. */
      lost: z.record(z.string(), z.number().int().nonnegative()),
    })
    .optional(),
  comparison: ComparisonSchema,
  /** Expectations of the workload that the observed trace missed. */
  expectations: z.array(ExpectationMiss),
  /** Stage and how long it took. */
  timings: z.array(z.tuple([z.enum(runStages), z.number().nonnegative()])),
  /** Things to know that are not a row: imports the target lacks, leftovers removed … */
  notes: z.array(z.string()),
});
export type Run = z.output<typeof RunSchema>;

export const runFormat: Versioned<typeof RunSchema> = {
  kind: 'run',
  current: 1,
  schema: RunSchema,
  upgrades: [],
};
