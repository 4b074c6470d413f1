// The macros of a sample, for what the rewriter must know of them: whether one hides a way out of a
// __try, or a piece of a __try statement.
import { directiveName } from './conditionals.ts';
import { tokenize } from './tokens.ts';
const DEFINE = /^#\s*define\s+(\w+)(?:\(([^)]*)\))?([^]*)$/;
/** excpt.h's own names for the keywords. */
const ALIASES = new Set(['try', 'except', 'finally', 'leave']);
export function collectMacros(files) {
    const macros = new Map();
    for (const token of files.flat()) {
        if (directiveName(token) !== 'define')
            continue;
        const [, name = '', parameters, body = ''] = DEFINE.exec(token.text) ?? [];
        if (ALIASES.has(name))
            continue;
        macros.set(name, {
            name,
            parameters: parameters?.split(',').map((one) => one.trim()) ?? [],
            body: tokenize(` ${body}`),
        });
    }
    return macros;
}
const NONE = { returns: false, breaks: false, labels: [], seh: false, loops: false };
const LOOPS = new Set(['for', 'while', 'do']);
const CATCHES_BREAK = new Set([...LOOPS, 'switch']);
export function effectsOf(name, macros, above = []) {
    const macro = macros.get(name);
    if (macro === undefined || above.includes(name))
        return NONE;
    const words = macro.body.map((token) => token.text);
    const inner = words
        .filter((word) => word !== name)
        .map((word) => effectsOf(word, macros, [...above, name]));
    const catchesBreak = words.some((word) => CATCHES_BREAK.has(word));
    const breaksOut = words.includes('break') || words.includes('continue');
    return {
        returns: words.includes('return') || inner.some((one) => one.returns),
        breaks: !catchesBreak && (breaksOut || inner.some((one) => one.breaks)),
        labels: [
            ...words.flatMap((word, at) => (word === 'goto' ? [words[at + 1] ?? ''] : [])),
            ...inner.flatMap((one) => one.labels),
        ],
        seh: words.some((word, at) => isSehWord(word, words[at + 1])) || inner.some((one) => one.seh),
        loops: words.some((word) => LOOPS.has(word)) || inner.some((one) => one.loops),
    };
}
/** `try`, `except` and `finally` are names like any other unless they stand as the keywords do. */
export function isSehWord(word, next) {
    switch (word) {
        case '__try':
        case '__except':
        case '__finally':
            return true;
        case 'try':
        case 'finally':
            return next === '{';
        case 'except':
            return next === '(';
        default:
            return false;
    }
}
