// A machine that died under a run: what is known of it, whose it is, and what was collected. Kept as a
// file; crashes of one title are one crash that was seen several times.
import { z } from 'zod';
import { ProfileName } from './profiles.ts';
import { runStages } from './runStages.ts';
import type { Versioned } from './versioned.ts';

/** How a machine under test may end a run. */
export const DeathKind = z.enum([
  'bugcheck',
  /** The kernel debugger has the machine: an exception, an assertion, a breakpoint. */
  'debugger',
  /** Nothing answers any more. */
  'silence',
  /** It is off, paused, or ended itself without a word. */
  'stopped',
]);
export type DeathKind = z.infer<typeof DeathKind>;

export const CrashVerdict = z.strictObject({
  kind: DeathKind,
  /** Equal for equal crashes: no address, offset or parameter. */
  title: z.string(),
  whose: z.enum(['your driver', 'your lab', 'our bug']),
  because: z.string(),
});
export type CrashVerdict = z.infer<typeof CrashVerdict>;

export const CrashSchema = z.strictObject({
  crash: z.literal(1),
  id: z.string(),
  /** ISO 8601, UTC. */
  at: z.string(),
  ...CrashVerdict.shape,
  sample: z.string(),
  variant: z.string(),
  workload: z.string(),
  target: z.string(),
  machine: z.string().nullable(),
  profile: ProfileName.nullable(),
  stage: z.enum(runStages),
  bugcheck: z
    .strictObject({
      code: z.number().int().nullable(),
      name: z.string(),
      parameters: z.array(z.string()),
      module: z.string().nullable(),
      at: z.string().nullable(),
      stack: z.array(z.string()),
    })
    .nullable(),
  /** Names of what lies beside it: the console's log, a dump. */
  files: z.array(z.string()),
  /** What could not be collected, and why. */
  missing: z.array(z.string()),
  /** The run that it ended, where that got far enough to be kept. */
  run: z.string().nullable(),
});
export type CrashRecord = z.output<typeof CrashSchema>;

export const crashFormat: Versioned<typeof CrashSchema> = {
  kind: 'crash',
  current: 1,
  schema: CrashSchema,
  upgrades: [],
};
