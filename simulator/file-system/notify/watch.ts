// One watched directory handle: what its first request fixed, what has happened since, who waits.
import { assert } from '../../../contract/assert.ts';
import { FileAction } from '../../../contract/windows/index.ts';
import type { Irp } from '../../io/irp.ts';
import { EntryList } from './entryList.ts';
import { requestLength } from './delivery.ts';

/** What identifies a watch and stays as the first request of the handle said it. */
export interface WatchTerms {
  /** FsContext: the handle's own record, so that two handles have nothing in common (R-NOTIFY-13). */
  readonly handle: object;
  /**
   * Full name of the directory from the root of the volume, without a backslash at its end; "" is the
   * root. Asked for at each change: the directory may have been renamed meanwhile (R-NOTIFY-42).
   */
  readonly directoryName: () => string;
  readonly completionFilter: number;
  readonly watchTree: boolean;
  /** Room for changes while nobody waits: the length of the first request (R-NOTIFY-12). */
  readonly capacity_bytes: number;
  /**
   * Asked for changes below the watched directory, where its owner may not traverse everything; null
   * for an owner with SeChangeNotifyPrivilege (R-NOTIFY-53).
   */
  readonly traverseCheck: ((fullTargetName: string) => boolean) | null;
}

/** What a change did to a watch. `ready` has to be completed: with the list, or with ENUM_DIR. */
export type Taken =
  | { readonly result: 'buffered' }
  | { readonly result: 'overflow'; readonly ready: Irp | null }
  | { readonly result: 'completed'; readonly ready: Irp };

/**
 * Models: R-NOTIFY-12 to 16, 18 to 21 and 32. The list belongs to the handle, not to a request:
 * cancelling requests leaves it alone (R-NOTIFY-16).
 */
export class Watch {
  readonly terms: WatchTerms;
  readonly entries = new EntryList();
  /** Requests that wait, in the order of arrival (R-NOTIFY-20). */
  readonly waiting: Irp[] = [];
  /** Changes were dropped; the next request learns it, and with that it is forgotten (R-NOTIFY-15). */
  private overflowed = false;

  constructor(terms: WatchTerms) {
    this.terms = terms;
  }

  /** Whether a request that arrives now is answered at once, and how. */
  get answer(): 'list' | 'enumerate' | 'wait' {
    if (this.waiting.length > 0) return 'wait';
    if (this.overflowed) return 'enumerate';
    return this.entries.byteLength > 0 ? 'list' : 'wait';
  }

  take(action: number, name: string): Taken {
    if (this.overflowed) return { result: 'overflow', ready: null };
    const first = this.waiting[0];
    // The waiting request's own length counts, but never more than the first request's: a watch that
    // began with length 0 keeps no list at all, for ever (R-NOTIFY-14).
    const room =
      first === undefined
        ? this.terms.capacity_bytes
        : Math.min(this.terms.capacity_bytes, requestLength(first));
    if (this.entries.byteLengthWith(name) > room) return this.overflow();
    this.entries.append(action, name);
    // The old name waits for the new one: both come in one completion (R-NOTIFY-32).
    if (first === undefined || action === FileAction.FILE_ACTION_RENAMED_OLD_NAME) {
      return { result: 'buffered' };
    }
    this.waiting.shift();
    return { result: 'completed', ready: first };
  }

  /** The owner has been told: it has to enumerate the directory, or it has the list. */
  consume(): void {
    this.overflowed = false;
    this.entries.clear();
  }

  /** Takes a request out, if it still waits. */
  remove(irp: Irp): void {
    const at = this.waiting.indexOf(irp);
    if (at !== -1) this.waiting.splice(at, 1);
  }

  /**
   * Too much for the room there is: the list is dropped (R-NOTIFY-21). One waiting request takes the
   * news with it. Grade I for several waiting ones: as for any other success, only the first.
   */
  private overflow(): Taken {
    this.entries.clear();
    const ready = this.waiting.shift() ?? null;
    this.overflowed = ready === null;
    assert(this.entries.byteLength === 0, 'an overflowed watch keeps no list');
    return { result: 'overflow', ready };
  }
}
