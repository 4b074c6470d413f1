// What was changed, and how to take it back, last change first. Work that is cut short at any point
// (a failure, an abort, a lost connection) unwinds the stack and leaves things as they were.
export class UndoStack {
    #undos = [];
    /** Before the change, not after it: the change may be made and its answer lost. */
    push(what, run) {
        this.#undos.push({ what, run });
    }
    get depth() {
        return this.#undos.length;
    }
    /** The changes stay; nothing is taken back any more. */
    keep() {
        this.#undos = [];
    }
    /**
     * Takes everything back, also what comes before an undo that fails. Never rejects: the caller is
     * often on its way out with an error of its own. `limit_ms` is for each undo, since the signal
     * of the work may be what ended it. Safe to repeat: each undo runs once.
     */
    async unwind(limit_ms = 60_000) {
        const failures = [];
        for (let undo = this.#undos.pop(); undo !== undefined; undo = this.#undos.pop()) {
            try {
                await undo.run(AbortSignal.timeout(limit_ms));
            }
            catch (error) {
                failures.push({ what: undo.what, error: error });
            }
        }
        return failures;
    }
}
/**
 * Runs `work`; if it fails, takes back what it pushed and rethrows its error. `onLeftover` hears of
 * what could not be taken back.
 */
export async function orUndo(undo, work, onLeftover = () => undefined) {
    try {
        return await work();
    }
    catch (error) {
        for (const failure of await undo.unwind())
            onLeftover(failure);
        throw error;
    }
}
