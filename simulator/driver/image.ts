// An image and everything that its bytes say, read once.
import type { FileCoverage } from '../../contract/prediction.ts';
import {
  createCoverage,
  createLineTable,
  describeImage,
  readModule,
  type Coverage,
  type ImageDescription,
  type LineTable,
} from '../image/index.ts';
import type { DriverMemory } from './driverMemory.ts';

export interface ImageReaders {
  readonly module: WebAssembly.Module;
  readonly description: ImageDescription;
  readonly lines: LineTable;
  readonly coverage: Coverage;
}

/** `isOwnFile` picks the files that coverage tells about: those of the sample. */
export function readImage(bytes: Uint8Array, isOwnFile: (file: string) => boolean): ImageReaders {
  const read = readModule(bytes);
  return {
    // Never a shared buffer; the engine's type wants that said.
    module: new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>),
    description: describeImage(read),
    lines: createLineTable(read),
    coverage: createCoverage(read, isOwnFile),
  };
}

/** Line counts as the image's counters stand now. */
export function countLines({ coverage }: ImageReaders, memory: DriverMemory): FileCoverage[] {
  if (coverage.length === 0) return [];
  return coverage.lines(memory.bytes(coverage.start, coverage.length).slice());
}
