// Filter Verifier halts the machine and asks "Break, ignore, zap or remove ?". Unattended, nobody answers
// and the target looks hung. The policy answers; the stop becomes a finding of the run either way.
import type { DebugItem } from '../../contract/debugStream.ts';
import type { Finding } from '../../contract/finding.ts';

export type VerifierAnswer = 'break' | 'ignore' | 'zap' | 'remove';

export interface VerifierPolicy {
  /** Of stops that name the driver under test: `zap` goes on and still reports each repetition. */
  readonly ours: VerifierAnswer;
  /** Of other filters, whose mistakes are not the matter of this run. */
  readonly others: VerifierAnswer;
}

export const unattended: VerifierPolicy = { ours: 'zap', others: 'remove' };

type VerifierStop = Extract<DebugItem, { kind: 'verifier-stop' }>;

/** What to type; nothing when it does not ask. */
export function answerFor(
  stop: VerifierStop,
  driver: string,
  policy: VerifierPolicy = unattended,
): string | undefined {
  if (!stop.asks) return undefined;
  return (isOurs(stop, driver) ? policy.ours : policy.others)[0];
}

export const isOurs = (stop: VerifierStop, driver: string): boolean =>
  stop.filter === undefined || stop.filter.toLowerCase() === driver.toLowerCase();

export function findingOfStop(stop: VerifierStop, driver: string): Finding | undefined {
  if (!isOurs(stop, driver)) return undefined;
  return {
    id: 'filter-verifier',
    rules: [],
    stack: [],
    count: 1,
    message: [stop.message, stop.details].filter((text) => text !== '').join('\n'),
  };
}
