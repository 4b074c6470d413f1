export class Meetings {
    scheduler;
    meetings = new Map();
    constructor(scheduler) {
        this.scheduler = scheduler;
    }
    /** Waits until as many as `expected` have arrived at the barrier. */
    async arrive(barrier, expected) {
        const known = this.meetings.get(barrier);
        const meeting = known ?? {
            arrived: 0,
            complete: this.scheduler.createEvent('notification', false),
        };
        if (known === undefined)
            this.meetings.set(barrier, meeting);
        meeting.arrived += 1;
        if (meeting.arrived === expected)
            meeting.complete.set();
        const what = `${expected - meeting.arrived} more at barrier ${barrier}`;
        await this.scheduler.waitForEvent(meeting.complete, { kind: 'turn', what });
    }
}
