// Readers of a driver image (bytes in, data out), and the few bytes that are written around one.
export * from './addressSpace.ts';
export { ByteReader } from './byteReader.ts';
export { asciiName, concatenate, section, uleb } from './byteWriter.ts';
export { createCoverage } from './coverage.ts';
export { DwarfAttribute, DwarfTag, numberOf, placeOf, readDebugInformation, textOf, } from './debugInformation.ts';
export { describeImage } from './describeImage.ts';
export { insertProbes } from './lineProbes.ts';
export { createLineTable } from './lineTable.ts';
export { makeRoutineModule, ROUTINE_MODULE } from './routineModule.ts';
export { readModule, sectionId, } from './wasmModule.ts';
