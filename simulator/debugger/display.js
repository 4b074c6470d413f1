// Structures and values as dt and ?? print them.
import { hex8, KdError, noMember } from './failure.ts';
import { sizeOf } from './types/driverTypes.ts';
import { pointerSize, UNNAMED, } from './types/type.ts';
/** dt pads names to here when it lists a whole structure. */
const NAME_WIDTH = 16;
const INDENT = 3;
/** All fields; `address` null lists the types. `depth`: how far structures inside are opened. */
export function fieldLines(display, structure, address, depth = 0) {
    return linesOf(display, pairOf(display, structure, structure), address, depth, 1);
}
function linesOf(display, pair, address, depth, level) {
    return pair.shown.fields.flatMap((field) => {
        const real = pair.real.fields.find(({ name }) => name === field.name);
        const text = valueOf(display, field, real, address);
        const line = `${head(field, level)}${field.name.padEnd(NAME_WIDTH)} : ${text}`;
        const inner = depth > 0 ? innerPair(display, field, real, false) : null;
        if (inner === null)
            return [line];
        const at = address === null ? null : address + (real?.offset ?? 0);
        return [line, ...linesOf(display, inner, at, depth - 1, level + 1)];
    });
}
/** What lies in a member, or where it points; null where that is no structure. */
function innerPair(display, field, real, follows) {
    const target = (type) => (follows && type.kind === 'pointer' ? type.to : type);
    const shown = target(field.type);
    const below = target(real?.type ?? field.type);
    if (shown.kind !== 'struct' || below.kind !== 'struct')
        return null;
    return pairOf(display, shown, below);
}
/** One path of members ("Iopb->TargetInstance", "Parameters.Create."): a line for each step. */
export function pathLines(display, structure, address, path) {
    const steps = path.split(/(\.|->)/);
    const lines = [];
    let pair = pairOf(display, structure, structure);
    let at = address;
    for (let index = 0; index < steps.length; index += 2) {
        const name = steps[index] ?? '';
        const level = index / 2 + 1;
        const wanted = name === '' ? '*' : name;
        const matches = pair.shown.fields.filter((field) => matchesName(field.name, wanted));
        const [field] = matches;
        if (field === undefined)
            throw new KdError('Cannot find specified field members.');
        if (index === steps.length - 1) {
            for (const one of matches)
                lines.push(leaf(display, pair, one, at, level, path));
            return lines;
        }
        const real = pair.real.fields.find((one) => one.name === field.name);
        lines.push(`${head(field, level)}${field.name.padEnd(path.length)} : `);
        const follows = steps[index + 1] === '->';
        const inner = innerPair(display, field, real, follows);
        if (inner === null)
            throw noMember(steps[index + 2] ?? '');
        if (at !== null && real !== undefined)
            at += real.offset;
        if (follows && at !== null) {
            const target = display.space.u32(at);
            if (target === undefined)
                throw new KdError(`Memory read error ${hex8(at)}`);
            at = target;
        }
        pair = inner;
    }
    return lines;
}
function leaf(display, pair, field, at, level, path) {
    const real = pair.real.fields.find(({ name }) => name === field.name);
    return `${head(field, level)}${field.name.padEnd(path.length)} : ${valueOf(display, field, real, at)}`;
}
const matchesName = (name, wanted) => wanted.endsWith('*') ? name.startsWith(wanted.slice(0, -1)) : name === wanted;
const head = ({ offset }, level) => `${' '.repeat(INDENT * level)}+0x${offset.toString(16).padStart(3, '0')} `;
/** On amd64 the offsets are shown of its own structure, the bytes are read by the x86 one. */
function pairOf({ book, machine }, shown, below) {
    if (shown.name === UNNAMED)
        return { shown, real: below };
    const real = book.whole(below);
    if (machine === 'x86')
        return { shown: real, real };
    const found = book.find(shown.name, 'amd64');
    if (found.kind !== 'found')
        throw new KdError(notOnAmd64(shown.name));
    return { shown: found.structure, real };
}
export const notOnAmd64 = (name) => `${name} has no public header: its layout is known from transcripts of 32-bit Windows only, and\n` +
    'its offsets on x64 are not. Use .effmach x86 to see it.';
function valueOf(display, field, real, address) {
    if (address === null)
        return typeText(field, display.machine);
    if (real === undefined)
        return 'not on x86';
    return valueText(display, real.type, address + real.offset, real);
}
/** What a field is, without a value: "Ptr32 _IRP", "[4] Ptr32 Void", "Pos 0, 1 Bit". */
export function typeText({ type, bits }, machine) {
    if (bits !== undefined) {
        return `Pos ${bits[0]}, ${bits[1]} Bit${bits[1] === 1 ? '' : 's'}`;
    }
    switch (type.kind) {
        case 'base':
            return type.shown;
        case 'struct':
        case 'enum':
            return type.name;
        case 'pointer': {
            const pointer = `Ptr${pointerSize(machine) * 8}`;
            if (type.to.kind === 'function')
                return `${pointer}     ${type.to.returns}`;
            return `${pointer} ${typeText({ type: type.to }, machine)}`;
        }
        case 'array':
            return `[${type.count}] ${typeText({ type: type.of }, machine)}`;
        default:
            return 'Void';
    }
}
export function valueText(display, type, address, field = {}) {
    const { space } = display;
    if (type.kind === 'struct')
        return structureText(display, type, address);
    if (type.kind === 'array')
        return typeText({ type }, display.machine);
    const size = Math.max(sizeOf(type), 1);
    const value = space.number(address, size);
    if (value === undefined)
        return '??';
    if (field.bits !== undefined)
        return bitsText(value, field.bits);
    if (type.kind === 'pointer')
        return pointerText(display, type.to, Number(value));
    if (type.kind === 'enum') {
        const name = display.book.enumText(type, Number(value));
        return name === 'No matching name'
            ? `${Number(value)} (${name})`
            : `${Number(value)} ( ${name} )`;
    }
    return type.kind === 'base' ? baseText(type, value) : '';
}
function bitsText(value, [first, count]) {
    const bits = (BigInt(value) >> BigInt(first)) & ((1n << BigInt(count)) - 1n);
    return `0y${bits.toString(2)}`;
}
export function baseText(type, value) {
    const signed = BigInt.asIntN(type.size * 8, BigInt(value));
    const unsigned = BigInt.asUintN(type.size * 8, BigInt(value));
    if (type.size === 1) {
        const code = Number(unsigned);
        const letter = code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '';
        return `${type.signed ? small(signed, true) : small(unsigned, false)} '${letter}'`;
    }
    return type.signed ? small(signed, true) : small(unsigned, false);
}
/** Below ten kd spares the prefix. */
const small = (value, signed) => {
    if (value >= 0n && value < 10n)
        return value.toString();
    return signed ? `0n${value}` : `0x${value.toString(16)}`;
};
export function addressText(value, machine) {
    return machine === 'x86' ? `0x${hex8(value)}` : `0x00000000\`${hex8(value)}`;
}
function pointerText(display, to, value) {
    const { machine, symbols } = display;
    if (to.kind === 'function') {
        if (value === 0)
            return `(null) `;
        const name = symbols.nameOfPointer(value) ?? symbols.nameAt(value) ?? '';
        return `${addressText(value, machine)}     ${to.returns} ${name}`.trimEnd();
    }
    if (value === 0)
        return '(null) ';
    const what = to.kind === 'base' ? pointedScalar(display, to, value) : typeText({ type: to }, machine);
    return `${addressText(value, machine)} ${what}`;
}
function pointedScalar(display, to, address) {
    const value = display.space.number(address, to.size);
    return value === undefined ? '-> ??' : ` -> ${baseText(to, value)}`;
}
function structureText(display, type, address) {
    const { space, machine } = display;
    switch (type.name) {
        case '_UNICODE_STRING': {
            const length = Number(space.number(address, 2) ?? 0);
            const buffer = space.u32(address + 4) ?? 0;
            const text = length === 0 ? '' : space.text(buffer, length);
            return text === undefined
                ? '_UNICODE_STRING "--- memory read error at address 0x' + `${hex8(buffer)} ---"`
                : `_UNICODE_STRING "${text}"`;
        }
        case '_LARGE_INTEGER':
            return `_LARGE_INTEGER 0x${(space.number(address, 8) ?? 0n).toString(16)}`;
        case '_LIST_ENTRY': {
            const links = [space.u32(address) ?? 0, space.u32(address + 4) ?? 0];
            return `_LIST_ENTRY [ ${links.map((one) => addressText(one, machine)).join(' - ')} ]`;
        }
        default:
            return type.name;
    }
}
