// ERESOURCE. Models: DDI ExAcquireResourceExclusiveLite, ExAcquireResourceSharedLite: recursive; a
// shared request waits behind an exclusive one that waits; an exclusive owner may take it shared.
// Differs: no priority boost, no ExConvertExclusiveToShared yet.
import { BugCheck } from '../../contract/windows/index.ts';
import { BugcheckSignal } from './kernel.ts';
export class ResourceRecord {
    address;
    owners = new Map();
    waiters = [];
    exclusive = false;
    scheduler;
    wanted = new Map();
    constructor(address, scheduler) {
        this.address = address;
        this.scheduler = scheduler;
    }
    acquire(how, wait) {
        const thread = this.scheduler.current;
        if (this.take(thread, how))
            return true;
        return wait ? this.waitUntilMine(thread, how) : false;
    }
    tryTake(thread) {
        return this.take(thread, this.wanted.get(thread) ?? 'shared');
    }
    release(thread) {
        const count = this.owners.get(thread);
        if (count === undefined) {
            throw new BugcheckSignal(BugCheck.RESOURCE_NOT_OWNED, [
                hex(this.address),
                hex(thread.address),
            ]);
        }
        if (count > 1) {
            this.owners.set(thread, count - 1);
            return;
        }
        this.owners.delete(thread);
        if (this.owners.size === 0)
            this.exclusive = false;
        this.handOver();
    }
    take(thread, how) {
        const mine = this.owners.get(thread);
        if (mine !== undefined && (this.exclusive || how === 'shared')) {
            this.owners.set(thread, mine + 1);
            return true;
        }
        const free = this.owners.size === 0;
        const shareable = how === 'shared' && !this.exclusive && !this.exclusiveAhead(thread);
        if (!free && !shareable)
            return false;
        this.owners.set(thread, 1);
        this.exclusive = how === 'exclusive';
        return true;
    }
    /** Whether somebody waits for it exclusively, and came before this thread. */
    exclusiveAhead(of) {
        for (const thread of this.waiters) {
            if (thread === of)
                return false;
            if (this.wanted.get(thread) === 'exclusive')
                return true;
        }
        return false;
    }
    async waitUntilMine(thread, how) {
        const holder = this.owners.keys().next().value;
        const reason = { kind: 'resource', what: `ERESOURCE ${hex(this.address)}, ${how}` };
        this.wanted.set(thread, how);
        await this.scheduler.waitFor(this, holder === undefined ? reason : { ...reason, holder });
        this.wanted.delete(thread);
        return true;
    }
    /** Gives it to those that wait, in order, until one cannot have it. */
    handOver() {
        for (;;) {
            const first = this.waiters[0];
            if (first === undefined || !this.tryTake(first))
                return;
            this.waiters.shift();
            this.scheduler.grant(first);
        }
    }
}
const hex = (address) => `0x${address.toString(16)}`;
