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

/** More is not the source of a minifilter, and would not fit into one message of the socket. */
export const EDITED_FILES_MAX = 64;
export const EDITED_FILE_MAX_characters = 200_000;

const EditedFile = z.strictObject({
  path: z.string().min(1).max(260),
  text: z.string().max(EDITED_FILE_MAX_characters),
});

/** What the compiler says about a place in the source. */
const SourceDiagnostic = z.strictObject({
  /** As the sample names it; empty when no place is known. */
  file: z.string(),
  /** From 1; 0 when no place is known. */
  line: z.number().int().nonnegative(),
  column: z.number().int().nonnegative(),
  endLine: z.number().int().positive().optional(),
  endColumn: z.number().int().positive().optional(),
  severity: z.enum(['error', 'warning', 'note']),
  message: z.string(),
  /** "-Wunused-variable". */
  flag: z.string().optional(),
});
export type SourceDiagnostic = z.infer<typeof SourceDiagnostic>;

const madeBase = { diagnostics: z.array(SourceDiagnostic), took_ms: z.number() };

/** A driver that does not compile has no prediction, but says where and why. */
const MadePrediction = z.discriminatedUnion('compiled', [
  z.strictObject({ compiled: z.literal(true), prediction: PredictionSchema, ...madeBase }),
  z.strictObject({ compiled: z.literal(false), failure: ReportedError, ...madeBase }),
]);
export type MadePrediction = z.output<typeof MadePrediction>;

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
          /** Text being edited, in place of what is on disk; files of the sample only. */
          edited: z.array(EditedFile).max(EDITED_FILES_MAX).optional(),
        }),
      )
      .output(MadePrediction),
  },
};
export type RpcContract = typeof rpcContract;
