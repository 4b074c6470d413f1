// The path from text to prediction.
import { z } from 'zod';
import { PredictionSchema } from '../prediction.ts';
import { ProfileName } from '../profiles.ts';
import { TraceEvent } from '../trace.ts';
import { base, ReportedError, SampleId } from './base.ts';
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
const madeBase = {
    diagnostics: z.array(SourceDiagnostic),
    took_ms: z.number(),
    /** Nothing had changed since it was made before: `took_ms` says nothing about making it. */
    cached: z.boolean(),
};
/** What one callback did over the whole prediction, for a line above it in the source. */
const CallbackSummary = z.strictObject({
    file: z.string(),
    line: z.number().int().positive(),
    function: z.string(),
    /** "pre IRP_MJ_CREATE". */
    operation: z.string(),
    times: z.number().int().positive(),
    /** What it returned, the most frequent first: "FLT_PREOP_COMPLETE STATUS_REPARSE". */
    returned: z.array(z.tuple([z.string(), z.number().int()])),
});
/** Events that travel with a prediction; more of them are asked for in windows. */
export const EVENTS_SHOWN = 2_000;
/** A driver that does not compile has no prediction, but says where and why. */
const MadePrediction = z.discriminatedUnion('compiled', [
    z.strictObject({
        compiled: z.literal(true),
        /** Its `events` are the first EVENTS_SHOWN. */
        prediction: PredictionSchema,
        /** Names the whole of it for `events`. */
        handle: z.string(),
        total: z.number().int(),
        callbacks: z.array(CallbackSummary),
        ...madeBase,
    }),
    z.strictObject({ compiled: z.literal(false), failure: ReportedError, ...madeBase }),
]);
/** What a prediction is of. */
export const PredictionRef = z.strictObject({
    sample: SampleId,
    variant: z.string(),
    workload: z.string(),
    profile: ProfileName,
    seed: z.number().int().nonnegative(),
    /** Text being edited, in place of what is on disk; files of the sample only. */
    edited: z.array(EditedFile).max(EDITED_FILES_MAX).optional(),
});
export const predictionContract = {
    make: base.input(PredictionRef).output(MadePrediction),
    events: base
        .input(z.strictObject({
        handle: z.string(),
        from: z.number().int().nonnegative(),
        count: z.number().int().positive().max(EVENTS_SHOWN),
    }))
        .output(z.array(TraceEvent)),
};
