// DWARF's line number program, versions 2 to 5 as clang emits them for wasm32: an address counts from
// the start of the code section.
import { assert } from '../../contract/assert.ts';
import { ByteReader, decodeUtf8 } from './byteReader.ts';
import { samplePath } from './samplePath.ts';
export function readSequences(module) {
    const section = module.custom.get('.debug_line');
    if (section === undefined)
        return [];
    const strings = {
        line: module.custom.get('.debug_line_str'),
        debug: module.custom.get('.debug_str'),
    };
    const sequences = [];
    const reader = new ByteReader(section);
    while (!reader.atEnd) {
        const length = reader.u32();
        assert(length < 0xffff_fff0, 'line tables are 32-bit DWARF');
        readUnit(reader.window(length), strings, sequences);
    }
    // The linker gives code that it dropped the address 0 or -1; no function starts there.
    const firstBody = module.functions[0]?.start ?? 0;
    return sequences
        .filter((one) => one.start >= firstBody - module.codeStart && one.start < one.end)
        .sort((left, right) => left.start - right.start);
}
function readUnit(reader, strings, sequences) {
    const version = reader.u16();
    assert(version >= 2 && version <= 5, `line table version ${version} is known`);
    if (version === 5)
        reader.skip(2); // sizes of an address and of a segment selector
    const headerLength = reader.u32();
    const program = reader.position + headerLength;
    const header = readHeader(reader, version, strings);
    reader.position = program;
    runProgram(reader, header, sequences);
}
function readHeader(reader, version, strings) {
    const minimumInstructionLength = reader.u8();
    if (version >= 4)
        reader.skip(1); // operations of one VLIW instruction
    const startsAsStatement = reader.u8() !== 0;
    const lineBase = reader.i8();
    const lineRange = reader.u8();
    const opcodeBase = reader.u8();
    const opcodeLengths = Array.from({ length: opcodeBase - 1 }, () => reader.u8());
    const fileAt = version === 5 ? readFiles5(reader, strings) : readFiles4(reader);
    const sizes = { minimumInstructionLength, lineBase, lineRange };
    return { ...sizes, opcodeBase, opcodeLengths, startsAsStatement, fileAt };
}
function readFiles4(reader) {
    const folders = [''];
    for (;;) {
        const folder = reader.zeroTerminated();
        if (folder === '')
            break;
        folders.push(folder);
    }
    const files = [''];
    for (;;) {
        const file = reader.zeroTerminated();
        if (file === '')
            break;
        files.push(samplePath(folders[reader.uleb()] ?? '', file));
        reader.uleb();
        reader.uleb();
    }
    return (index) => files[index] ?? '';
}
const FORM_STRING = 0x08;
const CONTENT_PATH = 1;
const CONTENT_FOLDER = 2;
function readFiles5(reader, strings) {
    const folders = readEntries5(reader, strings).map((entry) => entry.path);
    const files = readEntries5(reader, strings).map((entry) => samplePath(folders[entry.folder] ?? '', entry.path));
    return (index) => files[index] ?? '';
}
function readEntries5(reader, strings) {
    const format = Array.from({ length: reader.u8() }, () => [reader.uleb(), reader.uleb()]);
    return Array.from({ length: reader.uleb() }, () => {
        const entry = { path: '', folder: 0 };
        for (const [content, form] of format) {
            const value = readForm(reader, form, strings);
            if (content === CONTENT_PATH && typeof value === 'string')
                entry.path = value;
            if (content === CONTENT_FOLDER && typeof value === 'number')
                entry.folder = value;
        }
        return entry;
    });
}
function readForm(reader, form, strings) {
    switch (form) {
        case FORM_STRING:
            return reader.zeroTerminated();
        case 0x1f: // line_strp
            return stringAt(strings.line, reader.u32());
        case 0x0e: // strp
            return stringAt(strings.debug, reader.u32());
        case 0x0b: // data1
            return reader.u8();
        case 0x05: // data2
            return reader.u16();
        case 0x06: // data4
            return reader.u32();
        case 0x0f: // udata
            return reader.uleb();
        case 0x1e: // data16: a checksum
            reader.skip(16);
            return undefined;
        default:
            return assertKnownForm(form);
    }
}
function assertKnownForm(form) {
    assert(false, `form ${form} does not occur in a line table`);
    throw new RangeError();
}
function stringAt(section, offset) {
    if (section === undefined)
        return '';
    let end = offset;
    while (end < section.length && section[end] !== 0)
        end++;
    return decodeUtf8(section.subarray(offset, end));
}
const startRegisters = (statement) => ({
    address: 0,
    file: 1,
    line: 1,
    column: 0,
    statement,
    afterPrologue: false,
});
function runProgram(reader, header, sequences) {
    const { startsAsStatement } = header;
    let registers = startRegisters(startsAsStatement);
    let rows = [];
    const emit = () => {
        const { file, ...rest } = registers;
        rows.push({ ...rest, file: header.fileAt(file) });
        registers.afterPrologue = false;
    };
    const endSequence = () => {
        const first = rows[0];
        if (first !== undefined) {
            sequences.push({ start: first.address, end: registers.address, rows });
        }
        registers = startRegisters(startsAsStatement);
        rows = [];
    };
    const advance = (operations) => {
        registers.address += operations * header.minimumInstructionLength;
    };
    const addressOfSpecial = (opcode) => Math.floor((opcode - header.opcodeBase) / header.lineRange);
    while (!reader.atEnd) {
        const opcode = reader.u8();
        if (opcode >= header.opcodeBase) {
            advance(addressOfSpecial(opcode));
            registers.line += header.lineBase + ((opcode - header.opcodeBase) % header.lineRange);
            emit();
        }
        else if (opcode === 0) {
            if (runExtended(reader, registers))
                endSequence();
        }
        else {
            runStandard(opcode, { reader, header, registers, advance, emit, addressOfSpecial });
        }
    }
}
/** Returns true at the end of a sequence. */
function runExtended(reader, registers) {
    const part = reader.window(reader.uleb());
    const opcode = part.u8();
    if (opcode === 2)
        registers.address = part.u32();
    return opcode === 1;
}
function runStandard(opcode, step) {
    const { reader, registers } = step;
    switch (opcode) {
        case 1: // copy
            return step.emit();
        case 2: // advance_pc
            return step.advance(reader.uleb());
        case 3: // advance_line
            registers.line += reader.sleb();
            return;
        case 4: // set_file
            registers.file = reader.uleb();
            return;
        case 5: // set_column
            registers.column = reader.uleb();
            return;
        case 6: // negate_stmt
            registers.statement = !registers.statement;
            return;
        case 10: // set_prologue_end
            registers.afterPrologue = true;
            return;
        case 8: // const_add_pc
            return step.advance(step.addressOfSpecial(255));
        case 9: // fixed_advance_pc
            registers.address += reader.u16();
            return;
        default: {
            // Flags that no reader of ours asks for, and opcodes that the header says how to step over.
            const operands = step.header.opcodeLengths[opcode - 1] ?? 0;
            for (let operand = 0; operand < operands; operand++)
                reader.uleb();
        }
    }
}
