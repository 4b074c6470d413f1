// Text that arrives in pieces, cut into lines; both ends of the agent's protocol read with it. A line
// beyond the limit is never collected in memory: the reader is told at once and gives up.
export class LineSplitter {
    /** The pieces of the line that has not ended yet; joined once, when it does. */
    pending = [];
    pendingLength = 0;
    overflowed = false;
    limit;
    /** `limit` is asked for each piece, in UTF-16 units: it may grow when the other end is known. */
    constructor(limit) {
        this.limit = limit;
    }
    /** The lines that `piece` completes, without their ends; `undefined` once a line is too long. */
    push(piece) {
        if (this.overflowed)
            return undefined;
        const longest = this.limit();
        const lines = [];
        let start = 0;
        for (;;) {
            const end = piece.indexOf('\n', start);
            const part = piece.slice(start, end === -1 ? piece.length : end);
            if (this.pendingLength + part.length > longest)
                return this.overflow();
            this.pending.push(part);
            this.pendingLength += part.length;
            if (end === -1)
                return lines;
            lines.push(this.pending.join(''));
            this.pending = [];
            this.pendingLength = 0;
            start = end + 1;
        }
    }
    overflow() {
        this.overflowed = true;
        this.pending = [];
        return undefined;
    }
}
