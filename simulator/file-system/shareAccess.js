// SHARE_ACCESS and IoCheckShareAccess: who has a stream open for what, and what each allows others.
import { AccessMask, ShareAccess as Share } from '../../contract/windows/index.ts';
const READ = AccessMask.FILE_READ_DATA | AccessMask.FILE_EXECUTE;
const WRITE = AccessMask.FILE_WRITE_DATA | AccessMask.FILE_APPEND_DATA;
export const sharingOf = (access, share) => ({
    reads: (access & READ) !== 0,
    writes: (access & WRITE) !== 0,
    deletes: (access & AccessMask.DELETE) !== 0,
    sharesRead: (share & Share.FILE_SHARE_READ) !== 0,
    sharesWrite: (share & Share.FILE_SHARE_WRITE) !== 0,
    sharesDelete: (share & Share.FILE_SHARE_DELETE) !== 0,
});
/** Opens for attributes, security, EAs or synchronization only take no part (R-IO-8). */
export const takesPart = (open) => open.reads || open.writes || open.deletes;
/**
 * The counters of one stream or directory. Models: R-IO-8, symmetric: the new open must be allowed by
 * those that are there, and must allow them.
 */
export class ShareCounters {
    opens = 0;
    readers = 0;
    writers = 0;
    deleters = 0;
    sharedRead = 0;
    sharedWrite = 0;
    sharedDelete = 0;
    admits(open) {
        if (!takesPart(open))
            return true;
        return (!(open.reads && this.sharedRead < this.opens) &&
            !(open.writes && this.sharedWrite < this.opens) &&
            !(open.deletes && this.sharedDelete < this.opens) &&
            !(this.readers > 0 && !open.sharesRead) &&
            !(this.writers > 0 && !open.sharesWrite) &&
            !(this.deleters > 0 && !open.sharesDelete));
    }
    /** SHARE_ACCESS.Writers is not 0. */
    get hasWriters() {
        return this.writers > 0;
    }
    /** Every open that takes part lets others delete. */
    get sharesDelete() {
        return this.sharedDelete === this.opens;
    }
    add(open) {
        this.count(open, 1);
    }
    remove(open) {
        this.count(open, -1);
    }
    count(open, by) {
        if (!takesPart(open))
            return;
        this.opens += by;
        if (open.reads)
            this.readers += by;
        if (open.writes)
            this.writers += by;
        if (open.deletes)
            this.deleters += by;
        if (open.sharesRead)
            this.sharedRead += by;
        if (open.sharesWrite)
            this.sharedWrite += by;
        if (open.sharesDelete)
            this.sharedDelete += by;
    }
}
