// An image and everything that its bytes say, read once.
import type { FileCoverage } from '../../contract/prediction.ts';
import {
  createCoverage,
  insertProbes,
  createLineTable,
  describeImage,
  functionsThatMayCall,
  readModule,
  type Coverage,
  type ImageDescription,
  type LineTable,
  type WasmImport,
  type ProbedLine,
  type WasmModule,
} from '../image/index.ts';
import type { DriverMemory } from './driverMemory.ts';

export interface ImageReaders {
  readonly module: WebAssembly.Module;
  readonly description: ImageDescription;
  readonly lines: LineTable;
  readonly coverage: Coverage;
  /** The image as it was linked. */
  readonly read: WasmModule;
  /** Functions, by index, that may have to wait in a routine of Windows: their stack must suspend. */
  readonly mayWait: ReadonlySet<number>;
  /** Statements with a probe; none without a debugger. */
  readonly probed: readonly ProbedLine[];
}

/**
 * `isOwnFile` picks the files that coverage tells about: those of the sample. `watched`: a debug build,
 * which gets a probe in front of every statement.
 */
export function readImage(
  bytes: Uint8Array,
  isOwnFile: (file: string) => boolean,
  watched: boolean,
  waits: (one: WasmImport) => boolean,
): ImageReaders {
  const read = readModule(bytes);
  const lines = createLineTable(read);
  const probed = watched ? insertProbes(bytes, read, isOwnFile) : null;
  return {
    // Never a shared buffer; the engine's type wants that said.
    module: new WebAssembly.Module((probed?.bytes ?? bytes) as Uint8Array<ArrayBuffer>),
    description: describeImage(read),
    lines: probed === null ? lines : movedLines(lines, probed.originalOffset),
    coverage: createCoverage(read, isOwnFile),
    read,
    mayWait: functionsThatMayCall(bytes, read, {
      isMeant: waits,
      calledByPointer: pointersOf(read, lines, isOwnFile),
    }),
    probed: probed?.lines ?? [],
  };
}

/** What raises an exception in the runtime, whatever of it the compiler has put into one. */
const dispatchers: ReadonlySet<string> = new Set([
  'dispatch',
  '__fltlab_raise',
  'fltlab_raise_access',
  'fltlab_seh_decide',
  'check_slowly',
]);
/** The functions that lab/compile makes of the filters of __except. */
const FILTER = /^__fltlab_filter_/;

/** The runtime calls through pointers to ask filters, and for nothing else; a driver may call anything. */
function pointersOf(
  read: WasmModule,
  lines: LineTable,
  isOwnFile: (file: string) => boolean,
): (functionIndex: number) => readonly number[] | null {
  const filters = read.functions
    .map(({ index }) => index)
    .filter((index) => FILTER.test(read.functionNames.get(index) ?? ''));
  return (index) => {
    const entry = lines.entryOf(index);
    const isRuntime = entry !== undefined && !isOwnFile(entry.file);
    return isRuntime && dispatchers.has(read.functionNames.get(index) ?? '') ? filters : null;
  };
}

/** The same table for offsets in the image with probes. */
const movedLines = (lines: LineTable, original: (offset: number) => number): LineTable => ({
  ...lines,
  lineAt: (offset) => lines.lineAt(original(offset)),
  functionAt: (offset) => lines.functionAt(original(offset)),
});

/** Line counts as the image's counters stand now. */
export function countLines({ coverage }: ImageReaders, memory: DriverMemory): FileCoverage[] {
  if (coverage.length === 0) return [];
  return coverage.lines(memory.bytes(coverage.start, coverage.length).slice());
}
