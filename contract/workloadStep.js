// What the steps of a workload are made of: names, places, bytes, flags by name, expectations.
import { z } from 'zod';
import { parseFlags } from './windows/flags.ts';
/** "A|B|0x100" over the names of a table; kept as text in the file, a number after parsing. */
export const flags = (table, prefix) => z.union([z.number().int().min(0).max(0xffffffff), z.string()]).transform((written, context) => {
    if (typeof written === 'number')
        return written;
    const parsed = parseFlags(written, table, prefix);
    if ('value' in parsed)
        return parsed.value;
    context.addIssue({ code: 'custom', message: `unknown name "${parsed.unknown}"` });
    return z.NEVER;
});
export const oneOf = (table, prefix) => z.union([z.number().int().nonnegative(), z.string()]).transform((written, context) => {
    if (typeof written === 'number')
        return written;
    const value = table[written] ?? table[prefix + written];
    if (value !== undefined)
        return value;
    context.addIssue({ code: 'custom', message: `unknown name "${written}"` });
    return z.NEVER;
});
export const Name = z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/, 'a name: letters, digits, _ . -');
/** A path below the root of the volume, with backslashes, no leading one; "" is the root itself. */
export const WorkloadPath = z.string().max(32_000);
/** An integer beyond 2^53 is written as decimal text. */
export const Offset = z.union([z.number().int(), z.string().regex(/^-?[0-9]+$/)]);
/** Bytes: text (UTF-8), UTF-16 text, hex digits, or one byte repeated. */
export const Bytes = z.union([
    z.strictObject({ text: z.string() }),
    z.strictObject({ utf16: z.string() }),
    z.strictObject({ hex: z.string().regex(/^([0-9a-fA-F]{2})*$/, 'pairs of hex digits') }),
    z.strictObject({
        fill: z.number().int().min(0).max(255),
        length: z.number().int().min(0).max(16_777_216),
    }),
]);
/** What the author expects of a step; a miss is reported, in the simulator and on a target alike. */
export const Expectation = z.strictObject({
    status: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
    information: z.number().int().nonnegative().optional(),
    /** Entries of a directory notification, in order: [action, name]. */
    events: z.array(z.tuple([z.string(), z.string()])).optional(),
    /** The completion's bytes, in hex. */
    bytes: z.string().optional(),
});
const common = {
    /** Whose thread does it; the first actor when left out. */
    actor: Name.optional(),
    /** A name for the step in traces and verdicts; "s7" (its place) when left out. */
    id: Name.optional(),
    /** Why it is here: for readers only. */
    note: z.string().optional(),
    expect: Expectation.optional(),
};
/** Steps that may block take `start`: issued on a thread of their own and waited for by name. */
export const startable = { start: z.boolean().optional(), as: Name.optional() };
export const step = (name, shape) => z.strictObject({ do: z.literal(name), ...common, ...shape });
