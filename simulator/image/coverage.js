// Line counts from the counters that instrumented code keeps in the image's data.
import { assert } from '../../contract/assert.ts';
import { ByteReader } from './byteReader.ts';
import { evaluate, readCoverageMap } from './coverageMap.ts';
const COUNTERS = '__llvm_prf_cnts';
const RECORDS = '__llvm_prf_data';
/** `belongs` picks the files that are reported: those of the sample. */
export function createCoverage(module, belongs = () => true) {
    const segment = module.data.find((one) => one.name === COUNTERS);
    const [start, length] = [segment?.address ?? 0, segment?.bytes.length ?? 0];
    const counterAddresses = readRecords(module);
    const functions = readCoverageMap(module).filter((one) => belongs(one.file));
    return {
        start,
        length,
        lines(counters) {
            assert(counters.length === length, 'the copy is the whole range of counters');
            const view = new DataView(counters.buffer, counters.byteOffset, counters.byteLength);
            const files = new Map();
            for (const one of functions) {
                const address = counterAddresses.get(recordKey(one.name, one.shape));
                // A function that nothing calls (a static inline) has regions but was never emitted.
                const counts = (index) => address === undefined ? 0 : Number(view.getBigUint64(address - start + index * 8, true));
                const lines = files.get(one.file) ?? new Map();
                files.set(one.file, lines);
                addLines(one, counts, lines);
            }
            return [...files].map(([file, lines]) => ({ file, lines: ascending(lines) }));
        },
    };
}
const recordKey = (name, shape) => `${name}:${shape}`;
const ascending = (lines) => [...lines].sort(([left], [right]) => left - right);
/** Name and shape of each function → address of its first counter. */
function readRecords(module) {
    const addresses = new Map();
    const segment = module.data.find((one) => one.name === RECORDS);
    if (segment === undefined)
        return addresses;
    const reader = new ByteReader(segment.bytes);
    while (reader.end - reader.position >= RECORD_BYTES) {
        const at = segment.address + reader.position;
        const record = reader.window(RECORD_BYTES);
        const [name, shape, relative] = [record.u64(), record.u64(), record.u32()];
        addresses.set(recordKey(name, shape), (at + relative) >>> 0);
    }
    return addresses;
}
/** Two hashes, four pointers, the number of counters, value sites, bitmap bytes. */
const RECORD_BYTES = 48;
function addLines(of, counts, lines) {
    const regions = of.regions;
    const first = Math.min(...regions.map((one) => one.lineStart));
    const last = Math.max(...regions.map((one) => one.lineEnd));
    for (let line = first; line <= last; line++) {
        const count = countLine(regions, line, (one) => evaluate(one.counter, of, counts));
        // The same inline function in two units counts twice, as its code runs in both.
        if (count !== undefined)
            lines.set(line, (lines.get(line) ?? 0) + count);
    }
}
/** The most that a region beginning on the line ran, else what the region around it ran. */
function countLine(regions, line, countOf) {
    const beginning = regions.filter((one) => one.lineStart === line);
    if (beginning[0]?.kind === 'skipped')
        return undefined;
    const entries = beginning.filter((one) => one.kind === 'code' || one.kind === 'expansion');
    // Regions nest and come in the order of their start: the last one that covers is the innermost.
    const around = regions.findLast((one) => one.lineStart < line && line <= one.lineEnd);
    const wrapped = around === undefined || around.kind === 'skipped' ? [] : [around];
    const counted = [...entries, ...wrapped].map(countOf);
    return counted.length === 0 ? undefined : Math.max(...counted);
}
