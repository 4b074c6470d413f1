// LLVM's coverage map, format version 7: for each function, regions of source and the counter or sum
// of counters that says how often each ran.
import { assert } from '../../contract/assert.ts';
import { ByteReader } from './byteReader.ts';
import { md5Low64 } from './md5.ts';
import { samplePath } from './samplePath.ts';
const VERSION_7 = 6; // LLVM counts them from 0
const FUNCTION_HEAD_BYTES = 28;
const MAP_HEAD_BYTES = 16;
export function readCoverageMap(module) {
    const maps = module.custom.get('__llvm_covmap');
    const functions = module.custom.get('__llvm_covfun');
    if (maps === undefined || functions === undefined)
        return [];
    const fileLists = readFileLists(new ByteReader(maps));
    const reader = new ByteReader(functions);
    const found = [];
    while (reader.end - reader.position >= FUNCTION_HEAD_BYTES) {
        const [name, size, shape, list] = [reader.u64(), reader.u32(), reader.u64(), reader.u64()];
        const body = reader.window(size);
        align8(reader);
        const files = fileLists.get(list);
        assert(files !== undefined, 'a covered function names a list of files of the image');
        found.push({ name, shape, ...readFunction(body, files) });
    }
    return found;
}
function align8(reader) {
    reader.position = Math.min((reader.position + 7) & ~7, reader.end);
}
function readFileLists(reader) {
    const lists = new Map();
    while (reader.end - reader.position >= MAP_HEAD_BYTES) {
        const [records, size, mappingSize] = [reader.u32(), reader.u32(), reader.u32()];
        const version = reader.u32();
        assert(version === VERSION_7, `coverage map version ${version + 1} is the one we read`);
        assert(records === 0 && mappingSize === 0, 'functions are in a section of their own');
        const blob = reader.take(size);
        align8(reader);
        lists.set(md5Low64(blob), readFileList(new ByteReader(blob)));
    }
    return lists;
}
function readFileList(reader) {
    const count = reader.uleb();
    reader.uleb(); // length of the names
    assert(reader.uleb() === 0, 'file names are not compressed (-enable-name-compression=false)');
    const names = Array.from({ length: count }, () => reader.name());
    // The first is the folder of the compilation, which relative names start from.
    const folder = names[0] ?? '';
    return names.map((name, index) => (index === 0 ? '' : samplePath(folder, name)));
}
function readFunction(reader, files) {
    const fileOf = Array.from({ length: reader.uleb() }, () => files[reader.uleb()] ?? '');
    const expressions = Array.from({ length: reader.uleb() }, () => [reader.uleb(), reader.uleb()]);
    const perFile = fileOf.map(() => readRegions(reader));
    // The body of a macro is a "file" of its own that a region of another one expands into; the
    // function itself stands in the one that nothing expands into.
    const expanded = new Set(perFile.flat().map((region) => region.expandsInto));
    const main = fileOf.findIndex((_file, id) => !expanded.has(id));
    const regions = (perFile[main] ?? []).map((region) => countExpansion(region, perFile));
    return { file: fileOf[main] ?? '', regions, expressions };
}
const GAP_BIT = 0x8000_0000;
function readRegions(reader) {
    const regions = [];
    let line = 0;
    for (let rest = reader.uleb(); rest > 0; rest--) {
        const head = readRegionHead(reader);
        line += reader.uleb();
        const [columnStart, lines, columnEnd] = [reader.uleb(), reader.uleb(), reader.uleb()];
        if (head === undefined)
            continue;
        const gap = columnEnd >= GAP_BIT;
        regions.push({
            ...head,
            kind: gap ? 'gap' : head.kind,
            lineStart: line,
            columnStart,
            lineEnd: line + lines,
            columnEnd: gap ? columnEnd - GAP_BIT : columnEnd,
        });
    }
    return regions;
}
/** Undefined for a branch, which says nothing about lines. */
function readRegionHead(reader) {
    const word = reader.uleb();
    if (word % 4 !== 0)
        return { kind: 'code', counter: word };
    const rest = Math.floor(word / 8);
    if (word & 4)
        return { kind: 'expansion', counter: 0, expandsInto: rest };
    if (rest === 4) {
        reader.uleb();
        reader.uleb();
        return undefined;
    }
    assert(rest === 0 || rest === 2, `region kind ${rest} is not asked for`);
    return { kind: rest === 0 ? 'code' : 'skipped', counter: 0 };
}
/** A use of a macro counts what the first region of its body counts. */
function countExpansion(region, perFile) {
    const { kind, lineStart, columnStart, lineEnd, columnEnd } = region;
    let source = region;
    for (let next = region; next !== undefined;) {
        source = next;
        next = next.expandsInto === undefined ? undefined : perFile[next.expandsInto]?.[0];
    }
    return { kind, counter: source.counter, lineStart, columnStart, lineEnd, columnEnd };
}
/** `counts` gives a counter of the function by its index. */
export function evaluate(word, of, counts) {
    const index = Math.floor(word / 4);
    if (word % 4 === 0)
        return 0;
    if (word % 4 === 1)
        return counts(index);
    const operands = of.expressions[index];
    assert(operands !== undefined, 'a counter refers to an expression of its function');
    const [left, right] = [evaluate(operands[0], of, counts), evaluate(operands[1], of, counts)];
    return word % 4 === 2 ? left - right : left + right;
}
