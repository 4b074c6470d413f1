export class Timers {
    sorted = [];
    set(thread, due_100ns) {
        const timer = { due_100ns, thread, waitNumber: thread.waitNumber };
        // Behind those that are due at the same time, so that the earlier wait ends first.
        let place = this.sorted.length;
        while (place > 0 && this.sorted[place - 1].due_100ns > due_100ns)
            place -= 1;
        this.sorted.splice(place, 0, timer);
    }
    /** When the next one that still matters is due; null when there is none. */
    nextDue() {
        this.dropStale();
        return this.sorted[0]?.due_100ns ?? null;
    }
    /** Takes the threads whose time has come by `now_100ns`, in order. */
    takeDue(now_100ns) {
        const due = [];
        for (;;) {
            const next = this.nextDue();
            if (next === null || next > now_100ns)
                return due;
            due.push(this.sorted.shift().thread);
        }
    }
    dropStale() {
        for (;;) {
            const first = this.sorted[0];
            if (first === undefined || first.thread.waitNumber === first.waitNumber)
                return;
            this.sorted.shift();
        }
    }
}
