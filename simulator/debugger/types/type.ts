// The types that a debugger shows, wherever they come from: the headers, the driver's debug information,
// or what transcripts of kd tell of structures that have no header.

export type Type =
  | { readonly kind: 'void' }
  /** `returns`: as dt prints it behind a pointer to it. */
  | { readonly kind: 'function'; readonly returns: string }
  | {
      readonly kind: 'base';
      readonly size: number;
      readonly signed: boolean;
      /** "Uint4B": for dt. */
      readonly shown: string;
      /** "unsigned long": for ??. */
      readonly cName: string;
    }
  | { readonly kind: 'pointer'; readonly to: Type }
  | { readonly kind: 'array'; readonly of: Type; readonly count: number }
  | {
      readonly kind: 'enum';
      readonly name: string;
      readonly size: number;
      readonly values: ReadonlyMap<number, string>;
    }
  | Structure;

export interface Structure {
  readonly kind: 'struct';
  /** "_IRP"; "__unnamed" for one without a name. */
  readonly name: string;
  readonly isUnion: boolean;
  readonly size: number;
  readonly fields: readonly Field[];
}

export interface Field {
  readonly name: string;
  readonly offset: number;
  /** Bytes that it takes up. */
  readonly size: number;
  readonly type: Type;
  /** First bit and number of bits, for a bit-field. */
  readonly bits?: readonly [first: number, count: number] | undefined;
}

export const UNNAMED = '__unnamed';

export const base = (size: number, signed: boolean, shown: string, cName: string): Type => ({
  kind: 'base',
  size,
  signed,
  shown,
  cName,
});

export const VOID: Type = { kind: 'void' };
export const U8 = base(1, false, 'UChar', 'unsigned char');
export const U16 = base(2, false, 'Uint2B', 'unsigned short');
export const U32 = base(4, false, 'Uint4B', 'unsigned long');
export const U64 = base(8, false, 'Uint8B', 'unsigned int64');
export const I8 = base(1, true, 'Char', 'char');
export const I16 = base(2, true, 'Int2B', 'short');
export const I32 = base(4, true, 'Int4B', 'long');
export const I64 = base(8, true, 'Int8B', 'int64');

export const pointerTo = (to: Type): Type => ({ kind: 'pointer', to });

/** A structure of which only the name is known. */
export const opaque = (name: string): Structure => ({
  kind: 'struct',
  name,
  isUnion: false,
  size: 0,
  fields: [],
});

export type MachineKind = 'x86' | 'amd64';
export const pointerSize = (machine: MachineKind): number => (machine === 'x86' ? 4 : 8);
