// One execution on a target, with what was predicted for it and how the two compare. Kept as a file;
// reports are made from it.
import { z } from 'zod';
import { ComparisonSchema } from './comparison.ts';
import { ExpectationMiss, Outcome } from './prediction.ts';
import { Finding } from './finding.ts';
import { ProfileName } from './profiles.ts';
import { TargetFacts } from './target.ts';
/** The steps of a run, in order; each appears in progress, timings and errors under this name. */
export const runStages = [
    'build',
    'sign',
    'connect',
    'predict',
    'copy',
    'agent',
    'prepare',
    'start',
    'workload',
    'stop',
    'compare',
];
export const RunSchema = z.strictObject({
    run: z.literal(1),
    id: z.string(),
    /** ISO 8601, UTC. */
    startedAt: z.string(),
    sample: z.string(),
    variant: z.string(),
    workload: z.string(),
    profile: ProfileName,
    seed: z.number().int().nonnegative(),
    facts: TargetFacts,
    driver: z.strictObject({
        service: z.string(),
        /** SHA-256 of the signed .sys, in hex. */
        sha256: z.string(),
        /** The service state that was reached: "RUNNING". */
        reached: z.string(),
    }),
    prediction: z.strictObject({ outcome: Outcome, findings: z.array(Finding) }),
    /** How the workload ended on the target: see the agent's `ended`. */
    ended: z.strictObject({
        how: z.enum(['completed', 'aborted', 'hung', 'failed']),
        /** The step that hung or failed. */
        step: z.string().optional(),
        problem: z.string().optional(),
    }),
    comparison: ComparisonSchema,
    /** Expectations of the workload that the observed trace missed. */
    expectations: z.array(ExpectationMiss),
    /** Stage and how long it took. */
    timings: z.array(z.tuple([z.enum(runStages), z.number().nonnegative()])),
    /** Things to know that are not a row: imports the target lacks, leftovers removed … */
    notes: z.array(z.string()),
});
export const runFormat = {
    kind: 'run',
    current: 1,
    schema: RunSchema,
    upgrades: [],
};
