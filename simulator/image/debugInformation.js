// DWARF 4 as clang writes it for wasm32: the types that a driver's source uses, its functions with
// their parameters and variables, and its global variables. Types are resolved on demand.
import { ByteReader, decodeUtf8 } from './byteReader.ts';
export const DwarfTag = {
    array: 0x01,
    enumeration: 0x04,
    parameter: 0x05,
    block: 0x0b,
    member: 0x0d,
    pointer: 0x0f,
    unit: 0x11,
    structure: 0x13,
    subroutine: 0x15,
    typedef: 0x16,
    union: 0x17,
    subrange: 0x21,
    base: 0x24,
    const: 0x26,
    enumerator: 0x28,
    subprogram: 0x2e,
    variable: 0x34,
    volatile: 0x35,
};
export const DwarfAttribute = {
    location: 0x02,
    name: 0x03,
    byteSize: 0x0b,
    bitSize: 0x0d,
    lowPc: 0x11,
    highPc: 0x12,
    constValue: 0x1c,
    upperBound: 0x2f,
    count: 0x37,
    memberLocation: 0x38,
    declaration: 0x3c,
    encoding: 0x3e,
    type: 0x49,
    dataBitOffset: 0x6b,
};
export function readDebugInformation(module) {
    const info = module.custom.get('.debug_info');
    const abbreviations = module.custom.get('.debug_abbrev');
    const byOffset = new Map();
    const units = [];
    if (info !== undefined && abbreviations !== undefined) {
        const strings = module.custom.get('.debug_str') ?? new Uint8Array(0);
        const reader = new ByteReader(info);
        while (!reader.atEnd) {
            const unit = readUnit(reader, abbreviations, strings, byOffset);
            if (unit !== undefined)
                units.push(unit);
        }
    }
    return { units, entryAt: (offset) => byOffset.get(offset) };
}
function readUnit(sections, abbreviations, strings, byOffset) {
    const base = sections.position;
    const reader = sections.window(sections.u32());
    const version = reader.u16();
    // Other versions are not what lab/compile asks the compiler for.
    if (version !== 4)
        return undefined;
    const table = readAbbreviations(new ByteReader(abbreviations, reader.u32()));
    reader.skip(1);
    return readEntry({ reader, table, strings, base, byOffset });
}
function readAbbreviations(reader) {
    const table = new Map();
    for (;;) {
        const code = reader.uleb();
        if (code === 0)
            return table;
        const tag = reader.uleb();
        const hasChildren = reader.u8() !== 0;
        const attributes = [];
        for (;;) {
            const [attribute, form] = [reader.uleb(), reader.uleb()];
            if (attribute === 0 && form === 0)
                break;
            attributes.push([attribute, form]);
        }
        table.set(code, { tag, hasChildren, attributes });
    }
}
function readEntry(reading) {
    const { reader, table, byOffset } = reading;
    const offset = reader.position;
    const abbreviation = table.get(reader.uleb());
    if (abbreviation === undefined)
        return undefined;
    const attributes = new Map();
    for (const [attribute, form] of abbreviation.attributes) {
        attributes.set(attribute, readForm(reading, form));
    }
    const children = [];
    const entry = { tag: abbreviation.tag, offset, attributes, children };
    byOffset.set(offset, entry);
    while (abbreviation.hasChildren && !reader.atEnd) {
        const child = readEntry(reading);
        if (child === undefined)
            break;
        children.push(child);
    }
    return entry;
}
function readForm({ reader, strings, base }, form) {
    switch (form) {
        case 0x01: // addr
        case 0x06: // data4
        case 0x17: // sec_offset
        case 0x10: // ref_addr
            return reader.u32();
        case 0x05: // data2
            return reader.u16();
        case 0x07: // data8
            return reader.u64();
        case 0x08: // string
            return reader.zeroTerminated();
        case 0x0a: // block1
            return reader.take(reader.u8());
        case 0x0b: // data1
        case 0x0c: // flag
            return reader.u8();
        case 0x0d: // sdata
            return reader.sleb();
        case 0x0e: // strp
            return stringAt(strings, reader.u32());
        case 0x0f: // udata
            return reader.uleb();
        case 0x13: // ref4
            return base + reader.u32();
        case 0x09: // block
        case 0x18: // exprloc
            return reader.take(reader.uleb());
        case 0x19: // flag_present
            return 1;
        default:
            throw new RangeError(`form ${form} does not occur in debug information of DWARF 4`);
    }
}
function stringAt(strings, offset) {
    let end = offset;
    while (end < strings.length && strings[end] !== 0)
        end += 1;
    return decodeUtf8(strings.subarray(offset, end));
}
export function numberOf(entry, attribute) {
    const value = entry.attributes.get(attribute);
    if (typeof value === 'bigint')
        return Number(value);
    return typeof value === 'number' ? value : undefined;
}
export function textOf(entry, attribute) {
    const value = entry.attributes.get(attribute);
    return typeof value === 'string' ? value : undefined;
}
const [OP_ADDRESS, OP_FRAME_BASE] = [0x03, 0x91];
/** Where a variable lies: an address, or an offset from its function's frame; undefined for neither. */
export function placeOf(entry) {
    const expression = entry.attributes.get(DwarfAttribute.location);
    if (!(expression instanceof Uint8Array) || expression.length === 0)
        return undefined;
    const reader = new ByteReader(expression);
    const operation = reader.u8();
    if (operation === OP_ADDRESS)
        return { kind: 'address', value: reader.u32() };
    if (operation === OP_FRAME_BASE)
        return { kind: 'frame', value: reader.sleb() };
    return undefined;
}
