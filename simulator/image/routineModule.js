// A JS function cannot be put into a WebAssembly table. This makes the bytes of a module that imports
// routines and exports each of them again: the exports can, with the type that the driver's
// call_indirect expects.
import { asciiName, concatenate, section, uleb, vector } from './byteWriter.ts';
import { sectionId } from './wasmModule.ts';
export const ROUTINE_MODULE = 'routine';
const HEADER = Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
const FUNCTION = 0x00;
const typeCode = {
    i32: 0x7f,
    i64: 0x7e,
    f32: 0x7d,
    f64: 0x7c,
    other: 0x6f,
};
export function makeRoutineModule(routines) {
    const values = (types) => vector(types.map((one) => [typeCode[one]]));
    const types = routines.map((one) => [0x60, ...values(one.parameters), ...values(one.results)]);
    const imports = routines.map(({ name }, index) => [
        ...asciiName(ROUTINE_MODULE),
        ...asciiName(name),
        FUNCTION,
        ...uleb(index),
    ]);
    const exports = routines.map(({ name }, index) => [...asciiName(name), FUNCTION, ...uleb(index)]);
    return concatenate([
        HEADER,
        section(sectionId.type, vector(types)),
        section(sectionId.import, vector(imports)),
        section(sectionId.export, vector(exports)),
    ]);
}
