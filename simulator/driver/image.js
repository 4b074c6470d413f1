import { createCoverage, insertProbes, createLineTable, describeImage, readModule, } from '../image/index.ts';
/**
 * `isOwnFile` picks the files that coverage tells about: those of the sample. `watched`: a debug build,
 * which gets a probe in front of every statement.
 */
export function readImage(bytes, isOwnFile, watched) {
    const read = readModule(bytes);
    const lines = createLineTable(read);
    const probed = watched ? insertProbes(bytes, read, isOwnFile) : null;
    return {
        // Never a shared buffer; the engine's type wants that said.
        module: new WebAssembly.Module((probed?.bytes ?? bytes)),
        description: describeImage(read),
        lines: probed === null ? lines : movedLines(lines, probed.originalOffset),
        coverage: createCoverage(read, isOwnFile),
        read,
        probed: probed?.lines ?? [],
    };
}
/** The same table for offsets in the image with probes. */
const movedLines = (lines, original) => ({
    ...lines,
    lineAt: (offset) => lines.lineAt(original(offset)),
    functionAt: (offset) => lines.functionAt(original(offset)),
});
/** Line counts as the image's counters stand now. */
export function countLines({ coverage }, memory) {
    if (coverage.length === 0)
        return [];
    return coverage.lines(memory.bytes(coverage.start, coverage.length).slice());
}
