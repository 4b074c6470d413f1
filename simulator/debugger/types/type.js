// The types that a debugger shows, wherever they come from: the headers, the driver's debug information,
// or what transcripts of kd tell of structures that have no header.
export const UNNAMED = '__unnamed';
export const base = (size, signed, shown, cName) => ({
    kind: 'base',
    size,
    signed,
    shown,
    cName,
});
export const VOID = { kind: 'void' };
export const U8 = base(1, false, 'UChar', 'unsigned char');
export const U16 = base(2, false, 'Uint2B', 'unsigned short');
export const U32 = base(4, false, 'Uint4B', 'unsigned long');
export const U64 = base(8, false, 'Uint8B', 'unsigned int64');
export const I8 = base(1, true, 'Char', 'char');
export const I16 = base(2, true, 'Int2B', 'short');
export const I32 = base(4, true, 'Int4B', 'long');
export const I64 = base(8, true, 'Int8B', 'int64');
export const pointerTo = (to) => ({ kind: 'pointer', to });
/** A structure of which only the name is known. */
export const opaque = (name) => ({
    kind: 'struct',
    name,
    isUnion: false,
    size: 0,
    fields: [],
});
export const pointerSize = (machine) => (machine === 'x86' ? 4 : 8);
