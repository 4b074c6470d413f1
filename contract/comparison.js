// Prediction and run side by side: one row for each thing a step did, with a verdict and its reason.
import { z } from 'zod';
import { RuleId } from './rules.ts';
/**
 * `agrees`: both sides were observed and say the same, or another schedule that the model allows.
 * `differs`: both were observed and say different things. `known`: they differ in a way that is on
 * the dated list of this target's known deviations. `unsure`: they differ where the model rests on
 * grade I or U only. `not-comparable`: the target cannot show it, or never got there.
 */
export const StepVerdict = z.enum([
    'agrees',
    'differs',
    'known',
    'unsure',
    'predicted-only',
    'observed-only',
    'not-comparable',
]);
/** One field of the two sides, as people read it. */
export const FieldDifference = z.strictObject({
    field: z.string(),
    predicted: z.string(),
    observed: z.string(),
});
/** One side of a row: "STATUS_PENDING", "STATUS_SUCCESS 0x12 ADDED foo", with its details. */
const Side = z.strictObject({
    text: z.string(),
    /** Status, information, bytes and so on, by name, as text. */
    fields: z.record(z.string(), z.string()),
});
export const ComparisonRow = z.strictObject({
    actor: z.string(),
    step: z.string(),
    /** The return of the call, or the completion of the request that it issued. */
    phase: z.enum(['return', 'completion', 'callback', 'driver']),
    operation: z.string(),
    verdict: StepVerdict,
    reason: z.string().optional(),
    /** "wine-3", for `known`. */
    deviation: z.string().optional(),
    predicted: Side.nullable(),
    observed: Side.nullable(),
    differences: z.array(FieldDifference),
    rules: z.array(RuleId),
});
/** `agrees`: at least one row agrees and none differs, known deviations apart. */
export const ComparisonVerdict = z.enum(['agrees', 'differs', 'nothing-comparable']);
export const ComparisonSchema = z.strictObject({
    comparison: z.literal(1),
    verdict: ComparisonVerdict,
    rows: z.array(ComparisonRow),
    counts: z.record(StepVerdict, z.number().int().nonnegative()),
    /** There are so many rows that they stand in a file of their own, beside the run; `rows` is empty. */
    rowsApart: z.literal(true).optional(),
});
export const comparisonFormat = {
    kind: 'comparison',
    current: 1,
    schema: ComparisonSchema,
    upgrades: [],
};
