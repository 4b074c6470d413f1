// Any two sides, aligned. The rows stay with the lab and are asked for in windows, so that a comparison
// of a million events opens as fast as one of ten.
import { z } from 'zod';
import { ComparisonRow, ComparisonVerdict, StepVerdict } from '../comparison.ts';
import { EvidenceGrade, RuleId } from '../rules.ts';
import { base } from './base.ts';
import { PredictionRef } from './predictions.ts';
/** What may stand on a side: a prediction, or what a kept run predicted or observed. */
export const SideRef = z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('prediction'), of: PredictionRef }),
    z.strictObject({ kind: z.literal('predicted'), run: z.string() }),
    z.strictObject({ kind: z.literal('observed'), run: z.string() }),
]);
const OpenComparison = z.strictObject({
    comparison: z.string(),
    left: z.string(),
    right: z.string(),
    verdict: ComparisonVerdict,
    counts: z.record(StepVerdict, z.number().int()),
    /** Rows, and how many of them say something else than `agrees`. */
    total: z.number().int(),
    speaking: z.number().int(),
    /** What to know about the right side: what it cannot show, how it ended. */
    notes: z.array(z.string()),
    /** How sure each rule is that a row rests on. */
    evidence: z.array(z.tuple([RuleId, EvidenceGrade])),
});
const PlacedRow = z.strictObject({ index: z.number().int(), row: ComparisonRow });
const Handle = z.strictObject({ comparison: z.string() });
export const ROWS_MAX = 500;
export const comparisonsContract = {
    open: base.input(z.strictObject({ left: SideRef, right: SideRef })).output(OpenComparison),
    /** `from` counts the rows that `speaking` leaves. */
    rows: base
        .input(Handle.extend({
        from: z.number().int().nonnegative(),
        count: z.number().int().positive().max(ROWS_MAX),
        speaking: z.boolean(),
    }))
        .output(z.array(PlacedRow)),
    /** The place, among the rows that `speaking` leaves, of the next row that speaks; null past the last. */
    next: base
        .input(Handle.extend({
        after: z.number().int().min(-1),
        backwards: z.boolean(),
        speaking: z.boolean(),
    }))
        .output(z.number().int().nullable()),
};
