// What the handlers share: one data folder, one history, one set of jobs and of open comparisons for
// all windows of a lab.
import { implement, ORPCError } from '@orpc/server';
import { isLabError } from '../../contract/errors/labError.ts';
import { rpcContract } from '../../contract/rpc.ts';
import { OpenComparisons } from '../comparisons/openComparisons.ts';
import { openDataFolder } from '../data/dataFolder.ts';
import { History } from '../history/history.ts';
import { RunJobs } from '../jobs/runJobs.ts';
/** Failures of the lab travel as typed errors. */
export const lab = implement(rpcContract).use(async ({ next }) => {
    try {
        return await next();
    }
    catch (error) {
        if (!isLabError(error))
            throw error;
        throw new ORPCError('LAB_ERROR', { message: error.message, data: reported(error) });
    }
});
export function reported({ code, whose, problem, remedy, detail }) {
    return { code, whose, problem, remedy, ...(detail === undefined ? {} : { detail }) };
}
export const jobs = new RunJobs(reported);
export const comparisons = new OpenComparisons();
let opened = null;
/** Opened when it is first asked for; brought up to date each time. */
export async function history() {
    opened ??= openDataFolder().then((folder) => History.open(folder));
    const found = await opened;
    await found.refresh();
    return found;
}
/** For a host that closes down: runs take back what they began. */
export async function closeService() {
    await jobs.close();
    const last = opened;
    opened = null;
    (await last)?.close();
}
