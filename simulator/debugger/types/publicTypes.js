// Structures that have a header, with their offsets on x86 and x64: out of the tables that are generated
// from simulator/include.
import { I16, I32, I64, I8, opaque, pointerTo, U16, U32, U64, U8, UNNAMED, VOID, } from './type.ts';
const scalars = new Map([
    ...['UCHAR', 'BOOLEAN', 'unsigned char', 'KIRQL', 'BYTE'].map((one) => [one, U8]),
    ...['CHAR', 'CCHAR', 'KPROCESSOR_MODE', 'char', 'const char'].map((one) => [one, I8]),
    ...['USHORT', 'unsigned short', 'WCHAR', 'FLT_CONTEXT_TYPE'].map((one) => [one, U16]),
    ...['SHORT', 'CSHORT'].map((one) => [one, I16]),
    ...['LONG', 'NTSTATUS'].map((one) => [one, I32]),
    ...['ULONGLONG', 'ULARGE'].map((one) => [one, U64]),
    ...['LONGLONG', 'USN'].map((one) => [one, I64]),
    ...['HANDLE', 'PVOID'].map((one) => [one, pointerTo(VOID)]),
]);
/** What a pointer to a routine returns, where it is not nothing; by the name of its type. */
const returned = [
    [/^PFLT_PRE_OPERATION_CALLBACK$/, '_FLT_PREOP_CALLBACK_STATUS '],
    [/^PFLT_POST_OPERATION_CALLBACK$/, '_FLT_POSTOP_CALLBACK_STATUS '],
    [/^PDRIVER_(DISPATCH|INITIALIZE|ADD_DEVICE)$|^PFLT_|^PIO_COMPLETION_ROUTINE$/, 'long '],
    [/^PFAST_IO_/, 'unsigned char '],
];
const ROUTINE = /CALLBACK|ROUTINE|DISPATCH$|^PFAST_IO_|_FUNCTION|UNLOAD$|STARTIO$|INITIALIZE$|CANCEL$|ADD_DEVICE|_QUEUE_|ACQUIRE_FOR|RELEASE_FROM|DRIVER_CONTROL|_CLEANUP$|NORMALIZE|GENERATE_FILE_NAME|^PIO_CSQ_/;
export class PublicTypes {
    table;
    built = new Map();
    constructor(table) {
        this.table = table;
    }
    /** "_IRP" or "IRP". */
    find(name) {
        const key = name.replace(/^_/, '');
        const known = this.built.get(key);
        if (known !== undefined)
            return known;
        const layout = Object.hasOwn(this.table, key) ? this.table[key] : undefined;
        if (layout === undefined)
            return undefined;
        // Fields are read when they are asked for: structures point to one another.
        const structure = this.lazily(`_${key}`, layout.size, isUnionName(key), () => this.fieldsUnder(layout.fields, '', 0));
        this.built.set(key, structure);
        return structure;
    }
    get names() {
        return Object.keys(this.table).map((name) => `_${name}`);
    }
    lazily(name, size, isUnion, read) {
        let fields = null;
        return {
            kind: 'struct',
            name,
            isUnion,
            size,
            get fields() {
                return (fields ??= read());
            },
        };
    }
    /** Members of the structure whose path is `prefix`; deeper paths belong to unnamed ones inside. */
    fieldsUnder(all, prefix, from) {
        const fields = [];
        for (const [path, [offset, size, type, firstBit, lastBit]] of Object.entries(all)) {
            const name = path.slice(prefix.length);
            if (!path.startsWith(prefix) || name.includes('.'))
                continue;
            const first = Number(firstBit ?? -1);
            fields.push({
                name,
                offset: Number(offset) - from,
                size: Number(size),
                type: type === 'struct' || type === 'union'
                    ? this.lazily(UNNAMED, Number(size), type === 'union', () => this.fieldsUnder(all, `${path}.`, Number(offset)))
                    : this.typeOf(String(type), Number(size)),
                ...(first < 0 ? {} : { bits: [first, Number(lastBit) - first + 1] }),
            });
        }
        return fields;
    }
    /** The type that a header names so. */
    typeOf(text, size) {
        const plain = text.replace(/\b(const|volatile)\s+/g, '').trim();
        const array = /^(.*?)\s*\[(\d+)\]$/.exec(plain);
        if (array !== null) {
            const count = Number(array[2]);
            return { kind: 'array', of: this.typeOf(array[1] ?? '', size / Math.max(count, 1)), count };
        }
        if (plain.endsWith('*')) {
            const to = plain.slice(0, -1).trim();
            return pointerTo(scalars.get(to) ?? this.find(to) ?? this.pointed(to));
        }
        return scalars.get(plain) ?? this.find(plain) ?? this.named(plain, size);
    }
    pointed(name) {
        return name.startsWith('P') ? this.typeOf(name, 4) : opaque(`_${name}`);
    }
    named(name, size) {
        if (name.startsWith('P') && (size === 4 || size === 8) && name !== 'POOL_TYPE') {
            if (ROUTINE.test(name)) {
                const returns = returned.find(([which]) => which.test(name))?.[1] ?? 'void ';
                return pointerTo({ kind: 'function', returns });
            }
            const to = name.slice(1).replace(/^C(?=UNICODE)/, '');
            if (to === 'SECURITY_DESCRIPTOR' || to === 'SID' || to === 'FLT_CONTEXT') {
                return pointerTo(VOID);
            }
            return pointerTo(scalars.get(to) ?? this.find(to) ?? opaque(`_${to}`));
        }
        if (/^(KAFFINITY|SIZE_T|ULONG_PTR|KSPIN_LOCK|ERESOURCE_THREAD)$/.test(name)) {
            return size === 8 ? U64 : U32;
        }
        if (/(TYPE|CLASS|LEVEL|MODE|HINT)$/.test(name) && size === 4 && name !== 'DEVICE_TYPE') {
            return { kind: 'enum', name: `_${name}`, size, values: new Map() };
        }
        return { 1: U8, 2: U16, 8: U64 }[size] ?? U32;
    }
}
const isUnionName = (name) => name === 'FLT_PARAMETERS' || name === 'FS_FILTER_PARAMETERS' || name === 'LARGE_INTEGER';
