// What the workbench may ask of the lab: the only place where the two meet. Each end parses what it
// receives; failures that a person can act on travel as typed errors.
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { PredictionSchema } from './prediction.ts';
import { ProfileName } from './profiles.ts';
import { SampleManifestSchema } from './sample.ts';

export const ReportedError = z.strictObject({
  code: z.string(),
  whose: z.enum(['your driver', 'your lab', 'our bug', 'usage']),
  problem: z.string(),
  remedy: z.string(),
  detail: z.string().optional(),
});
export type ReportedError = z.infer<typeof ReportedError>;

/** Every call may end in a LabError; the data says what a person needs. */
const base = oc.errors({ LAB_ERROR: { message: 'LabError', data: ReportedError } });

const SampleSummary = z.strictObject({
  name: z.string(),
  manifest: SampleManifestSchema,
  /** Short names, the default first. */
  workloads: z.array(z.string()),
});
export type SampleSummary = z.infer<typeof SampleSummary>;

const SourceFile = z.strictObject({ path: z.string(), text: z.string() });
export type SourceFile = z.infer<typeof SourceFile>;

export const rpcContract = {
  samples: {
    list: base.output(z.array(SampleSummary)),
    /** Source and header files of one sample, in the order of its manifest. */
    files: base.input(z.strictObject({ sample: z.string() })).output(z.array(SourceFile)),
  },
  prediction: {
    make: base
      .input(
        z.strictObject({
          sample: z.string(),
          variant: z.string(),
          workload: z.string(),
          profile: ProfileName,
          seed: z.number().int().nonnegative(),
        }),
      )
      .output(z.strictObject({ prediction: PredictionSchema, took_ms: z.number() })),
  },
};
export type RpcContract = typeof rpcContract;
