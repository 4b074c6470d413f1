// What an operation comes to: the I/O status block of its request.
import { NtStatus } from '../../contract/windows/index.ts';
import type { Oplock } from './oplocks/oplock.ts';

export interface Outcome {
  readonly status: NtStatus;
  readonly information: number;
  /** The operation has changed nothing yet, and is carried out anew when a break here has ended. */
  readonly waitsFor?: Oplock;
}

/** The request waits somewhere and is completed from there. */
export const pending: Outcome = { status: NtStatus.STATUS_PENDING, information: 0 };

export const blockedBy = (oplock: Oplock): Outcome => ({ ...pending, waitsFor: oplock });

export const failed = (status: NtStatus): Outcome => ({ status, information: 0 });

export const succeeded = (information = 0): Outcome => ({
  status: NtStatus.STATUS_SUCCESS,
  information,
});
