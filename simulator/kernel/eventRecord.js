export class EventRecord {
    kind;
    waiters = [];
    signalled;
    granter;
    constructor(kind, signalled, granter) {
        this.kind = kind;
        this.signalled = signalled;
        this.granter = granter;
    }
    tryTake() {
        if (!this.signalled)
            return false;
        if (this.kind === 'synchronization')
            this.signalled = false;
        return true;
    }
    /** KeSetEvent: whoever waits now is freed, even if the event is reset before it runs. */
    set() {
        if (this.kind === 'notification') {
            this.signalled = true;
            for (const thread of this.waiters.splice(0))
                this.granter.grant(thread);
            return;
        }
        const first = this.waiters.shift();
        if (first === undefined)
            this.signalled = true;
        else
            this.granter.grant(first);
    }
    reset() {
        this.signalled = false;
    }
}
