// The oplocks on one stream, as the run-time library keeps them for file systems: who holds which,
// whose break is under way, who waits for it. Knows opens, IRPs and levels only; it never waits and
// never completes a request: what has to be completed is returned.
import { NtStatus } from '../../../contract/windows/index.ts';
import { cachingOf, decisions, isCaching, isExclusive, levelOfCaching, lower, } from './decisions.ts';
/** IoStatus.Information of a legacy request. */
const FILE_OPLOCK_BROKEN_TO_LEVEL_2 = 7;
const FILE_OPLOCK_BROKEN_TO_NONE = 8;
const refused = {
    status: NtStatus.STATUS_INVALID_OPLOCK_PROTOCOL,
    information: 0,
    granted: false,
    ended: false,
};
export class Oplock {
    holders = [];
    /** Requests that wait for the end of a break, in the order in which they came. */
    waiting = [];
    /** FSCTL_OPLOCK_BREAK_NOTIFY: wait for the same, and have nothing else to do. */
    watching = [];
    get isEmpty() {
        return this.holders.length === 0;
    }
    get isBreaking() {
        return this.holders.some(({ irp }) => irp === null);
    }
    /** Breaks what the operation does not go with. `levels` are the kinds that are looked at. */
    check(operation, key, levels = () => true) {
        const told = [];
        let waits = false;
        for (const holder of [...this.holders]) {
            const decision = decisions[operation][holder.level];
            if (decision === undefined || !levels(holder.level))
                continue;
            if (holder.open.oplockKey === key && !decision.evenOwn)
                continue;
            waits ||= decision.waits;
            if (holder.irp === null)
                holder.breakingTo = lower(holder.breakingTo, decision.to);
            else
                told.push(this.break(holder, holder.irp, decision));
        }
        return { told, waits };
    }
    /** Whether the operation would break anything: FILE_OPEN_REQUIRING_OPLOCK asks first. */
    wouldBreak(operation, key, levels) {
        return this.holders.some(({ level, open }) => levels(level) && decisions[operation][level] !== undefined && open.oplockKey !== key);
    }
    break(holder, irp, { to, acknowledged }) {
        holder.irp = null;
        holder.breakingTo = to;
        if (!acknowledged)
            this.holders = this.holders.filter((one) => one !== holder);
        return brokenTo(holder.level, irp, to, acknowledged);
    }
    /**
     * Grants the request, or says why not. Models: DDI "Granting Oplocks", the table of conditions on
     * what is held already. `isAlone`: every open of the stream has the key of this one.
     */
    request(open, level, irp, { isAlone }) {
        const isMine = (holder) => holder.open.oplockKey === open.oplockKey;
        const fits = this.holders.every((holder) => holder.irp !== null && goesBeside(level, holder.level, isMine(holder)));
        if (!fits || (isExclusive(level) && !isAlone))
            return { granted: false, told: [] };
        // What this key had before goes over into the new one; a legacy oplock takes level 2 away.
        const replaced = this.holders.filter((holder) => isCaching(level) ? isMine(holder) && isCaching(holder.level) : isExclusive(level));
        this.holders = this.holders.filter((holder) => !replaced.includes(holder));
        this.grant(open, level, irp);
        return { granted: true, told: replaced.flatMap(switched) };
    }
    grant(open, level, irp) {
        this.holders.push({ open, level, irp, breakingTo: 'none', closes: false });
    }
    /** Models: DDI "Acknowledging Oplock Breaks"; [MS-FSA] 2.1.5.19. */
    acknowledge(open, how, irp) {
        const holder = this.holders.find((one) => one.open === open && one.irp === null);
        if (holder === undefined || holder.closes)
            return refused;
        const isObject = typeof how === 'object';
        if (isObject !== isCaching(holder.level))
            return refused;
        if (how === 'close-pending' && holder.level !== 'level-1') {
            holder.closes = true;
            return { ...refused, status: NtStatus.STATUS_SUCCESS };
        }
        return isObject
            ? this.acknowledgeCaching(holder, how.caching, irp)
            : this.acknowledgeLegacy(holder, how, irp);
    }
    acknowledgeLegacy(holder, how, irp) {
        this.remove(holder);
        const ended = { status: NtStatus.STATUS_SUCCESS, information: 0, granted: false, ended: true };
        if (how !== 'accept' || holder.breakingTo !== 'level-2')
            return ended;
        this.grant(holder.open, 'level-2', irp);
        return { ...ended, status: NtStatus.STATUS_PENDING, granted: true };
    }
    /** No more than was offered; where less is left by now, that is told at once. */
    acknowledgeCaching(holder, caching, irp) {
        const level = levelOfCaching(caching);
        const kept = cachingOf(holder.level);
        if (level === undefined || (caching & ~kept) !== 0 || caching === kept)
            return refused;
        const left = lower(level, holder.breakingTo);
        this.remove(holder);
        const ended = { status: NtStatus.STATUS_SUCCESS, information: 0, granted: false, ended: true };
        if (level === 'none')
            return ended;
        if (left !== level) {
            const told = { original: caching, now: 0, acknowledge: false };
            return { ...ended, caching: told };
        }
        this.grant(holder.open, level, irp);
        return { ...ended, status: NtStatus.STATUS_PENDING, granted: true };
    }
    /** The handle has gone: its oplocks end, and a break of them is over. */
    close(open) {
        const own = this.holders.filter((holder) => holder.open === open);
        this.holders = this.holders.filter((holder) => holder.open !== open);
        return {
            told: own.flatMap((holder) => (holder.irp === null ? [] : [closed(holder, holder.irp)])),
            ended: own.some(({ irp }) => irp === null),
        };
    }
    /** The request of an oplock is being cancelled: the oplock goes with it. */
    forget(irp) {
        this.holders = this.holders.filter((holder) => holder.irp !== irp);
        this.waiting = this.waiting.filter((one) => one !== irp);
        this.watching = this.watching.filter((one) => one !== irp);
    }
    wait(irp) {
        this.waiting.push(irp);
    }
    watch(irp) {
        this.watching.push(irp);
    }
    takeWatching() {
        const status = NtStatus.STATUS_SUCCESS;
        return this.watching.splice(0).map((irp) => ({ irp, status, caching: null, information: 0 }));
    }
    /** All who waited for the end of a break: they look again for themselves. */
    takeWaiting() {
        return this.waiting.splice(0);
    }
    remove(holder) {
        this.holders = this.holders.filter((one) => one !== holder);
    }
}
/** Whether a new oplock of this level may stand beside one that is held. */
function goesBeside(wanted, held, isMine) {
    switch (wanted) {
        case 'level-1':
        case 'batch':
        case 'filter':
            return held === 'level-2';
        case 'level-2':
            return held === 'level-2' || held === 'R';
        case 'R':
            return held === 'level-2' || held === 'R' || (held === 'RH' && !isMine);
        case 'RH':
            return held === 'R' || held === 'RH';
        case 'RW':
            return isMine && (held === 'R' || held === 'RW');
        case 'RWH':
            return isMine && isCaching(held);
    }
}
const legacyInformation = (to) => to === 'level-2' ? FILE_OPLOCK_BROKEN_TO_LEVEL_2 : FILE_OPLOCK_BROKEN_TO_NONE;
function brokenTo(level, irp, to, acknowledge) {
    const status = NtStatus.STATUS_SUCCESS;
    if (!isCaching(level))
        return { irp, status, caching: null, information: legacyInformation(to) };
    const caching = { original: cachingOf(level), now: cachingOf(to), acknowledge };
    return { irp, status, caching, information: 0 };
}
function closed({ level }, irp) {
    const told = brokenTo(level, irp, 'none', false);
    return isCaching(level) ? { ...told, status: NtStatus.STATUS_OPLOCK_HANDLE_CLOSED } : told;
}
function switched({ level, irp }) {
    if (irp === null)
        return [];
    const told = brokenTo(level, irp, 'none', false);
    return [
        isCaching(level) ? { ...told, status: NtStatus.STATUS_OPLOCK_SWITCHED_TO_NEW_HANDLE } : told,
    ];
}
