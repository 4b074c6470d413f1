// Runs: those that go on, seen alike by every window, and those that are kept.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { ComparisonVerdict, StepVerdict } from '../comparison.ts';
import { Outcome } from '../prediction.ts';
import { ProfileName } from '../profiles.ts';
import { RunSchema, runStages } from '../run.ts';
import { TargetName } from '../target.ts';
import { base, ReportedError, SampleId } from './base.ts';
const StageState = z.strictObject({
    stage: z.enum(runStages),
    state: z.enum(['running', 'done', 'failed']),
    /** What it does now, or did last. */
    text: z.string(),
    /** Milliseconds since the run began. */
    began_ms: z.number(),
    took_ms: z.number().nullable(),
});
/** A run that was asked for: waiting, going on, or ended since the lab was started. */
const RunJob = z.strictObject({
    job: z.string(),
    /** Rises with every change: a window that was away takes the newer of two. */
    revision: z.number().int(),
    sample: SampleId,
    /** For people. */
    title: z.string(),
    variant: z.string(),
    workload: z.string(),
    target: TargetName,
    state: z.enum(['waiting', 'running', 'cancelling', 'done', 'failed', 'cancelled']),
    /** ISO 8601. */
    askedAt: z.string(),
    beganAt: z.string().nullable(),
    stages: z.array(StageState),
    /** What was said, with milliseconds since the run began; the last 2000 lines. */
    log: z.array(z.strictObject({ at_ms: z.number(), text: z.string() })),
    /** The kept run, once there is one. */
    run: z.string().nullable(),
    verdict: ComparisonVerdict.nullable(),
    error: ReportedError.nullable(),
});
const RunSummary = z.strictObject({
    id: z.string(),
    /** ISO 8601, UTC. */
    startedAt: z.string(),
    sample: z.string(),
    variant: z.string(),
    workload: z.string(),
    profile: ProfileName,
    target: z.string(),
    targetKind: z.string(),
    outcome: Outcome,
    findings: z.number().int(),
    ended: z.string(),
    verdict: ComparisonVerdict,
    counts: z.record(StepVerdict, z.number().int()),
    took_ms: z.number(),
    tags: z.array(z.string()),
    note: z.string(),
    /** Where it came from, for a run that was not made here. */
    origin: z.string().nullable(),
});
export const RunFilter = z.strictObject({
    /** Words that must all occur in sample, variant, workload, target, tags or note. */
    text: z.string().max(200).default(''),
    verdict: ComparisonVerdict.optional(),
    tag: z.string().optional(),
    from: z.number().int().nonnegative().default(0),
    count: z.number().int().positive().max(500).default(100),
});
export const TAGS_MAX = 16;
const Tag = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,31}$/u, 'a word of up to 32 letters');
/** A kept run as one file, in base64: see docs/formats.md. */
export const EXPORTED_BYTES_MAX = 48 * 1024 * 1024;
const TrendPoint = z.strictObject({
    id: z.string(),
    startedAt: z.string(),
    verdict: ComparisonVerdict,
    differing: z.number().int(),
    took_ms: z.number(),
});
const Id = z.strictObject({ id: z.string().max(120) });
export const runsContract = {
    /** One run on each target: side by side on different ones, one after the other on the same. */
    start: base
        .input(z.strictObject({
        sample: SampleId,
        variant: z.string(),
        workload: z.string(),
        targets: z.array(TargetName).min(1).max(16),
        profile: ProfileName.optional(),
        seed: z.number().int().nonnegative(),
    }))
        .output(z.array(z.string())),
    cancel: base.input(z.strictObject({ job: z.string() })).output(z.strictObject({})),
    /** All jobs first, then each again whenever it changes. */
    watch: base.output(eventIterator(RunJob)),
    list: base
        .input(RunFilter)
        .output(z.strictObject({ total: z.number().int(), runs: z.array(RunSummary) })),
    /** Without the rows of the comparison, which are asked for in windows. */
    get: base.input(Id).output(z.strictObject({ summary: RunSummary, run: RunSchema })),
    annotate: base
        .input(Id.extend({ tags: z.array(Tag).max(TAGS_MAX), note: z.string().max(10_000) }))
        .output(RunSummary),
    remove: base.input(Id).output(z.strictObject({})),
    /** Runs that came with a sample: made by this code on a machine that is named, and kept as files. */
    recorded: base.input(z.strictObject({ sample: SampleId })).output(z.array(RunSummary)),
    /** Earlier runs of the same sample, variant, workload and target, oldest first. */
    trend: base.input(Id).output(z.array(TrendPoint)),
    report: base.input(Id).output(z.strictObject({ name: z.string(), html: z.string() })),
    export: base.input(Id).output(z.strictObject({ name: z.string(), base64: z.string() })),
    import: base
        .input(z.strictObject({
        name: z.string().max(260),
        base64: z.string().max(Math.ceil((EXPORTED_BYTES_MAX * 4) / 3) + 4),
    }))
        .output(RunSummary),
};
