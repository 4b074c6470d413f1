// What the handlers share: one data folder, one history, one set of jobs and of open comparisons for
// all windows of a lab.
import { implement, ORPCError } from '@orpc/server';
import { isLabError, type LabError } from '../../contract/errors/labError.ts';
import { rpcContract, type ReportedError } from '../../contract/rpc.ts';
import { OpenComparisons } from '../comparisons/openComparisons.ts';
import { openDataFolder } from '../data/dataFolder.ts';
import { History } from '../history/history.ts';
import { RunJobs } from '../jobs/runJobs.ts';
import { LiveSessions } from '../liveDebug/liveSessions.ts';

/** Failures of the lab travel as typed errors, those in the middle of a stream too. */
export const lab = implement(rpcContract).use(async ({ next }) => {
  try {
    const result = await next();
    if (!isStream(result.output)) return result;
    return { ...result, output: typedErrors(result.output) as typeof result.output };
  } catch (error) {
    throw typed(error);
  }
});

const isStream = (output: unknown): output is AsyncGenerator =>
  typeof output === 'object' && output !== null && Symbol.asyncIterator in output;

async function* typedErrors(stream: AsyncGenerator): AsyncGenerator {
  try {
    return yield* stream;
  } catch (error) {
    throw typed(error);
  }
}

const typed = (error: unknown): unknown =>
  isLabError(error)
    ? new ORPCError('LAB_ERROR', { defined: true, message: error.message, data: reported(error) })
    : error;

export function reported({ code, whose, problem, remedy, detail }: LabError): ReportedError {
  return { code, whose, problem, remedy, ...(detail === undefined ? {} : { detail }) };
}

export const jobs = new RunJobs(reported);
export const comparisons = new OpenComparisons();
export const liveSessions = new LiveSessions();

let opened: Promise<History> | null = null;

/** Opened when it is first asked for; brought up to date each time. */
export async function history(): Promise<History> {
  opened ??= openDataFolder().then((folder) => History.open(folder));
  const found = await opened;
  await found.refresh();
  return found;
}

/** For a host that closes down: runs take back what they began. */
export async function closeService(): Promise<void> {
  await jobs.close();
  await liveSessions.closeAll();
  const last = opened;
  opened = null;
  (await last)?.close();
}
