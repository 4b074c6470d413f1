// A strict reader of 64-bit Windows images: what a person hands to the lab as a .sys may be anything.
// Every read is checked against the bytes that are there, every count has a limit, and whatever does
// not hold ends in one error with its reason.
import { readFile } from 'node:fs/promises';
import { LabError } from '../../contract/errors/labError.ts';
export const IMAGE_FILE_MACHINE_AMD64 = 0x8664;
export const IMAGE_FILE_MACHINE_ARM64 = 0xaa64;
export const IMAGE_SUBSYSTEM_NATIVE = 1;
export const IMAGE_SCN_MEM_DISCARDABLE = 0x02000000;
/** More of it than any real image has; a hostile one must not cost minutes or gigabytes. */
const limits = {
    file_bytes: 512 * 1024 * 1024,
    sections: 96,
    dlls: 1_024,
    names: 131_072,
    name_bytes: 4_096,
    // Tables may overlap: a small file could name the same long text a hundred thousand times.
    text_bytes: 4 * 1024 * 1024,
};
const sectionHeader_bytes = 40;
const importDescriptor_bytes = 20;
const exportDirectory_bytes = 40;
const directory = { exports: 0, imports: 1, certificates: 4 };
/** Errors: `build.not-a-pe`; those of reading the file pass through. */
export async function readPe(path) {
    return parsePe(await readFile(path), path);
}
/** Errors: `build.not-a-pe` with the reason; nothing else, whatever the bytes are. */
export function parsePe(bytes, name) {
    const view = new CheckedView(bytes, name);
    view.require(bytes.length <= limits.file_bytes, 'it is larger than any driver');
    view.require(view.u16(0, 'the DOS header') === 0x5a4d, 'it does not begin with "MZ"');
    const header = view.u32(0x3c, 'the DOS header');
    view.require(view.u32(header, 'the PE header') === 0x4550, 'there is no PE signature');
    const file = header + 4;
    const optional = file + 20;
    const optional_bytes = view.u16(file + 16, 'the file header');
    const magic = view.u16(optional, 'the optional header');
    view.require(magic !== 0x10b, 'it is a 32-bit image');
    view.require(magic === 0x20b, 'the optional header is of no known kind');
    const directories = view.u32(optional + 108, 'the optional header');
    view.require(directories <= 16, 'it claims more than 16 data directories');
    view.require(optional_bytes >= 112 + directories * 8, 'the optional header is too short');
    const directoryOf = (index) => {
        if (index >= directories)
            return undefined;
        const at = optional + 112 + index * 8;
        const range = { start: view.u32(at, 'a directory'), size: view.u32(at + 4, 'a directory') };
        return range.start === 0 || range.size === 0 ? undefined : range;
    };
    const sections = readSections(view, optional + optional_bytes, view.u16(file + 2, 'file header'));
    const memory = new MappedView(view, sections, view.u32(optional + 60, 'the optional header'));
    const certificates = directoryOf(directory.certificates);
    if (certificates !== undefined) {
        // The one directory that is given by file offset: the table is never mapped.
        view.range(certificates.start, certificates.size, 'the certificate table');
    }
    return {
        machine: view.u16(file, 'the file header'),
        characteristics: view.u16(file + 18, 'the file header'),
        timeDateStamp: view.u32(file + 4, 'the file header'),
        subsystem: view.u16(optional + 68, 'the optional header'),
        subsystemVersion: versionText(view, optional + 48),
        dllCharacteristics: view.u16(optional + 70, 'the optional header'),
        imageBase: view.u64(optional + 24, 'the optional header'),
        entryPoint: view.u32(optional + 16, 'the optional header'),
        imageSize_bytes: view.u32(optional + 56, 'the optional header'),
        checksum: {
            stored: view.u32(optional + 64, 'the optional header'),
            computed: checksumOf(bytes, optional + 64),
        },
        sections,
        imports: readImports(memory, directoryOf(directory.imports)),
        exports: readExports(memory, directoryOf(directory.exports)),
        ...(certificates === undefined
            ? {}
            : { certificateTable: { offset: certificates.start, size_bytes: certificates.size } }),
    };
}
function readSections(view, start, count) {
    view.require(count > 0 && count <= limits.sections, `it claims ${count} sections`);
    return Array.from({ length: count }, (_, index) => {
        const at = start + index * sectionHeader_bytes;
        const what = `the header of section ${index + 1}`;
        const section = {
            name: view.latin1(at, 8, what).replace(/\0.*$/s, ''),
            virtualSize_bytes: view.u32(at + 8, what),
            virtualAddress: view.u32(at + 12, what),
            fileSize_bytes: view.u32(at + 16, what),
            fileOffset: view.u32(at + 20, what),
            characteristics: view.u32(at + 36, what),
        };
        if (section.fileSize_bytes > 0) {
            view.range(section.fileOffset, section.fileSize_bytes, `section ${section.name}`);
        }
        return section;
    });
}
const versionText = (view, at) => `${view.u16(at, 'the optional header')}.${String(view.u16(at + 2, 'the optional header')).padStart(2, '0')}`;
function readImports(memory, range) {
    if (range === undefined)
        return [];
    const imports = [];
    for (let at = range.start;; at += importDescriptor_bytes) {
        const what = 'the import directory';
        const nameAt = memory.u32(at + 12, what);
        const firstThunk = memory.u32(at + 16, what);
        if (nameAt === 0 && firstThunk === 0)
            return imports;
        memory.require(imports.length < limits.dlls, 'it imports from too many modules');
        const dll = memory.string(nameAt, 'the name of an imported module');
        // The lookup table keeps the names when a loader has written addresses over the other.
        const lookup = memory.u32(at, what) || firstThunk;
        imports.push({ dll, ...readThunks(memory, lookup, dll) });
    }
}
function readThunks(memory, start, dll) {
    const names = [];
    const ordinals = [];
    for (let at = start;; at += 8) {
        const thunk = memory.u64(at, `the imports from ${dll}`);
        if (thunk === 0n)
            return { names, ordinals };
        memory.countImport(dll);
        if (thunk >> 63n === 1n)
            ordinals.push(Number(thunk & 0xffffn));
        else
            names.push(memory.string(Number(thunk & 0x7fffffffn) + 2, `a name from ${dll}`));
    }
}
function readExports(memory, range) {
    if (range === undefined)
        return [];
    const what = 'the export directory';
    memory.bytes(range.start, exportDirectory_bytes, what);
    const count = memory.u32(range.start + 24, what);
    memory.require(count <= limits.names, `it claims ${count} exported names`);
    const names = memory.u32(range.start + 32, what);
    return Array.from({ length: count }, (_, index) => memory.string(memory.u32(names + index * 4, what), 'an exported name'));
}
/** The checksum of imagehlp: 16-bit words with the carry folded in, without itself, plus the size. */
function checksumOf(bytes, checksumAt) {
    let sum = 0;
    for (let at = 0; at < bytes.length; at += 2) {
        if (at === checksumAt || at === checksumAt + 2)
            continue;
        sum += (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
        sum = (sum & 0xffff) + (sum >>> 16);
    }
    return (sum + bytes.length) >>> 0;
}
/** The bytes of the file; a read outside of them is the end of the parse. */
class CheckedView {
    #view;
    #name;
    bytes;
    constructor(bytes, name) {
        this.bytes = bytes;
        this.#name = name;
        this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    require(condition, reason) {
        if (condition)
            return;
        throw new LabError('build.not-a-pe', {
            problem: `${this.#name} is not a 64-bit Windows image: ${reason}.`,
            remedy: 'Build the driver again, or name the right file.',
        });
    }
    range(start, size, what) {
        this.require(start + size <= this.bytes.length, `the file ends within ${what}`);
    }
    u16(at, what) {
        this.range(at, 2, what);
        return this.#view.getUint16(at, true);
    }
    u32(at, what) {
        this.range(at, 4, what);
        return this.#view.getUint32(at, true);
    }
    u64(at, what) {
        this.range(at, 8, what);
        return this.#view.getBigUint64(at, true);
    }
    latin1(at, size, what) {
        this.range(at, size, what);
        return String.fromCharCode(...this.bytes.subarray(at, at + size));
    }
}
/** The file as it lies in memory: addresses are relative to the image base. */
class MappedView {
    #file;
    #sections;
    #headers_bytes;
    #text_bytes = 0;
    #imports = 0;
    constructor(file, sections, headers_bytes) {
        this.#file = file;
        this.#sections = sections;
        this.#headers_bytes = headers_bytes;
    }
    require(condition, reason) {
        this.#file.require(condition, reason);
    }
    /** Of all modules together: their tables may be one. */
    countImport(dll) {
        this.#imports++;
        this.require(this.#imports <= limits.names, `it imports too much from ${dll}`);
    }
    /** File offset of `size` bytes that lie together at `address`. */
    bytes(address, size, what) {
        if (address + size <= this.#headers_bytes)
            return address;
        const section = this.#sections.find((each) => address >= each.virtualAddress &&
            address + size <= each.virtualAddress + each.fileSize_bytes);
        this.require(section !== undefined, `${what} lies outside of all sections`);
        return section.fileOffset + (address - section.virtualAddress);
    }
    u32(address, what) {
        return this.#file.u32(this.bytes(address, 4, what), what);
    }
    u64(address, what) {
        return this.#file.u64(this.bytes(address, 8, what), what);
    }
    /** Printable ASCII up to a zero. */
    string(address, what) {
        const start = this.bytes(address, 1, what);
        const most = this.#file.bytes.subarray(start, start + limits.name_bytes);
        const end = most.indexOf(0);
        this.require(end > 0, `${what} is empty or does not end`);
        this.#text_bytes += end + 1;
        this.require(this.#text_bytes <= limits.text_bytes, 'it has more text than any driver');
        const text = String.fromCharCode(...most.subarray(0, end));
        this.require(/^[\x20-\x7e]+$/.test(text), `${what} is not text`);
        return text;
    }
}
