// Changes to a text that keep every line where it is, and the way back from a changed place.
import { assert } from '../../../contract/assert.ts';
import { countNewlines } from './tokens.ts';
/** Edits at one offset are applied in the order given. Newlines of what is replaced are kept. */
export function applyEdits(original, edits) {
    const ordered = [...edits].sort((left, right) => left.start - right.start);
    const pieces = [];
    let text = '';
    let position = 0;
    for (const { start, end, text: added } of ordered) {
        assert(start >= position, 'edits do not overlap');
        assert(!added.includes('\n'), 'what is added stays on its line');
        pieces.push({ from: position, at: text.length, added: false });
        text += original.slice(position, start);
        pieces.push({ from: start, at: text.length, added: true });
        text += added + '\n'.repeat(countNewlines(original.slice(start, end)));
        position = end;
    }
    pieces.push({ from: position, at: text.length, added: false });
    text += original.slice(position);
    const toOriginal = (offset) => {
        const piece = pieces.findLast((one) => one.at <= offset);
        if (piece === undefined)
            return offset;
        // Inside added text every place stands for where it was added.
        return piece.added ? piece.from : piece.from + offset - piece.at;
    };
    return {
        text,
        originalColumn(line, column) {
            const offset = toOriginal(startOfLine(text, line) + column - 1);
            return Math.max(offset - startOfLine(original, line), 0) + 1;
        },
    };
}
function startOfLine(text, line) {
    let start = 0;
    for (let rest = line - 1; rest > 0; rest--) {
        const newline = text.indexOf('\n', start);
        if (newline < 0)
            return text.length;
        start = newline + 1;
    }
    return start;
}
