// What an operation comes to: the I/O status block of its request.
import { NtStatus } from '../../contract/windows/index.ts';
/** The request waits somewhere and is completed from there. */
export const pending = { status: NtStatus.STATUS_PENDING, information: 0 };
export const blockedBy = (oplock) => ({ ...pending, waitsFor: oplock });
export const failed = (status) => ({ status, information: 0 });
export const succeeded = (information = 0) => ({
    status: NtStatus.STATUS_SUCCESS,
    information,
});
