// Who waits for what when nothing can run: the text of a hang.
import { toldHeldBackBy } from './apcRules.ts';
/** Waits that only say "not my turn": they follow those that are the reason. */
const bookkeeping = new Set(['turn', 'workload']);
/**
 * One line a thread that waits: what for, who holds it, and which of its APCs cannot be delivered
 * and why. `placeOf` adds where in the driver the thread stands, if it can be told.
 */
export function waitGraph(threads, placeOf) {
    const waiting = threads.filter((one) => one.state === 'waiting' && one.waiting !== null && one.waiting.kind !== 'idle');
    const isTurn = (one) => bookkeeping.has(one.waiting?.kind ?? '');
    // The reason first: who cannot be told, then who holds what others want, then the rest.
    const holders = new Set(waiting.map((one) => one.waiting?.holder));
    const rank = (one) => {
        if (isTurn(one))
            return 3;
        if (one.apcQueue.length > 0)
            return 0;
        return holders.has(one) ? 1 : 2;
    };
    const ordered = waiting.toSorted((left, right) => rank(left) - rank(right));
    const lines = ordered.map((one) => describe(one, placeOf));
    const cycle = findCycle(waiting);
    if (cycle !== null)
        lines.push(`deadlock: ${cycle.map((one) => one.name).join(' → ')}`);
    return lines;
}
function describe(thread, placeOf) {
    const { waiting } = thread;
    const step = thread.step === null ? '' : ` (step ${thread.step})`;
    const parts = [`${thread.name}${step} waits for ${waiting?.kind}: ${waiting?.what}`];
    if (waiting?.holder !== undefined)
        parts.push(`held by ${waiting.holder.name}`);
    for (const apc of thread.apcQueue) {
        const why = toldHeldBackBy(thread, apc) ?? 'the wait has not let it in';
        parts.push(`${apc.kind} kernel APC pending (${apc.what}), not delivered: ${why}`);
    }
    if (waiting?.inside !== undefined)
        parts.push(`in ${waiting.inside}`);
    const place = placeOf?.(thread) ?? null;
    if (place !== null)
        parts.push(`at ${place}`);
    return parts.join('; ');
}
/** Threads that hold what the one before waits for, back to the first; null when there are none. */
function findCycle(waiting) {
    for (const start of waiting) {
        const path = [start];
        let next = holderOf(start);
        while (next !== undefined && next.state === 'waiting' && path.length <= waiting.length) {
            path.push(next);
            if (next === start)
                return path;
            next = holderOf(next);
        }
    }
    return null;
}
/** Who waits for his turn waits for the workload, and holds nobody up. */
const holderOf = ({ waiting }) => waiting === null || bookkeeping.has(waiting.kind)
    ? undefined
    : waiting.holder;
