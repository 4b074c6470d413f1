export class TraceSink {
    /** Off while the set-up of a workload runs. */
    enabled = true;
    keep;
    current;
    seq = 0;
    constructor(keep, current) {
        this.keep = keep;
        this.current = current;
    }
    emit(event) {
        if (!this.enabled)
            return;
        const thread = this.current();
        const actor = event.actor ?? thread.actor;
        const step = event.step ?? thread.step;
        const { seq } = this;
        const { kind } = event;
        const { name } = thread;
        const rest = event;
        // The order of the keys is that of the text; a spread keeps the place of a key that is there.
        const placed = actor === null || step === null
            ? { ...placeOf(seq, kind, actor, step), thread: name, ...rest }
            : { seq, kind, actor, step, thread: name, ...rest };
        this.seq += 1;
        // Step and completion events always name their own actor and step, as their schema demands.
        this.keep(placed);
    }
}
function placeOf(seq, kind, actor, step) {
    if (actor !== null)
        return { seq, kind, actor };
    if (step !== null)
        return { seq, kind, step };
    return { seq, kind };
}
