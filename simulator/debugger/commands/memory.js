// dp, dd, dw, db, dq, dps, du, da: bytes of the address space.
import { evaluateMasm } from '../expression/masm.ts';
import { hex8, KdError, syntaxError } from '../failure.ts';
const formats = {
    dp: { size: 4, perLine: 4, usual: 32 },
    dd: { size: 4, perLine: 4, usual: 32 },
    dw: { size: 2, perLine: 8, usual: 64 },
    dq: { size: 8, perLine: 2, usual: 16 },
    db: { size: 1, perLine: 16, usual: 128 },
};
/** More is no output for a person. */
const UNITS_MAX = 0x4000;
const TEXT_MAX = 0x800;
function range(looking, text, usual) {
    const { standing, machine } = looking;
    const scope = standing.scope(machine);
    const match = /^(.*?)\s+[lL]\??\s*(\S+)$/.exec(text.trim());
    const address = (match?.[1] ?? text).trim();
    if (address === '')
        throw syntaxError('');
    const start = evaluateMasm(scope, address);
    const count = match === null ? usual : evaluateMasm(scope, match[2] ?? '');
    if (count > UNITS_MAX)
        throw new KdError(`Range error in 'L${count.toString(16)}'`);
    return { start, count };
}
export const displayMemory = (name) => (looking, text) => {
    const { size, perLine, usual } = formats[name];
    const { start, count } = range(looking, text, usual);
    const { space } = looking.standing;
    const lines = [];
    for (let unit = 0; unit < count; unit += perLine) {
        const units = Math.min(perLine, count - unit);
        const at = (start + unit * size) >>> 0;
        const values = Array.from({ length: units }, (_one, index) => shown(space.number((at + index * size) >>> 0, size), size));
        lines.push(size === 1
            ? `${hex8(at)}  ${bytesText(values)}  ${letters(looking, at, units)}`
            : `${hex8(at)}  ${values.join(' ')}`);
    }
    return lines;
};
function shown(value, size) {
    if (value === undefined)
        return '?'.repeat(size * 2);
    const digits = value.toString(16).padStart(size * 2, '0');
    return size === 8 ? `${digits.slice(0, 8)}\`${digits.slice(8)}` : digits;
}
function bytesText(values) {
    const text = `${values.slice(0, 8).join(' ')}${values.length > 8 ? '-' : ' '}${values.slice(8).join(' ')}`;
    return text.padEnd(47);
}
function letters({ standing }, at, count) {
    return Array.from({ length: count }, (_one, index) => {
        const byte = standing.space.byteAt((at + index) >>> 0);
        if (byte === undefined)
            return '?';
        return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
    }).join('');
}
/** dps: pointers with the symbols that they name. */
export const displaySymbols = (looking, text) => {
    const { start, count } = range(looking, text, 16);
    const { space, symbols } = looking.standing;
    return Array.from({ length: count }, (_one, index) => {
        const at = (start + index * 4) >>> 0;
        const value = space.u32(at);
        const name = value === undefined ? undefined : symbols.nameAt(value);
        return `${hex8(at)}  ${shown(value, 4)}${name === undefined ? '' : ` ${name}`}`;
    });
};
/** du and da: text up to its terminator. */
export const displayText = (unit) => (looking, text) => {
    const { start, count } = range(looking, text, TEXT_MAX);
    let found = '';
    for (let index = 0; index < count; index += 1) {
        const code = looking.standing.space.number((start + index * unit) >>> 0, unit);
        if (code === undefined && index === 0)
            return [`${hex8(start)}  "????????"`];
        if (code === undefined || code === 0)
            break;
        found += String.fromCharCode(Number(code));
    }
    return [`${hex8(start)}  "${found}"`];
};
/** dS: a UNICODE_STRING. */
export const displayUnicodeString = (looking, text) => {
    const { standing, machine } = looking;
    const address = evaluateMasm(standing.scope(machine), text);
    const { space } = standing;
    const length = space.number(address, 2);
    const buffer = space.u32(address + 4);
    const found = length === undefined || buffer === undefined ? undefined : space.text(buffer, Number(length));
    if (found === undefined)
        throw new KdError(`Memory access error at '${text.trim()}'`);
    return [`${hex8(buffer ?? 0)}  "${found}"`];
};
/** ln: the symbol at an address. */
export const listNear = ({ standing, machine }, text) => {
    const address = evaluateMasm(standing.scope(machine), text);
    const name = standing.symbols.nameAt(address) ?? standing.symbols.nameOfPointer(address);
    return name === undefined ? [] : [`(${hex8(address)})   ${name}`];
};
/** x module!pattern */
export const examineSymbols = ({ standing }, text) => {
    const pattern = text.trim();
    if (pattern === '')
        throw syntaxError('');
    const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
    const expression = new RegExp(`^${escaped}$`, 'i');
    const { symbols } = standing;
    return symbols.all
        .filter((name) => expression.test(name))
        .map((name) => `${hex8(symbols.addressOfRoutine(name))}          ${symbols.shown(name)}`);
};
