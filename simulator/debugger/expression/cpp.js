// The C++ evaluator of ?? and @@(): numbers are decimal, variables have their types.
import { sizeOf } from '../types/driverTypes.ts';
import { base, I32, I64, I8, I16, pointerTo, U16, U32, U64, U8, VOID, } from '../types/type.ts';
import { cannotResolve, hex8, KdError, memoryError, noMember, noRegisters, syntaxError, } from '../failure.ts';
import { findVariable } from './scope.ts';
import { numberOfText, tokenize, TokenReader } from './tokens.ts';
const rvalue = (type, number) => ({ type, address: null, number });
export function evaluateCpp(scope, text) {
    if (text.trim() === '')
        throw syntaxError('');
    const reader = new TokenReader(tokenize(text, false));
    const value = conditional(scope, reader);
    if (reader.peek.kind !== 'end') {
        throw new KdError(`Extra character error at '${reader.rest}'`);
    }
    return value;
}
/** What a value is worth as a number: a structure's address, a pointer's target. */
export function numericValue(scope, value) {
    const { type, address } = value;
    if (address === null)
        return value.number;
    if (type.kind === 'struct' || type.kind === 'array')
        return BigInt(address);
    const size = Math.max(sizeOf(type), 1);
    const raw = scope.display.space.number(address, size);
    if (raw === undefined)
        throw memoryError(hex8(address));
    let number = BigInt(raw);
    if (value.bits !== undefined) {
        number = (number >> BigInt(value.bits[0])) & ((1n << BigInt(value.bits[1])) - 1n);
    }
    return type.kind === 'base' && type.signed ? BigInt.asIntN(size * 8, number) : number;
}
function conditional(scope, reader) {
    const test = binary(scope, reader, 0);
    if (reader.accept('?') === null)
        return test;
    const yes = conditional(scope, reader);
    reader.expect(':');
    const no = conditional(scope, reader);
    return numericValue(scope, test) === 0n ? no : yes;
}
/** From the loosest to the tightest. */
const levels = [
    ['||'],
    ['&&'],
    ['|'],
    ['^'],
    ['&'],
    ['==', '!='],
    ['<', '>', '<=', '>='],
    ['<<', '>>'],
    ['+', '-'],
    ['*', '/', '%'],
];
const truth = (value) => (value ? 1n : 0n);
const calculations = {
    '||': (left, right) => truth(left !== 0n || right !== 0n),
    '&&': (left, right) => truth(left !== 0n && right !== 0n),
    '|': (left, right) => left | right,
    '^': (left, right) => left ^ right,
    '&': (left, right) => left & right,
    '==': (left, right) => truth(left === right),
    '!=': (left, right) => truth(left !== right),
    '<': (left, right) => truth(left < right),
    '>': (left, right) => truth(left > right),
    '<=': (left, right) => truth(left <= right),
    '>=': (left, right) => truth(left >= right),
    '<<': (left, right) => left << right,
    '>>': (left, right) => left >> right,
    '+': (left, right) => left + right,
    '-': (left, right) => left - right,
    '*': (left, right) => left * right,
    '/': (left, right) => left / right,
    '%': (left, right) => left % right,
};
function binary(scope, reader, level) {
    const operators = levels[level];
    if (operators === undefined)
        return unary(scope, reader);
    let left = binary(scope, reader, level + 1);
    for (;;) {
        const operator = reader.accept(...operators);
        if (operator === null)
            return left;
        left = combine(scope, operator, left, binary(scope, reader, level + 1));
    }
}
function combine(scope, operator, left, right) {
    const [a, b] = [numericValue(scope, left), numericValue(scope, right)];
    if ((operator === '/' || operator === '%') && b === 0n) {
        throw new KdError("Operand error at 'division by zero'");
    }
    const elements = left.type.kind === 'array' ? pointerTo(left.type.of) : left.type;
    if (elements.kind === 'pointer' && (operator === '+' || operator === '-')) {
        const step = BigInt(Math.max(sizeOf(elements.to), 1));
        const byElements = right.type.kind === 'pointer' ? b : b * step;
        return rvalue(elements, BigInt.asUintN(32, operator === '+' ? a + byElements : a - byElements));
    }
    const type = left.type.kind === 'base' && left.type.size === 8 ? left.type : resultType(left, right);
    const result = calculations[operator](a, b);
    return rvalue(logical.has(operator) ? BOOL : type, result);
}
const BOOL = base(1, false, 'Bool', 'bool');
const logical = new Set(['||', '&&', '==', '!=', '<', '>', '<=', '>=']);
const resultType = (left, right) => [left, right].some(({ type }) => type.kind === 'base' && !type.signed && type.size === 4)
    ? U32
    : I32;
function unary(scope, reader) {
    const operator = reader.accept('*', '&', '!', '~', '-', '+');
    if (operator === null)
        return castOrPostfix(scope, reader);
    const value = unary(scope, reader);
    switch (operator) {
        case '*':
            return dereference(scope, value);
        case '&':
            if (value.address === null)
                throw new KdError("Operand error at '&'");
            return rvalue(pointerTo(value.type), BigInt(value.address));
        case '!':
            return rvalue(BOOL, truth(numericValue(scope, value) === 0n));
        case '~':
            return rvalue(value.type, BigInt.asUintN(sizeOf(value.type) * 8, ~numericValue(scope, value)));
        case '-':
            return rvalue(I32, -numericValue(scope, value));
        default:
            return value;
    }
}
function dereference(scope, value) {
    const { type } = value;
    const to = type.kind === 'pointer' ? type.to : type.kind === 'array' ? type.of : null;
    if (to === null || to.kind === 'void')
        throw new KdError("Type is not a pointer error at '*'");
    const address = Number(BigInt.asUintN(32, numericValue(scope, value)));
    return { type: to, address, number: 0n };
}
function castOrPostfix(scope, reader) {
    const start = reader.position;
    if (reader.accept('(') !== null) {
        const type = typeName(scope, reader);
        if (type !== null && reader.accept(')') !== null) {
            const number = numericValue(scope, unary(scope, reader));
            return rvalue(type, BigInt.asUintN(Math.max(sizeOf(type), 4) * 8, number));
        }
        reader.position = start;
    }
    return postfix(scope, reader);
}
const words = {
    char: I8,
    short: I16,
    int: I32,
    long: I32,
    __int64: I64,
    void: VOID,
    UCHAR: U8,
    USHORT: U16,
    ULONG: U32,
    ULONGLONG: U64,
    PVOID: pointerTo(VOID),
};
const unsignedOf = new Map([
    [I8, U8],
    [I16, U16],
    [I32, U32],
    [I64, U64],
]);
/** A type as in a cast ("fltmgr!_FLT_INSTANCE *", "unsigned long"); null when it is none. */
function typeName(scope, reader) {
    let text = reader.peek.text;
    if (reader.peek.kind !== 'name')
        return null;
    reader.take();
    let type = null;
    if (text === 'struct' || text === 'union') {
        text = reader.take().text;
    }
    else if (text === 'unsigned') {
        const follows = words[reader.peek.text];
        if (follows !== undefined)
            reader.take();
        type = unsignedOf.get(follows ?? I32) ?? U32;
    }
    type ??= words[text] ?? structureNamed(scope, text);
    if (type === null)
        return null;
    while (reader.accept('*') !== null)
        type = pointerTo(type);
    return type;
}
function structureNamed(scope, text) {
    const name = text.includes('!') ? text.slice(text.indexOf('!') + 1) : text;
    if (findVariable(scope, text) !== undefined)
        return null;
    const { book } = scope.display;
    const found = book.find(name, 'x86');
    if (found.kind === 'found')
        return found.structure;
    if (!name.startsWith('P'))
        return null;
    const pointed = book.find(name.slice(1), 'x86');
    return pointed.kind === 'found' ? pointerTo(pointed.structure) : null;
}
function postfix(scope, reader) {
    let value = primary(scope, reader);
    for (;;) {
        const operator = reader.accept('->', '.', '[');
        if (operator === null)
            return value;
        if (operator === '[') {
            const index = conditional(scope, reader);
            reader.expect(']');
            value = dereference(scope, combine(scope, '+', value, index));
            continue;
        }
        const name = reader.take();
        if (name.kind !== 'name')
            throw syntaxError(name.text);
        // kd takes either for a pointer.
        if (value.type.kind === 'pointer')
            value = dereference(scope, value);
        value = memberOf(scope, value, name.text);
    }
}
function memberOf(scope, value, name) {
    if (value.type.kind !== 'struct' || value.address === null)
        throw noMember(name);
    const { book } = scope.display;
    const structure = value.type.name === '__unnamed' ? value.type : book.whole(value.type);
    const field = structure.fields.find((one) => one.name === name);
    if (field === undefined)
        throw noMember(name);
    const { type, offset, bits } = field;
    return {
        type,
        address: value.address + offset,
        number: 0n,
        ...(bits === undefined ? {} : { bits }),
    };
}
const REGISTER = /^@(e?[abcd]x|e?[sd]i|e?[sb]p|eip)$/i;
function primary(scope, reader) {
    if (reader.accept('(') !== null) {
        const value = conditional(scope, reader);
        reader.expect(')');
        return value;
    }
    const token = reader.take();
    switch (token.kind) {
        case 'number': {
            const value = numberOfText(token.text, false);
            return rvalue(value > 0x7fffffffn ? U32 : I32, value);
        }
        case 'special': {
            if (REGISTER.test(token.text))
                throw noRegisters(token.text);
            const value = scope.pseudo.get(token.text.slice(2).toLowerCase());
            if (value === undefined)
                throw cannotResolve(token.text);
            return rvalue(pointerTo(VOID), BigInt(value));
        }
        case 'name':
            return named(scope, reader, token.text);
        default:
            throw syntaxError(`${token.text}${reader.rest}`);
    }
}
function named(scope, reader, text) {
    if (text === 'sizeof' && reader.accept('(') !== null) {
        const start = reader.position;
        let type = typeName(scope, reader);
        if (type === null || reader.peek.text !== ')') {
            reader.position = start;
            ({ type } = conditional(scope, reader));
        }
        reader.expect(')');
        const whole = type.kind === 'struct' ? scope.display.book.whole(type) : type;
        return rvalue(U32, BigInt(sizeOf(whole)));
    }
    const variable = findVariable(scope, text);
    if (variable !== undefined) {
        return { type: variable.type, address: variable.address, number: 0n };
    }
    const { symbols } = scope.display;
    const routine = symbols.find(text);
    if (routine === undefined)
        throw cannotResolve(text);
    const target = { kind: 'function', returns: '' };
    return rvalue(pointerTo(target), BigInt(symbols.addressOfRoutine(routine)));
}
