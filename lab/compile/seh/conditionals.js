export function structureOf(tokens) {
    return new Reader(tokens).read();
}
const NAME = /^#\s*(\w+)\s*([^]*?)\s*$/;
class Reader {
    #tokens;
    #at = 0;
    constructor(tokens) {
        this.#tokens = tokens;
    }
    /** Everything up to the #elif, #else or #endif of an enclosing group, or the end. */
    read() {
        const tokens = [];
        const skipped = [];
        for (let token = this.#peek(); token !== undefined; token = this.#peek()) {
            const name = directiveName(token);
            if (name === 'elif' || name === 'else' || name === 'endif')
                break;
            this.#at++;
            if (name === 'if' || name === 'ifdef' || name === 'ifndef') {
                const group = this.#readGroup(token);
                tokens.push(...group.tokens);
                skipped.push(...group.skipped);
            }
            else if (token.kind !== 'directive') {
                tokens.push(token);
            }
        }
        return { tokens, skipped };
    }
    #peek() {
        return this.#tokens[this.#at];
    }
    #readGroup(opening) {
        const branches = [{ ...this.read(), taken: conditionOf(opening) }];
        for (let token = this.#peek(); token !== undefined; token = this.#peek()) {
            this.#at++;
            if (directiveName(token) === 'endif')
                break;
            branches.push({ ...this.read(), taken: conditionOf(token) });
        }
        return choose(branches);
    }
}
function choose(branches) {
    const always = branches.findIndex((one) => one.taken === 'always');
    const possible = branches
        .slice(0, always < 0 ? branches.length : always + 1)
        .filter((one) => one.taken !== 'never');
    const nested = possible.flatMap((one) => one.skipped);
    if (possible.every((one) => nestsWell(one.tokens))) {
        return { tokens: possible.flatMap((one) => one.tokens), skipped: nested };
    }
    const [first, ...others] = possible;
    return {
        tokens: first?.tokens ?? [],
        skipped: [...nested, ...others.flatMap((one) => one.tokens)],
    };
}
function nestsWell(tokens) {
    const depth = { '{': 0, '(': 0 };
    for (const { text } of tokens) {
        if (text === '{' || text === '(')
            depth[text]++;
        if (text === '}')
            depth['{']--;
        if (text === ')')
            depth['(']--;
        if (depth['{'] < 0 || depth['('] < 0)
            return false;
    }
    return depth['{'] === 0 && depth['('] === 0;
}
export function directiveName(token) {
    return token.kind === 'directive' ? NAME.exec(token.text)?.[1] : undefined;
}
/** Only what needs no macro's value: drivers are C, and `#if 0` is a comment. */
function conditionOf(token) {
    const [, name, rest = ''] = NAME.exec(token.text) ?? [];
    const condition = rest.replace(/\/\*[^]*?\*\/|\/\/.*/g, '').trim();
    if (name === 'ifdef' && condition === '__cplusplus')
        return 'never';
    if (name === 'ifndef' && condition === '__cplusplus')
        return 'always';
    if (name === 'if' && /^\(?\s*0\s*\)?$/.test(condition))
        return 'never';
    if (name === 'if' && /^\(?\s*1\s*\)?$/.test(condition))
        return 'always';
    return 'unknown';
}
