// What every call of the contract shares.
import { oc } from '@orpc/contract';
import { z } from 'zod';
export const ReportedError = z.strictObject({
    code: z.string(),
    whose: z.enum(['your driver', 'your lab', 'our bug', 'usage']),
    problem: z.string(),
    remedy: z.string(),
    detail: z.string().optional(),
});
/** Every call may end in a LabError; the data says what a person needs. */
export const base = oc.errors({ LAB_ERROR: { message: 'LabError', data: ReportedError } });
/** A sample as `samples.list` calls it: a name of ours, or what the lab gave to a folder. */
export const SampleId = z.string().min(1).max(1024);
