// kd's own evaluator: numbers are hexadecimal, a symbol is its address, poi() reads a pointer, @@() goes
// to the C++ evaluator.
import { cannotResolve, hex8, memoryError, noRegisters, syntaxError } from '../failure.ts';
import { evaluateCpp, numericValue } from './cpp.ts';
import { findVariable } from './scope.ts';
import { numberOfText, tokenize, TokenReader } from './tokens.ts';
const REGISTERS = /^@(e?[abcd]x|e?[sd]i|e?[sb]p|eip|efl|[abcd][lh]|[cdefgs]s|r[0-9a-d]+|r[abcds][xip]|rip|rsp)$/i;
/** An address: 32 bits. */
export function evaluateMasm(scope, text) {
    if (text.trim() === '')
        throw syntaxError('');
    const { plain, nested } = takeOutCpp(text);
    const reader = new TokenReader(tokenize(plain, true));
    const value = sum({ scope, reader, nested });
    if (reader.peek.kind !== 'end')
        throw syntaxError(reader.rest);
    return Number(BigInt.asUintN(32, value));
}
/** Numbers in @@(…) are written in another way, so that it is read apart. */
function takeOutCpp(text) {
    const nested = new Map();
    let plain = text;
    for (;;) {
        const found = /@@(?:c\+\+)?\(/.exec(plain);
        if (found === null)
            return { plain, nested };
        const open = found.index + found[0].length - 1;
        const end = closing(plain, open);
        if (end === -1)
            throw syntaxError(text);
        const key = `@$cpp${nested.size}`;
        nested.set(key, plain.slice(open + 1, end));
        plain = `${plain.slice(0, found.index)}${key}${plain.slice(end + 1)}`;
    }
}
function closing(text, open) {
    let depth = 0;
    for (let at = open; at < text.length; at += 1) {
        if (text[at] === '(')
            depth += 1;
        if (text[at] === ')')
            depth -= 1;
        if (depth === 0)
            return at;
    }
    return -1;
}
function sum(reading) {
    let value = product(reading);
    for (;;) {
        const operator = reading.reader.accept('+', '-', '&', '|', '^');
        if (operator === null)
            return value;
        const right = product(reading);
        if (operator === '+')
            value += right;
        else if (operator === '-')
            value -= right;
        else if (operator === '&')
            value &= right;
        else if (operator === '|')
            value |= right;
        else
            value ^= right;
    }
}
function product(reading) {
    let value = unary(reading);
    for (;;) {
        const operator = reading.reader.accept('*', '/', '<<', '>>');
        if (operator === null)
            return value;
        const right = unary(reading);
        if (operator === '*')
            value *= right;
        else if (operator === '<<')
            value <<= BigInt.asUintN(6, right);
        else if (operator === '>>')
            value >>= BigInt.asUintN(6, right);
        else if (right === 0n)
            throw syntaxError('/ 0');
        else
            value /= right;
    }
}
function unary(reading) {
    const { reader } = reading;
    if (reader.accept('-') !== null)
        return -unary(reading);
    if (reader.accept('+') !== null)
        return unary(reading);
    if (reader.accept('(') !== null) {
        const value = sum(reading);
        reader.expect(')');
        return value;
    }
    const token = reader.take();
    switch (token.kind) {
        case 'number':
            return numberOfText(token.text, true);
        case 'special':
            return special(reading, token.text);
        case 'name':
            if (/^(poi|dwo|qwo|by|wo)$/i.test(token.text) && reader.accept('(') !== null) {
                const address = Number(BigInt.asUintN(32, sum(reading)));
                reader.expect(')');
                return readAt(reading.scope, token.text.toLowerCase(), address);
            }
            return BigInt(symbolAddress(reading.scope, token.text));
        default:
            throw syntaxError(`${token.text}${reader.rest}`);
    }
}
const readSizes = { poi: 4, dwo: 4, qwo: 8, by: 1, wo: 2 };
function readAt({ display }, how, address) {
    const value = display.space.number(address, readSizes[how] ?? 4);
    if (value === undefined)
        throw memoryError(hex8(address));
    return BigInt(value);
}
function special({ scope, nested }, text) {
    const inner = nested.get(text);
    if (inner !== undefined)
        return numericValue(scope, evaluateCpp(scope, inner));
    if (REGISTERS.test(text))
        throw noRegisters(text);
    const value = scope.pseudo.get(text.slice(text.startsWith('@$') ? 2 : 1).toLowerCase());
    if (value === undefined)
        throw cannotResolve(text);
    return BigInt(value);
}
function symbolAddress(scope, text) {
    const variable = findVariable(scope, text);
    if (variable !== undefined)
        return variable.address;
    const { symbols } = scope.display;
    const routine = symbols.find(text);
    if (routine === undefined)
        throw cannotResolve(text);
    return symbols.addressOfRoutine(routine);
}
