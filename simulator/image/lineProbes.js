// Makes an image stop at its lines: before the first instruction of every statement goes a call of the
// import fltlab.probe with the number of the row. Only the debug build has that import. The call takes
// nothing from the stack and leaves nothing, so it may stand between any two instructions.
import { assert } from '../../contract/assert.ts';
import { concatenate, uleb } from './byteWriter.ts';
import { readSequences } from './lineProgram.ts';
import { sectionId } from './wasmModule.ts';
const [I32_CONST, CALL] = [0x41, 0x10];
export function insertProbes(bytes, module, isOwnFile) {
    const functions = module.imports.filter((one) => one.kind === 'function');
    const probe = functions.findIndex((one) => one.module === 'fltlab' && one.name === 'probe');
    assert(probe !== -1, 'a debug build imports fltlab.probe');
    const lines = probedLines(module, isOwnFile);
    const code = module.sections.find((one) => one.id === sectionId.code);
    assert(code !== undefined, 'an image has code');
    const calls = lines.map((_line, row) => Uint8Array.from([I32_CONST, ...sleb(row), CALL, ...uleb(probe)]));
    const moved = [];
    let next = 0;
    const bodies = module.functions.map((one) => {
        const parts = [];
        let from = one.start;
        for (; next < lines.length && lines[next].offset < one.end; next += 1) {
            const { offset } = lines[next];
            parts.push(bytes.subarray(from, offset), calls[next]);
            from = offset;
        }
        parts.push(bytes.subarray(from, one.end));
        return parts;
    });
    const encoded = bodies.map((parts) => {
        const length = parts.reduce((sum, part) => sum + part.length, 0);
        return concatenate([Uint8Array.from(uleb(length)), ...parts]);
    });
    const payload = concatenate([Uint8Array.from(uleb(bodies.length)), ...encoded]);
    const head = Uint8Array.from([sectionId.code, ...uleb(payload.length)]);
    noteMoves(module.functions, lines, calls, bodies, code.start + head.length + uleb(bodies.length).length, moved);
    return {
        bytes: concatenate([bytes.subarray(0, code.start), head, payload, bytes.subarray(code.end)]),
        lines,
        originalOffset: (offset) => original(moved, offset),
    };
}
function noteMoves(functions, lines, calls, bodies, start, moved) {
    let at = start;
    let row = 0;
    functions.forEach((one, index) => {
        const length = (bodies[index] ?? []).reduce((sum, part) => sum + part.length, 0);
        at += uleb(length).length;
        let by = at - one.start;
        moved.push({ after: at, by });
        for (; row < lines.length && lines[row].offset < one.end; row += 1) {
            const added = calls[row].length;
            const before = lines[row].offset + by;
            // The probe itself stands for the line that follows it.
            for (let byte = 0; byte < added; byte += 1)
                moved.push({ after: before + byte, by: by + byte });
            by += added;
            moved.push({ after: before + added, by });
        }
        at += length;
    });
}
function original(moved, offset) {
    let [low, high] = [0, moved.length];
    while (low < high) {
        const middle = (low + high) >>> 1;
        if (moved[middle].after <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return offset - (moved[low - 1]?.by ?? 0);
}
/** Where a statement begins, in the order of the code; nothing before the end of a prologue. */
function probedLines(module, isOwnFile) {
    const rows = readSequences(module).flatMap((one) => one.rows);
    rows.sort((left, right) => left.address - right.address);
    const lines = [];
    let at = 0;
    for (const one of module.functions) {
        const [start, end] = [one.start - module.codeStart, one.end - module.codeStart];
        while (at < rows.length && (rows[at]?.address ?? 0) < start)
            at += 1;
        let inside = false;
        let entry = null;
        for (; at < rows.length; at += 1) {
            const row = rows[at];
            if (row === undefined || row.address >= end)
                break;
            entry ??= row;
            // Parameters are put into the frame behind the guard of the stack, at the opening brace.
            inside ||= row.line !== 0 && (row.line !== entry.line || row.column > entry.column + 1);
            if (!inside || !row.statement || row.line === 0 || !isOwnFile(row.file))
                continue;
            const { file, line, column } = row;
            const offset = row.address + module.codeStart;
            if (lines.at(-1)?.offset === offset)
                lines.pop();
            lines.push({ file, line, column, function: one.index, offset });
        }
    }
    return lines;
}
function sleb(value) {
    const bytes = [];
    for (let rest = value;; rest >>= 7) {
        const byte = rest & 0x7f;
        const done = rest >> 7 === 0 && (byte & 0x40) === 0;
        bytes.push(done ? byte : byte | 0x80);
        if (done)
            return bytes;
    }
}
