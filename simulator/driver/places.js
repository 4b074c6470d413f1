const FRAME = /wasm-function\[[0-9]+\]:0x([0-9a-f]+)/g;
const FRAMES_KEPT = 64;
/** An error whose only purpose is the stack that it remembers; its text is made when it is read. */
export function captureStack() {
    const usual = Error.stackTraceLimit;
    Error.stackTraceLimit = FRAMES_KEPT;
    const captured = new Error('stack');
    Error.stackTraceLimit = usual;
    return captured;
}
/** Offsets in the module, innermost first. */
export function frameOffsets(stack) {
    return Array.from(stack.matchAll(FRAME), ([, hex = '0']) => Number.parseInt(hex, 16));
}
/** The driver's own frames, innermost first; those of the runtime linked with it are left out. */
export function placesOf(error, lines, isOwn) {
    const places = [];
    for (const offset of frameOffsets(error.stack ?? '')) {
        const place = lines.lineAt(offset) ?? lineNear(offset, lines);
        if (place === undefined || !isOwn(place.file))
            continue;
        places.push(sourcePlace(place, lines.functionAt(offset)?.name));
    }
    return places;
}
/** Longer than any check that the compiler adds. */
const BYTES_NEAR = 128;
/**
 * What the compiler adds by itself (the fuel of a block, the check of a stack guard) has no line of the
 * source: the code that follows in the same function has, or else the code before it.
 */
function lineNear(offset, lines) {
    const index = lines.functionAt(offset)?.index;
    if (index === undefined)
        return undefined;
    for (const direction of [1, -1]) {
        for (let distance = 1; distance <= BYTES_NEAR; distance += 1) {
            const at = offset + direction * distance;
            if (lines.functionAt(at)?.index !== index)
                break;
            const place = lines.lineAt(at);
            if (place !== undefined)
                return place;
        }
    }
    return lines.entryOf(index);
}
/** A place as the contract writes it. */
export function sourcePlace(place, name) {
    const { file, line, column } = place;
    return { file, line, column, ...(name === undefined ? {} : { function: name }) };
}
