// Clang has no __try for wasm32. This turns it, and try/except/finally/leave of the WDK, into frames
// and setjmp before the compiler sees the source; no line moves.
import { structureOf } from './conditionals.ts';
import { applyEdits } from './edits.ts';
import { rewriteFunction } from './functionRewriter.ts';
import { effectsOf, isSehWord } from './macros.ts';
import { SehRefusal } from './refusal.ts';
import { tokenize } from './tokens.ts';
/** A quick look: true for every file that may need rewriting. */
export const mayUseSeh = (text) => /\b__(?:try|except|finally)\b|\btry\s*\{|\bfinally\s*\{/.test(text);
/**
 * Rewrites one file; undefined if it has no __try outside of comments and strings.
 * Throws SehRefusal for what cannot be carried over faithfully.
 */
export function rewriteSeh(source, tokens = tokenize(source), macros = new Map()) {
    const structure = structureOf(tokens);
    refuseHidden(structure, macros);
    let frames = 0;
    const nextId = () => ++frames;
    const edits = [];
    const functions = findFunctions(structure.tokens, tokens);
    for (const { first, bodyStart, end } of functions) {
        const body = structure.tokens.slice(first, end);
        if (!body.some((token, at) => isSehWord(token.text, body[at + 1]?.text)))
            continue;
        refuseSkippedExits(structure.skipped, body);
        edits.push(...rewriteFunction({ tokens: body, bodyStart: bodyStart - first, macros, nextId }));
    }
    refuseStray(structure.tokens, functions);
    return edits.length === 0 ? undefined : applyEdits(source, edits);
}
function refuseHidden({ tokens, skipped }, macros) {
    const macro = tokens.find((token) => token.kind === 'word' && effectsOf(token.text, macros).seh);
    if (macro !== undefined) {
        throw new SehRefusal(macro.line, `a part of a __try hidden in the macro ${macro.text}`);
    }
    const other = skipped.find((token, at) => isSehWord(token.text, skipped[at + 1]?.text));
    if (other !== undefined) {
        throw new SehRefusal(other.line, 'a __try in an #if whose alternatives nest differently');
    }
}
/** A keyword outside of what was found to be a function would be left to confuse the compiler. */
function refuseStray(tokens, functions) {
    for (const [at, { text, line }] of tokens.entries()) {
        if (!isSehWord(text, tokens[at + 1]?.text))
            continue;
        if (functions.some(({ bodyStart, end }) => bodyStart <= at && at < end))
            continue;
        throw new SehRefusal(line, `a ${text} outside of a function: its braces do not match`);
    }
}
function findFunctions(tokens, all) {
    const directives = all.filter((token) => token.kind === 'directive');
    const found = [];
    let first = 0;
    for (let at = 0; at < tokens.length; at++) {
        const text = tokens[at]?.text;
        if (text === ';')
            first = at + 1;
        if (text !== '{')
            continue;
        const end = endOfGroup(tokens, at);
        if (isFunctionBody(tokens, first, at)) {
            const opening = tokens[at];
            const last = directives.findLast((one) => one.start < opening.start)?.end ?? 0;
            while (first < at && tokens[first].start < last)
                first++;
            found.push({ first, bodyStart: at, end });
            first = end;
        }
        at = end - 1;
    }
    return found;
}
/** A body follows the parameters, perhaps behind an annotation; an initializer follows "=". */
function isFunctionBody(tokens, first, brace) {
    let depth = 0;
    let hasParameters = false;
    for (const { text } of tokens.slice(first, brace)) {
        if (text === '(')
            depth++;
        if (text === ')')
            depth--;
        if (text === '=' && depth === 0)
            return false;
        hasParameters ||= depth > 0;
    }
    return hasParameters && depth === 0;
}
function endOfGroup(tokens, start) {
    let depth = 0;
    for (let at = start; at < tokens.length; at++) {
        if (tokens[at]?.text === '{')
            depth++;
        if (tokens[at]?.text === '}' && --depth === 0)
            return at + 1;
    }
    return tokens.length;
}
const EXITS = new Set(['return', 'break', 'continue', 'goto']);
/** Alternatives that were not kept are compiled, too, when their condition holds. */
function refuseSkippedExits(skipped, body) {
    const [start, end] = [body[0]?.start ?? 0, body.at(-1)?.end ?? 0];
    const exit = skipped.find((token) => EXITS.has(token.text) && token.start >= start && token.end <= end);
    if (exit === undefined)
        return;
    throw new SehRefusal(exit.line, `a ${exit.text} in an #if whose alternatives nest differently, in a function with __try`);
}
