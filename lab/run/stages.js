import { throwIfCancelled } from '../data/cancellation.ts';
import { UndoStack } from '../data/undoStack.ts';
export class Stages {
    timings = [];
    undos = new UndoStack();
    signal;
    report;
    now;
    constructor(signal, report, now = () => performance.now()) {
        this.signal = signal;
        this.report = report;
        this.now = now;
    }
    /** Runs one stage; cancelled before it or in it, the run ends with 'run.cancelled'. */
    async run(stage, text, work) {
        throwIfCancelled(this.signal, `the stage "${stage}"`);
        this.report(stage, text);
        const started = this.now();
        try {
            const result = await work((detail) => this.report(stage, detail));
            // A stage that does not look at the signal has still been asked to stop.
            throwIfCancelled(this.signal, `the stage "${stage}"`);
            return result;
        }
        finally {
            this.timings.push([stage, this.now() - started]);
        }
    }
    /** Registers how to take something back; `what` names it if that fails. */
    undo(what, undo) {
        this.undos.push(what, undo);
    }
    /** Takes everything back, the last first. Returns what could not be, in words. */
    async unwind() {
        const failures = await this.undos.unwind();
        return failures.map(({ what, error }) => `${what}: ${error.message}`);
    }
}
