// The parts of a WebAssembly module that loader, line table and coverage need. Pure: bytes in, data
// out; positions are offsets in the module, as V8 prints them in a stack.
import { assert } from '../../contract/assert.ts';
import { ByteReader } from './byteReader.ts';
export const sectionId = {
    custom: 0,
    type: 1,
    import: 2,
    function: 3,
    global: 6,
    export: 7,
    element: 9,
    code: 10,
    data: 11,
};
const valueTypes = new Map([
    [0x7f, 'i32'],
    [0x7e, 'i64'],
    [0x7d, 'f32'],
    [0x7c, 'f64'],
]);
const kinds = ['function', 'table', 'memory', 'global', 'tag'];
export function readSections(bytes) {
    const reader = new ByteReader(bytes);
    assert(reader.u32() === 0x6d73_6100 && reader.u32() === 1, 'an image is a WebAssembly module');
    const sections = [];
    while (!reader.atEnd) {
        const start = reader.position;
        const id = reader.u8();
        const size = reader.uleb();
        const payloadStart = reader.position;
        reader.skip(size);
        sections.push({ id, start, payloadStart, end: reader.position });
    }
    return sections;
}
export function readModule(bytes) {
    const sections = readSections(bytes);
    const open = (id) => {
        const section = sections.find((one) => one.id === id);
        return section === undefined
            ? new ByteReader(bytes, 0, 0)
            : new ByteReader(bytes, section.payloadStart, section.end);
    };
    const types = list(open(sectionId.type), readFunctionType);
    const typeAt = (index) => {
        const type = types[index];
        assert(type !== undefined, `type ${index} is in the type section`);
        return type;
    };
    const imports = list(open(sectionId.import), (reader) => readImport(reader, typeAt));
    const custom = readCustomSections(bytes, sections);
    const names = readNames(custom.get('name'));
    const importedFunctions = imports.filter((one) => one.kind === 'function').length;
    const functionTypes = list(open(sectionId.function), (reader) => typeAt(reader.uleb()));
    const code = sections.find((one) => one.id === sectionId.code);
    return {
        imports,
        functions: readFunctions(open(sectionId.code), functionTypes, importedFunctions),
        globals: list(open(sectionId.global), readGlobal),
        exports: list(open(sectionId.export), readExport),
        tableEntries: readElements(open(sectionId.element)),
        data: readData(open(sectionId.data), names.segments),
        custom,
        functionNames: names.functions,
        codeStart: code?.payloadStart ?? 0,
        sections,
    };
}
function list(reader, read) {
    if (reader.atEnd)
        return [];
    return Array.from({ length: reader.uleb() }, (_unused, index) => read(reader, index));
}
function readFunctionType(reader) {
    assert(reader.u8() === 0x60, 'a type of an image is a function type');
    const values = () => list(reader, () => valueTypes.get(reader.u8()) ?? 'other');
    return { parameters: values(), results: values() };
}
function readLimits(reader) {
    const flags = reader.u8();
    const minimum = reader.uleb();
    if (flags & 1)
        reader.uleb();
    return minimum;
}
function readImport(reader, typeAt) {
    const names = { module: reader.name(), name: reader.name() };
    const kind = kinds[reader.u8()];
    switch (kind) {
        case 'function':
            return { ...names, kind, type: typeAt(reader.uleb()) };
        case 'table':
            reader.skip(1);
            return { ...names, kind, minimum: readLimits(reader) };
        case 'memory':
            return { ...names, kind, minimum: readLimits(reader) };
        case 'global':
            reader.skip(2);
            return { ...names, kind };
        default:
            assert(kind === 'tag', 'an import has one of five kinds');
            reader.skip(1);
            reader.uleb();
            return { ...names, kind };
    }
}
/** The value of a constant expression of one i32.const; other expressions are stepped over. */
function readConstant(reader) {
    let value;
    for (let opcode = reader.u8(); opcode !== 0x0b; opcode = reader.u8()) {
        switch (opcode) {
            case 0x41:
                value = reader.sleb() >>> 0;
                break;
            case 0x42:
                skipLeb(reader);
                break;
            case 0x43:
                reader.skip(4);
                break;
            case 0x44:
                reader.skip(8);
                break;
            case 0x23:
            case 0xd2:
                reader.uleb();
                value = undefined;
                break;
            default:
                assert(false, `opcode ${opcode} is not one of a constant expression`);
        }
    }
    return value;
}
function skipLeb(reader) {
    while (reader.u8() >= 0x80)
        ;
}
function readGlobal(reader) {
    reader.skip(2);
    return readConstant(reader);
}
function readExport(reader) {
    const name = reader.name();
    const kind = kinds[reader.u8()];
    assert(kind !== undefined, 'an export has one of five kinds');
    return { name, kind, index: reader.uleb() };
}
function readElements(reader) {
    const entries = new Map();
    list(reader, () => {
        const flags = reader.uleb();
        assert(flags === 0, 'the linker writes active segments of function indices');
        const base = readConstant(reader);
        assert(base !== undefined, 'a table segment lies at a constant index');
        list(reader, (_reader, index) => entries.set(base + index, reader.uleb()));
    });
    return entries;
}
function readFunctions(reader, types, firstIndex) {
    return list(reader, (_reader, position) => {
        const size = reader.uleb();
        const start = reader.position;
        reader.skip(size);
        const type = types[position];
        assert(type !== undefined, 'a body has a declaration');
        return { index: firstIndex + position, type, start, end: reader.position };
    });
}
function readData(reader, names) {
    return list(reader, (_reader, index) => {
        assert(reader.uleb() === 0, 'the linker writes active data segments of memory 0');
        const address = readConstant(reader);
        assert(address !== undefined, 'a data segment lies at a constant address');
        const bytes = reader.take(reader.uleb());
        return { name: names.get(index) ?? '', address, bytes };
    });
}
function readCustomSections(bytes, sections) {
    const custom = new Map();
    for (const { id, payloadStart, end } of sections) {
        if (id !== sectionId.custom)
            continue;
        const reader = new ByteReader(bytes, payloadStart, end);
        const name = reader.name();
        custom.set(name, bytes.subarray(reader.position, end));
    }
    return custom;
}
function readNames(section) {
    const names = { functions: new Map(), segments: new Map() };
    if (section === undefined)
        return names;
    const reader = new ByteReader(section);
    while (!reader.atEnd) {
        const subsection = reader.u8();
        const part = reader.window(reader.uleb());
        const into = subsection === 1 ? names.functions : subsection === 9 ? names.segments : undefined;
        if (into !== undefined)
            list(part, () => into.set(part.uleb(), part.name()));
    }
    return names;
}
