// Readers of a driver image (bytes in, data out), and the few bytes that are written around one.
export * from './addressSpace.ts';
export { ByteReader } from './byteReader.ts';
export { functionsThatMayCall } from './callGraph.ts';
export { asciiName, concatenate, section, uleb } from './byteWriter.ts';
export { createCoverage, type Coverage } from './coverage.ts';
export {
  DwarfAttribute,
  DwarfTag,
  numberOf,
  placeOf,
  readDebugInformation,
  textOf,
  type DebugEntry,
  type DebugInformation,
} from './debugInformation.ts';
export { describeImage, type ImageDescription, type RoutineImport } from './describeImage.ts';
export type { LinePlace } from './lineProgram.ts';
export { insertProbes, type ProbedImage, type ProbedLine } from './lineProbes.ts';
export { createLineTable, type FunctionPlace, type LineTable } from './lineTable.ts';
export { makeRoutineModule, ROUTINE_MODULE, type RoutineSignature } from './routineModule.ts';
export {
  readModule,
  sectionId,
  type FunctionType,
  type ValueType,
  type WasmExport,
  type WasmFunction,
  type WasmImport,
  type WasmModule,
} from './wasmModule.ts';
