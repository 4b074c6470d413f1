export class Turns {
    scheduler;
    steps;
    actors;
    rounds;
    position = 0;
    constructor(scheduler, steps, threads, rounds = 1) {
        this.scheduler = scheduler;
        // As written everyone has always arrived at a barrier.
        this.steps = steps.filter((step) => step.do !== 'barrier');
        this.rounds = rounds;
        this.actors = new Map([...threads].map(([actor, thread]) => [
            actor,
            { myTurn: scheduler.createEvent('synchronization', false), thread },
        ]));
    }
    /** The actor's next step, once the one before it has returned; null when there is none left. */
    async next(actor) {
        for (;;) {
            const step = this.at(this.position);
            if (step === undefined)
                return null;
            if (step.actor === actor)
                return step;
            const me = this.actors.get(actor);
            const holder = this.actors.get(step.actor)?.thread;
            if (me === undefined)
                return null;
            await this.scheduler.waitForEvent(me.myTurn, {
                kind: 'turn',
                what: `step ${step.id} of ${step.actor}`,
                ...(holder === undefined ? {} : { holder }),
            });
        }
    }
    /** The current step has returned. */
    pass() {
        const before = this.at(this.position);
        this.position += 1;
        const after = this.at(this.position);
        if (after === undefined)
            for (const { myTurn } of this.actors.values())
                myTurn.set();
        else if (after.actor !== before?.actor)
            this.actors.get(after.actor)?.myTurn.set();
    }
    at(position) {
        const { steps, rounds } = this;
        return position < steps.length * rounds ? steps[position % steps.length] : undefined;
    }
}
