const constants = {
    EXCEPTION_EXECUTE_HANDLER: 'execute',
    '1': 'execute',
    TRUE: 'execute',
    EXCEPTION_CONTINUE_SEARCH: 'search',
    '0': 'search',
    FALSE: 'search',
    EXCEPTION_CONTINUE_EXECUTION: 'continue-execution',
    '-1': 'continue-execution',
};
/** `filter` without its outer parentheses; `around` is the function with all its filters left out. */
export function classifyFilter(filter, around, macros) {
    const bare = filter.filter(({ text }) => text !== '(' && text !== ')');
    const kind = constants[bare.map(({ text }) => text).join('')];
    if (kind !== undefined)
        return { kind };
    const suspects = possibleLocals(around);
    return { kind: namesOne(filter, suspects, macros, []) ? 'inline' : 'function' };
}
/** Words that may be locals of the function: all that are not called and not all capitals. */
function possibleLocals(around) {
    return new Set(around
        .filter(({ kind, text }, at) => {
        if (kind !== 'word' || /^[A-Z][A-Z0-9_]+$/.test(text))
            return false;
        return around[at + 1]?.text !== '(';
    })
        .map(({ text }) => text));
}
function namesOne(tokens, suspects, macros, above) {
    return tokens.some(({ kind, text }, at) => {
        if (kind !== 'word')
            return false;
        const before = tokens[at - 1]?.text;
        if (before === '.' || before === '->')
            return false;
        if (suspects.has(text))
            return true;
        const macro = macros.get(text);
        return (macro !== undefined &&
            !above.includes(text) &&
            namesOne(macro.body.filter((one) => !macro.parameters.includes(one.text)), suspects, macros, [...above, text]));
    });
}
