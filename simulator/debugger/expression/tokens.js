// Splits an expression into tokens, for both of kd's evaluators.
import { syntaxError } from '../failure.ts';
const NUMBER = /^(0x[0-9a-f`]+|0n[0-9]+|0y[01]+|[0-9][0-9a-f`]*h?\b)/i;
const DECIMAL = /^(0x[0-9a-f`]+|0n[0-9]+|[0-9]+)(?:[ul]*)\b/i;
const HEX_WORD = /^[a-f][0-9a-f`]*\b(?![!\w])/i;
const NAME = /^[A-Za-z_][\w]*(?:![A-Za-z_~][\w]*)?/;
const SPECIAL = /^@@(?:c\+\+|masm)?(?=\()|^@\$?[A-Za-z_]\w*/;
const OPERATOR = /^(->|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^~!<>?:()[\].,])/;
/** `hexByDefault`: "f34" is a number, as in kd's own evaluator. */
export function tokenize(text, hexByDefault) {
    const tokens = [];
    let rest = text.trimStart();
    while (rest !== '') {
        const token = next(rest, hexByDefault);
        if (token === undefined)
            throw syntaxError(rest);
        tokens.push(token);
        rest = rest.slice(token.text.length).trimStart();
    }
    return [...tokens, { kind: 'end', text: '' }];
}
function next(rest, hexByDefault) {
    const special = SPECIAL.exec(rest);
    if (special !== null)
        return { kind: 'special', text: special[0] };
    const number = (hexByDefault ? NUMBER : DECIMAL).exec(rest);
    if (number !== null)
        return { kind: 'number', text: number[0] };
    if (hexByDefault) {
        const word = HEX_WORD.exec(rest);
        if (word !== null)
            return { kind: 'number', text: word[0] };
    }
    const name = NAME.exec(rest);
    if (name !== null)
        return { kind: 'name', text: name[0] };
    const operator = OPERATOR.exec(rest);
    return operator === null ? undefined : { kind: 'operator', text: operator[0] };
}
export function numberOfText(text, hexByDefault) {
    const plain = text.replaceAll('`', '').replace(/h$/i, '');
    const lower = plain.toLowerCase();
    if (lower.startsWith('0x'))
        return BigInt(lower);
    if (lower.startsWith('0n'))
        return BigInt(lower.slice(2));
    if (lower.startsWith('0y'))
        return BigInt(`0b${lower.slice(2)}`);
    return hexByDefault ? BigInt(`0x${lower}`) : BigInt(lower.replace(/[ul]+$/, ''));
}
/** Reads tokens one by one. */
export class TokenReader {
    tokens;
    at = 0;
    constructor(tokens) {
        this.tokens = tokens;
    }
    get peek() {
        return this.tokens[this.at] ?? { kind: 'end', text: '' };
    }
    get after() {
        return this.tokens[this.at + 1] ?? { kind: 'end', text: '' };
    }
    take() {
        const token = this.peek;
        this.at += 1;
        return token;
    }
    accept(...operators) {
        const { kind, text } = this.peek;
        if (kind !== 'operator' || !operators.includes(text))
            return null;
        this.at += 1;
        return text;
    }
    expect(operator) {
        if (this.accept(operator) === null)
            throw syntaxError(this.rest);
    }
    get rest() {
        return this.tokens
            .slice(this.at)
            .map(({ text }) => text)
            .join(' ')
            .trim();
    }
    get position() {
        return this.at;
    }
    set position(at) {
        this.at = at;
    }
}
