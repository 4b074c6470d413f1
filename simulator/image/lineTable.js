// From a position in a module to a line of C, and to the function it lies in.
import { readSequences } from './lineProgram.ts';
export function createLineTable(module) {
    const sequences = readSequences(module);
    const imported = module.imports.filter((one) => one.kind === 'function').length;
    const functionAt = (offset) => {
        const found = module.functions[lastAtOrBefore(module.functions, (one) => one.start, offset)];
        return found !== undefined && offset < found.end ? found : undefined;
    };
    const lineIn = (within, offset) => {
        const address = offset - module.codeStart;
        const sequence = sequences[lastAtOrBefore(sequences, (one) => one.start, address)];
        if (sequence === undefined || address >= sequence.end)
            return undefined;
        const [start, end] = [within.start - module.codeStart, within.end - module.codeStart];
        return placeAt(sequence.rows, address, (one) => one.address >= start && one.address < end);
    };
    const named = (index) => ({
        index,
        name: module.functionNames.get(index) ?? `function ${index}`,
    });
    return {
        lineAt(offset) {
            const within = functionAt(offset);
            return within && lineIn(within, offset);
        },
        functionAt(offset) {
            const found = functionAt(offset);
            return found && named(found.index);
        },
        entryOf(functionIndex) {
            const found = module.functions[functionIndex - imported];
            return found && lineIn(found, found.start);
        },
        functionOfPointer(tableIndex) {
            const index = module.tableEntries.get(tableIndex);
            return index === undefined ? undefined : named(index);
        },
        files: [...new Set(sequences.flatMap((one) => one.rows.map((row) => row.file)))],
    };
}
/**
 * What the compiler adds by itself (the fuel of a block, the check of a stack guard) has line 0: it
 * stands for the code that follows it in the function, or at its end for the code before.
 */
function placeAt(rows, address, isInside) {
    const at = Math.max(lastAtOrBefore(rows, (one) => one.address, address), 0);
    const hasLine = (one) => one.line !== 0;
    const candidates = [rows.slice(at).find(hasLine), rows.slice(0, at).findLast(hasLine)];
    const row = candidates.find((one) => one !== undefined && isInside(one));
    return row && { file: row.file, line: row.line, column: row.column };
}
/** Index of the last item that starts at or before `value`, in an ascending list; -1 for none. */
function lastAtOrBefore(items, startOf, value) {
    let [low, high] = [0, items.length];
    while (low < high) {
        const middle = (low + high) >>> 1;
        if (startOf(items[middle]) <= value)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}
