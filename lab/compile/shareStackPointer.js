// wasm-ld gives every image a stack pointer of its own; all images of a simulation must share one, as
// a thread's stack runs through several drivers. This turns the global into an import after linking.
import { assert } from '../../contract/assert.ts';
import { asciiName, ByteReader, concatenate, readModule, section, sectionId, uleb, } from '../../simulator/image/index.ts';
const NAME = '__stack_pointer';
const [KIND_GLOBAL, I32, MUTABLE, I32_CONST, END] = [0x03, 0x7f, 0x01, 0x41, 0x0b];
const importEntry = [...asciiName('env'), ...asciiName(NAME), KIND_GLOBAL, I32, MUTABLE];
/**
 * The stack pointer is global 0 of the module. Imported globals come first in the index space, and
 * an image has no other: as an import it keeps its index, and no code has to change. Sections only
 * move as a whole, and DWARF counts from the start of the code section.
 */
export function shareStackPointer(image) {
    const module = readModule(image);
    const exported = module.exports.find((one) => one.kind === 'global' && one.name === NAME);
    assert(exported?.index === 0, 'the linker makes the stack pointer global 0');
    assert(!module.imports.some((one) => one.kind === 'global'), 'an image imports no other global');
    const parts = [image.subarray(0, 8)];
    for (const { id, start, payloadStart, end } of module.sections) {
        const payload = new ByteReader(image, payloadStart, end);
        if (id === sectionId.import)
            parts.push(section(id, withImport(payload)));
        else if (id === sectionId.global)
            parts.push(section(id, withoutFirstGlobal(payload)));
        else
            parts.push(image.subarray(start, end));
    }
    return concatenate(parts);
}
function withImport(payload) {
    const count = payload.uleb();
    return [...uleb(count + 1), ...rest(payload), ...importEntry];
}
function withoutFirstGlobal(payload) {
    const count = payload.uleb();
    assert(payload.u8() === I32 && payload.u8() === MUTABLE && payload.u8() === I32_CONST, 'the stack pointer is an i32 that starts at a constant');
    payload.sleb();
    assert(payload.u8() === END, 'and at nothing else');
    return [...uleb(count - 1), ...rest(payload)];
}
const rest = (payload) => payload.take(payload.end - payload.position);
