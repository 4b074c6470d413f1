// From a position in a module to a line of C, and to the function it lies in.
import { readSequences, type LinePlace, type Row } from './lineProgram.ts';
import type { WasmFunction, WasmModule } from './wasmModule.ts';

export interface FunctionPlace {
  readonly index: number;
  readonly name: string;
}

export interface LineTable {
  /** The line of the instruction at `offset` in the module, as V8's stacks print it. */
  lineAt(offset: number): LinePlace | undefined;
  functionAt(offset: number): FunctionPlace | undefined;
  /** The line where a function's body begins. */
  entryOf(functionIndex: number): LinePlace | undefined;
  /** The function behind a function pointer of C. */
  functionOfPointer(tableIndex: number): FunctionPlace | undefined;
  /** Every file that has a row, in the order of the image. */
  readonly files: readonly string[];
}

export function createLineTable(module: WasmModule): LineTable {
  const sequences = readSequences(module);
  const functionAt = (offset: number): WasmFunction | undefined =>
    lastAtOrBefore(
      module.functions,
      (one) => one.start,
      offset,
      (one) => one.end,
    );
  const lineAt = (offset: number): LinePlace | undefined => {
    const address = offset - module.codeStart;
    const sequence = lastAtOrBefore(
      sequences,
      (one) => one.start,
      address,
      (one) => one.end,
    );
    const row = sequence && lastAtOrBefore(sequence.rows, (one) => one.address, address);
    return row && place(row);
  };
  const named = (index: number): FunctionPlace => ({
    index,
    name: module.functionNames.get(index) ?? `function ${index}`,
  });
  const imported = module.imports.filter((one) => one.kind === 'function').length;
  return {
    lineAt,
    functionAt(offset) {
      const found = functionAt(offset);
      return found && named(found.index);
    },
    entryOf(functionIndex) {
      const found = module.functions[functionIndex - imported];
      return found && lineAt(found.start);
    },
    functionOfPointer(tableIndex) {
      const index = module.tableEntries.get(tableIndex);
      return index === undefined ? undefined : named(index);
    },
    files: [...new Set(sequences.flatMap((one) => one.rows.map((row) => row.file)))],
  };
}

/** Line 0 is the compiler's "no line of the source": what came before stands. */
const place = ({ file, line, column }: Row): LinePlace | undefined =>
  line === 0 ? undefined : { file, line, column };

/** Binary search in an ascending list; with `endOf`, only an item that still covers `value`. */
function lastAtOrBefore<T>(
  items: readonly T[],
  startOf: (item: T) => number,
  value: number,
  endOf?: (item: T) => number,
): T | undefined {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (startOf(items[middle] as T) <= value) low = middle + 1;
    else high = middle;
  }
  const found = items[low - 1];
  return found !== undefined && (endOf === undefined || value < endOf(found)) ? found : undefined;
}
