const WORKERS_MAX = 16;
export class WorkQueueThreads {
    scheduler;
    process;
    items = [];
    /** One per idle worker, the longest idle first. */
    idle = [];
    workers = 0;
    constructor(scheduler, process) {
        this.scheduler = scheduler;
        this.process = process;
    }
    queue(what, routine) {
        this.items.push({ what, routine });
        const waiting = this.idle.shift();
        if (waiting !== undefined)
            waiting.set();
        else if (this.workers < WORKERS_MAX)
            this.startWorker();
    }
    startWorker() {
        this.workers += 1;
        const name = `worker-${this.workers}`;
        this.scheduler.createThread(this.process, name, () => this.work(), { daemon: true });
    }
    async work() {
        const wakeUp = this.scheduler.createEvent('synchronization', false);
        for (;;) {
            const item = this.items.shift();
            if (item === undefined) {
                this.idle.push(wakeUp);
                await this.scheduler.waitForEvent(wakeUp, { kind: 'idle', what: 'work' });
                continue;
            }
            const done = item.routine();
            if (done !== undefined)
                await done;
        }
    }
}
