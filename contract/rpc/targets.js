// Machines that drivers run on, as the workbench shows them.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { TargetFacts, TargetName } from '../target.ts';
import { base } from './base.ts';
const TargetSummary = z.strictObject({
    name: TargetName,
    kind: z.string(),
    /** "127.0.0.1:40022", or what a recorded run was recorded from. */
    where: z.string(),
    /** As they were when it was last connected to; null before. */
    facts: TargetFacts.nullable(),
});
const Prepared = z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('step'), text: z.string() }),
    z.strictObject({ kind: z.literal('done'), target: TargetSummary }),
]);
export const targetsContract = {
    list: base.output(z.array(TargetSummary)),
    /** Prepares a Wine target; safe to repeat. Leaving the stream cancels it. */
    addWine: base.input(z.strictObject({ name: TargetName })).output(eventIterator(Prepared)),
    /** Connects, and says what the target is and what it can show. */
    facts: base.input(z.strictObject({ name: TargetName })).output(TargetFacts),
    remove: base.input(z.strictObject({ name: TargetName })).output(z.strictObject({})),
};
