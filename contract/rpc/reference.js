// What the lab knows about Windows, for hovers and for "why": rules, and the routines of the headers.
import { z } from 'zod';
import { EvidenceGrade, RuleId } from '../rules.ts';
import { base } from './base.ts';
const RuleText = z.strictObject({
    id: RuleId,
    title: z.string(),
    text: z.string(),
    table: z.array(z.array(z.string())).optional(),
    versions: z.string(),
    sources: z.array(z.string()),
    grades: z.array(EvidenceGrade),
});
const Parameter = z.strictObject({ type: z.string(), name: z.string() });
/** One routine that a driver may call, from our own headers and the tables of the simulator. */
const Routine = z.strictObject({
    name: z.string(),
    module: z.string(),
    header: z.string(),
    returns: z.string(),
    parameters: z.array(Parameter),
    variadic: z.boolean(),
    /** Whether the simulator plays it; null for one that it does not know. */
    modelled: z.enum(['yes', 'in part', 'no']).nullable(),
    note: z.string().nullable(),
    /** The highest IRQL: "PASSIVE_LEVEL"; null where nothing is known. */
    irql: z.string().nullable(),
    /** The first Windows that exports it: "7"; null for all. */
    since: z.string().nullable(),
    /** Rules whose text mentions it. */
    rules: z.array(z.strictObject({ id: RuleId, title: z.string() })),
});
/** A structure, an enumerator, a macro with a value: names to complete. */
const Word = z.strictObject({
    name: z.string(),
    kind: z.enum(['macro', 'type', 'constant']),
    /** As declared, on one line. */
    text: z.string(),
});
export const referenceContract = {
    rule: base.input(z.strictObject({ id: RuleId })).output(RuleText),
    routines: base.output(z.strictObject({ routines: z.array(Routine), words: z.array(Word) })),
    /** JSON schemas of the files that a person writes. */
    schemas: base.output(z.strictObject({ manifest: z.unknown(), workload: z.unknown() })),
};
