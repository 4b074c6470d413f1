// A construct that the rewriter cannot carry over faithfully. It is refused by name, never guessed.
export class SehRefusal extends Error {
    name = 'SehRefusal';
    line;
    constructor(line, what) {
        super(what);
        this.line = line;
    }
}
