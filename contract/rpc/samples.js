// Drivers to work on: samples of ours, the user's own copies, and folders from elsewhere.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { SampleManifestSchema } from '../sample.ts';
import { base, ReportedError, SampleId } from './base.ts';
/**
 * `ours`: never written to. `own`: a copy in the user's data folder. `folder`: opened from elsewhere.
 * A folder that is not trusted may be edited and simulated only: building and running run its code.
 */
const SampleOrigin = z.enum(['ours', 'own', 'folder']);
export const SampleSummary = z.strictObject({
    /** What every other call names it by. */
    id: SampleId,
    name: z.string(),
    origin: SampleOrigin,
    trusted: z.boolean(),
    /** Where it lies, for people. */
    folder: z.string(),
    manifest: SampleManifestSchema,
    /** Short names, the default first. */
    workloads: z.array(z.string()),
});
export const SourceFile = z.strictObject({
    path: z.string(),
    text: z.string(),
    kind: z.enum(['source', 'header', 'manifest', 'workload', 'inf']),
    /** Hash of what is on disk: saving names it, so that a change from outside is not overwritten. */
    version: z.string(),
    /** Why the text is not shown: too large, or not text. The file is left alone. */
    refused: z.string().optional(),
});
/** A folder that was opened once and cannot be read now: its disk may be gone. */
const LostFolder = z.strictObject({ folder: z.string(), error: ReportedError });
/** A folder without a fltlab.json, and what could stand in one. */
const Proposal = z.strictObject({
    folder: z.string(),
    manifest: SampleManifestSchema,
    /** What was guessed, and from what: one sentence each. */
    because: z.array(z.string()),
});
const OpenedFolder = z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('sample'), sample: SampleSummary }),
    z.strictObject({ kind: z.literal('proposal'), proposal: Proposal }),
]);
/** More than any source of a driver, and what fits into one message of the socket. */
export const SAVED_FILE_MAX_characters = 4_000_000;
export const samplesContract = {
    list: base.output(z.strictObject({ samples: z.array(SampleSummary), lost: z.array(LostFolder) })),
    /** All files of one sample that a person edits, in the order of its manifest. */
    files: base.input(z.strictObject({ sample: SampleId })).output(z.array(SourceFile)),
    /** Refused with `file.changed-outside` when what is on disk is not `version`. */
    save: base
        .input(z.strictObject({
        sample: SampleId,
        path: z.string().min(1).max(260),
        text: z.string().max(SAVED_FILE_MAX_characters),
        version: z.string(),
    }))
        .output(z.strictObject({ version: z.string() })),
    /** A copy of any sample becomes the user's own driver. */
    copy: base
        .input(z.strictObject({ sample: SampleId, name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/) }))
        .output(SampleSummary),
    openFolder: base
        .input(z.strictObject({ folder: z.string().min(1).max(4096) }))
        .output(OpenedFolder),
    /** Writes the proposed manifest and a first workload into the folder. */
    accept: base
        .input(z.strictObject({ folder: z.string(), manifest: SampleManifestSchema }))
        .output(SampleSummary),
    trust: base.input(z.strictObject({ sample: SampleId })).output(SampleSummary),
    /** The paths of files that changed on disk, until the caller leaves. */
    watch: base
        .input(z.strictObject({ sample: SampleId }))
        .output(eventIterator(z.strictObject({ changed: z.array(z.string()) }))),
};
