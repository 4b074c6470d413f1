// The types and variables of the driver itself, out of the debug information of its image.
import { DwarfAttribute as At, DwarfTag as Tag, numberOf, placeOf, readDebugInformation, textOf, } from '../../image/index.ts';
import { base, opaque, pointerTo, UNNAMED, VOID, } from './type.ts';
export class DriverTypes {
    information;
    codeStart;
    types = new Map();
    structures = new Map();
    functionList = null;
    globalList = null;
    constructor(module) {
        this.information = readDebugInformation(module);
        this.codeStart = module.codeStart;
        for (const unit of this.information.units) {
            for (const entry of unit.children) {
                const name = textOf(entry, At.name);
                const isStructure = entry.tag === Tag.structure || entry.tag === Tag.union;
                if (!isStructure || name === undefined || entry.attributes.has(At.declaration))
                    continue;
                if (!this.structures.has(name))
                    this.structures.set(name, entry);
            }
        }
    }
    find(name) {
        const entry = this.structures.get(name);
        if (entry === undefined)
            return undefined;
        const type = this.typeOf(entry);
        return type.kind === 'struct' ? type : undefined;
    }
    get structureNames() {
        return [...this.structures.keys()];
    }
    /** Names of an enumeration's values, where the driver's source uses it. */
    enumeration(name) {
        for (const unit of this.information.units) {
            const entry = unit.children.find((one) => one.tag === Tag.enumeration && textOf(one, At.name) === name);
            if (entry !== undefined)
                return enumerators(entry);
        }
        return undefined;
    }
    get functions() {
        return (this.functionList ??= this.information.units.flatMap((unit) => unit.children.flatMap((entry) => this.functionOf(entry))));
    }
    get globals() {
        return (this.globalList ??= this.information.units.flatMap((unit) => unit.children.flatMap((entry) => (entry.tag === Tag.variable ? this.variableOf(entry) : []))));
    }
    functionOf(entry) {
        const name = textOf(entry, At.name);
        const low = numberOf(entry, At.lowPc);
        const length = numberOf(entry, At.highPc);
        if (entry.tag !== Tag.subprogram || name === undefined || !low || length === undefined)
            return [];
        const start = low + this.codeStart;
        return [{ name, start, end: start + length, variables: this.variablesIn(entry) }];
    }
    variablesIn(entry) {
        return entry.children.flatMap((child) => {
            if (child.tag === Tag.block)
                return this.variablesIn(child);
            if (child.tag !== Tag.parameter && child.tag !== Tag.variable)
                return [];
            return this.variableOf(child);
        });
    }
    variableOf(entry) {
        const name = textOf(entry, At.name);
        const place = placeOf(entry);
        if (name === undefined || place === undefined)
            return [];
        return [{ name, type: this.referred(entry), place, isParameter: entry.tag === Tag.parameter }];
    }
    referred(entry) {
        const offset = numberOf(entry, At.type);
        const target = offset === undefined ? undefined : this.information.entryAt(offset);
        return target === undefined ? VOID : this.typeOf(target);
    }
    typeOf(entry) {
        const known = this.types.get(entry.offset);
        if (known !== undefined)
            return known;
        const type = this.build(entry);
        this.types.set(entry.offset, type);
        return type;
    }
    build(entry) {
        const name = textOf(entry, At.name);
        const size = numberOf(entry, At.byteSize) ?? 0;
        switch (entry.tag) {
            case Tag.base:
                return baseType(entry, name ?? '', size);
            case Tag.pointer:
                return pointerTo(this.lazily(entry));
            case Tag.typedef:
            case Tag.const:
            case Tag.volatile:
                return this.referred(entry);
            case Tag.array: {
                const range = entry.children.find((one) => one.tag === Tag.subrange);
                const upper = range && numberOf(range, At.upperBound);
                const count = (range && numberOf(range, At.count)) ?? (upper === undefined ? 0 : upper + 1);
                return { kind: 'array', of: this.referred(entry), count };
            }
            case Tag.enumeration:
                return { kind: 'enum', name: name ?? UNNAMED, size, values: enumerators(entry) };
            case Tag.structure:
            case Tag.union:
                return this.structureOf(entry, name, size);
            case Tag.subroutine:
                return { kind: 'function', returns: describe(this.referred(entry)) };
            default:
                return VOID;
        }
    }
    /** What a pointer points to is read when it is asked for: structures point to one another. */
    lazily(entry) {
        const offset = numberOf(entry, At.type);
        const target = offset === undefined ? undefined : this.information.entryAt(offset);
        return target === undefined ? VOID : this.typeOf(target);
    }
    structureOf(entry, name, size) {
        if (entry.attributes.has(At.declaration))
            return opaque(name ?? UNNAMED);
        const read = () => this.fieldsOf(entry);
        let fields = null;
        return {
            kind: 'struct',
            name: name ?? UNNAMED,
            isUnion: entry.tag === Tag.union,
            size,
            get fields() {
                return (fields ??= read());
            },
        };
    }
    fieldsOf(entry) {
        return entry.children.flatMap((member) => {
            if (member.tag !== Tag.member)
                return [];
            const type = this.referred(member);
            const offset = numberOf(member, At.memberLocation) ?? 0;
            const name = textOf(member, At.name);
            // Members of an unnamed member are members of the structure around it.
            if (name === undefined && type.kind === 'struct') {
                return type.fields.map((inner) => ({ ...inner, offset: inner.offset + offset }));
            }
            const count = numberOf(member, At.bitSize);
            const firstBit = numberOf(member, At.dataBitOffset);
            const bits = count === undefined ? {} : { bits: [firstBit ?? 0, count] };
            return [{ name: name ?? '', offset, size: sizeOf(type), type, ...bits }];
        });
    }
}
const UNSIGNED_ENCODINGS = [2, 7, 8];
function baseType(entry, name, size) {
    const signed = !UNSIGNED_ENCODINGS.includes(numberOf(entry, At.encoding) ?? 0);
    const shown = size === 1 ? (signed ? 'Char' : 'UChar') : `${signed ? 'Int' : 'Uint'}${size}B`;
    return base(size, signed, shown, name.replace('long long', 'int64'));
}
function enumerators(entry) {
    return new Map(entry.children.flatMap((one) => {
        const value = numberOf(one, At.constValue);
        const name = textOf(one, At.name);
        return value === undefined || name === undefined ? [] : [[value, name]];
    }));
}
function describe(type) {
    switch (type.kind) {
        case 'base':
            return `${type.cName} `;
        case 'enum':
            return `${type.name} `;
        case 'pointer':
            return 'void* ';
        default:
            return 'void ';
    }
}
export function sizeOf(type) {
    switch (type.kind) {
        case 'base':
        case 'enum':
        case 'struct':
            return type.size;
        case 'array':
            return sizeOf(type.of) * type.count;
        case 'pointer':
            return 4;
        default:
            return 0;
    }
}
