// Comparisons that a workbench has open. Their rows stay here, or in files once they are many, and are
// handed out in windows: opening and scrolling cost the same for ten rows and for a million.
import { randomUUID } from 'node:crypto';
import { LabError } from '../../contract/errors/labError.ts';
import { RowStore } from './rowStore.ts';
/** Open ones; the least recently asked is forgotten first. */
const KEPT = 12;
export class OpenComparisons {
    stores = new Map();
    open({ rows, ...rest }) {
        const comparison = randomUUID();
        const store = rows instanceof RowStore ? rows : RowStore.of(rows);
        this.stores.set(comparison, store);
        const [oldest] = this.stores.keys();
        if (this.stores.size > KEPT && oldest !== undefined) {
            void this.stores.get(oldest)?.close();
            this.stores.delete(oldest);
        }
        return { comparison, ...rest, total: store.total, speaking: store.speaking.length };
    }
    rows(comparison, from, count, speaking) {
        return this.store(comparison).window(from, count, speaking);
    }
    /** Among the rows that `speaking` leaves every row speaks: the next is the neighbour. */
    next(comparison, after, backwards, speaking) {
        const store = this.store(comparison);
        const step = backwards ? -1 : 1;
        if (speaking) {
            const place = after + step;
            return place >= 0 && place < store.speaking.length ? place : null;
        }
        return store.nextSpeaking(after, backwards);
    }
    store(comparison) {
        const store = this.stores.get(comparison);
        if (store === undefined) {
            throw new LabError('comparison.closed', {
                problem: 'This comparison is no longer kept.',
                remedy: 'Open it again.',
            });
        }
        this.stores.delete(comparison);
        this.stores.set(comparison, store);
        return store;
    }
}
/** What is left of a comparison once its rows are taken away. */
export const headOf = ({ verdict, counts }) => ({
    verdict,
    counts,
});
