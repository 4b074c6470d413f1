// The simulated kernel debugger over a prediction: lines of commands, answered with text.
import { z } from 'zod';
import { base } from './base.ts';
import { PredictionRef } from './predictions.ts';
const KdAnswer = z.strictObject({
    text: z.string(),
    /** The last event before where it stands; -1 before the first. */
    event: z.number().int(),
    /** Events of the whole trace. */
    events: z.number().int(),
    place: z.strictObject({ file: z.string(), line: z.number().int() }).nullable(),
    failed: z.boolean(),
});
const Session = z.strictObject({ session: z.string() });
export const KD_LINE_MAX_characters = 4_000;
export const debuggerContract = {
    /** Compiles with what a debugger needs, and stands before the first event. */
    open: base.input(PredictionRef).output(KdAnswer.extend({ session: z.string(), log: z.string() })),
    execute: base
        .input(Session.extend({ line: z.string().max(KD_LINE_MAX_characters) }))
        .output(KdAnswer),
    close: base.input(Session).output(z.strictObject({})),
};
