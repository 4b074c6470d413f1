// Splits C into tokens, well enough to find statements: comments and line splices are stepped over,
// a preprocessor directive is one token.
/** What may stand at a place, tried in this order. Sticky: each matches at lastIndex only. */
const skipped = /(?:\s|\\\r?\n|\/\/(?:\\\r?\n|[^\n])*|\/\*[^]*?(?:\*\/|$))+/y;
const rules = [
    ['text', /(?:L|u8|u|U)?"(?:\\[^]|[^"\\\n])*"?|(?:L|u|U)?'(?:\\[^]|[^'\\\n])*'?/y],
    ['word', /[A-Za-z_$][\w$]*/y],
    ['number', /\.?\d(?:[eEpP][+-]|[\w.])*/y],
    ['mark', /->|[^]/y],
];
/** To the end of the line, through splices and comments that begin on it. */
const directive = /#(?:\\\r?\n|\/\*[^]*?\*\/|\/\/(?:\\\r?\n|[^\n])*|[^\n])*/y;
export function tokenize(source) {
    const tokens = [];
    let line = 1;
    let atLineStart = true;
    for (let at = 0; at < source.length;) {
        const blank = matchAt(skipped, source, at);
        if (blank !== '') {
            const breaks = countNewlines(blank);
            atLineStart ||= breaks > 0;
            line += breaks;
            at += blank.length;
            continue;
        }
        const isDirective = atLineStart && source[at] === '#';
        const [kind, text] = isDirective
            ? ['directive', matchAt(directive, source, at)]
            : readToken(source, at);
        tokens.push({ kind, text, start: at, end: at + text.length, line });
        line += countNewlines(text);
        at += text.length;
        atLineStart = false;
    }
    return tokens;
}
function readToken(source, at) {
    for (const [kind, rule] of rules) {
        const text = matchAt(rule, source, at);
        if (text !== '')
            return [kind, text];
    }
    return ['mark', source.slice(at, at + 1)];
}
function matchAt(rule, source, at) {
    rule.lastIndex = at;
    return rule.exec(source)?.[0] ?? '';
}
export function countNewlines(text) {
    let count = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1))
        count++;
    return count;
}
