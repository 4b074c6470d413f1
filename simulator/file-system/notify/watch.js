// One watched directory handle: what its first request fixed, what has happened since, who waits.
import { assert } from '../../../contract/assert.ts';
import { FileAction } from '../../../contract/windows/index.ts';
import { EntryList } from './entryList.ts';
import { requestLength } from './delivery.ts';
/**
 * Models: R-NOTIFY-12 to 16, 18 to 21 and 32. The list belongs to the handle, not to a request:
 * cancelling requests leaves it alone (R-NOTIFY-16).
 */
export class Watch {
    terms;
    entries = new EntryList();
    /** Requests that wait, in the order of arrival (R-NOTIFY-20). */
    waiting = [];
    /** Changes were dropped; the next request learns it, and with that it is forgotten (R-NOTIFY-15). */
    overflowed = false;
    constructor(terms) {
        this.terms = terms;
    }
    /** Whether a request that arrives now is answered at once, and how. */
    get answer() {
        if (this.waiting.length > 0)
            return 'wait';
        if (this.overflowed)
            return 'enumerate';
        return this.entries.byteLength > 0 ? 'list' : 'wait';
    }
    take(action, name) {
        if (this.overflowed)
            return { result: 'overflow', ready: null };
        const first = this.waiting[0];
        // The waiting request's own length counts, but never more than the first request's: a watch that
        // began with length 0 keeps no list at all, for ever (R-NOTIFY-14).
        const room = first === undefined
            ? this.terms.capacity_bytes
            : Math.min(this.terms.capacity_bytes, requestLength(first));
        if (this.entries.byteLengthWith(name) > room)
            return this.overflow();
        this.entries.append(action, name);
        // The old name waits for the new one: both come in one completion (R-NOTIFY-32).
        if (first === undefined || action === FileAction.FILE_ACTION_RENAMED_OLD_NAME) {
            return { result: 'buffered' };
        }
        this.waiting.shift();
        return { result: 'completed', ready: first };
    }
    /** The owner has been told: it has to enumerate the directory, or it has the list. */
    consume() {
        this.overflowed = false;
        this.entries.clear();
    }
    /** Takes a request out, if it still waits. */
    remove(irp) {
        const at = this.waiting.indexOf(irp);
        if (at !== -1)
            this.waiting.splice(at, 1);
    }
    /**
     * Too much for the room there is: the list is dropped (R-NOTIFY-21). One waiting request takes the
     * news with it. Grade I for several waiting ones: as for any other success, only the first.
     */
    overflow() {
        this.entries.clear();
        const ready = this.waiting.shift() ?? null;
        this.overflowed = ready === null;
        assert(this.entries.byteLength === 0, 'an overflowed watch keeps no list');
        return { result: 'overflow', ready };
    }
}
