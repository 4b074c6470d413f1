// fltlab.json: what a folder with a minifilter contains. The same file describes a sample of ours and
// a driver of the user's own.
import { z } from 'zod';
import { Altitude, Neighbour } from './stack.ts';
const FileName = z.string().regex(/^(?![\\/])(?!.*\.\.)[^:*?"<>|]+$/, 'a path inside the folder');
const Variant = z.strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
    title: z.string(),
    /** "NAME" or "NAME=VALUE", given to the compiler with -D. */
    defines: z.array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*(=.*)?$/)).default([]),
    /** Whether the variant shows a bug or its mend; only for lists. */
    kind: z.enum(['bug', 'mended', 'baseline']).default('baseline'),
    /** The workload that shows it best; the manifest's first when left out. */
    workload: z.string().optional(),
});
export const SampleManifestSchema = z.strictObject({
    fltlab: z.literal(1),
    name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
    title: z.string(),
    description: z.string().default(''),
    /** The service and .sys name: what FltRegisterFilter's filter is called. */
    driver: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,31}$/),
    sources: z.array(FileName).min(1),
    includes: z.array(FileName).default([]),
    defines: z.array(z.string()).default([]),
    inf: FileName.optional(),
    project: FileName.optional(),
    /** Load order group of the service. */
    group: z.string().default('FSFilter Activity Monitor'),
    instances: z
        .array(z.strictObject({
        name: z.string().min(1),
        altitude: Altitude,
        /** Bit 0: no automatic attachment. Bit 1: no manual attachment. */
        flags: z.number().int().min(0).max(3).default(0),
    }))
        .min(1),
    defaultInstance: z.string().optional(),
    neighbours: z.array(Neighbour).default([]),
    variants: z.array(Variant).min(1),
    /** Workload files, the default first. */
    workloads: z.array(FileName).min(1),
});
export const sampleFormat = {
    kind: 'fltlab',
    current: 1,
    schema: SampleManifestSchema,
    upgrades: [],
};
