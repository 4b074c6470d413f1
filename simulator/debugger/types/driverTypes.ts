// The types and variables of the driver itself, out of the debug information of its image.
import {
  DwarfAttribute as At,
  DwarfTag as Tag,
  numberOf,
  placeOf,
  readDebugInformation,
  textOf,
  type DebugEntry,
  type DebugInformation,
  type WasmModule,
} from '../../image/index.ts';
import {
  base,
  opaque,
  pointerTo,
  UNNAMED,
  VOID,
  type Field,
  type Structure,
  type Type,
} from './type.ts';

export interface Variable {
  readonly name: string;
  readonly type: Type;
  /** An address, or an offset from the frame of its function. */
  readonly place: { readonly kind: 'address' | 'frame'; readonly value: number };
  readonly isParameter: boolean;
}

export interface DriverFunction {
  readonly name: string;
  /** Offsets in the module. */
  readonly start: number;
  readonly end: number;
  readonly variables: readonly Variable[];
}

export class DriverTypes {
  private readonly information: DebugInformation;
  private readonly codeStart: number;
  private readonly types = new Map<number, Type>();
  private readonly structures = new Map<string, DebugEntry>();
  private functionList: DriverFunction[] | null = null;
  private globalList: Variable[] | null = null;

  constructor(module: WasmModule) {
    this.information = readDebugInformation(module);
    this.codeStart = module.codeStart;
    for (const unit of this.information.units) {
      for (const entry of unit.children) {
        const name = textOf(entry, At.name);
        const isStructure = entry.tag === Tag.structure || entry.tag === Tag.union;
        if (!isStructure || name === undefined || entry.attributes.has(At.declaration)) continue;
        if (!this.structures.has(name)) this.structures.set(name, entry);
      }
    }
  }

  find(name: string): Structure | undefined {
    const entry = this.structures.get(name);
    if (entry === undefined) return undefined;
    const type = this.typeOf(entry);
    return type.kind === 'struct' ? type : undefined;
  }

  get structureNames(): readonly string[] {
    return [...this.structures.keys()];
  }

  /** Names of an enumeration's values, where the driver's source uses it. */
  enumeration(name: string): ReadonlyMap<number, string> | undefined {
    for (const unit of this.information.units) {
      const entry = unit.children.find(
        (one) => one.tag === Tag.enumeration && textOf(one, At.name) === name,
      );
      if (entry !== undefined) return enumerators(entry);
    }
    return undefined;
  }

  get functions(): readonly DriverFunction[] {
    return (this.functionList ??= this.information.units.flatMap((unit) =>
      unit.children.flatMap((entry) => this.functionOf(entry)),
    ));
  }

  get globals(): readonly Variable[] {
    return (this.globalList ??= this.information.units.flatMap((unit) =>
      unit.children.flatMap((entry) => (entry.tag === Tag.variable ? this.variableOf(entry) : [])),
    ));
  }

  private functionOf(entry: DebugEntry): DriverFunction[] {
    const name = textOf(entry, At.name);
    const low = numberOf(entry, At.lowPc);
    const length = numberOf(entry, At.highPc);
    if (entry.tag !== Tag.subprogram || name === undefined || !low || length === undefined)
      return [];
    const start = low + this.codeStart;
    return [{ name, start, end: start + length, variables: this.variablesIn(entry) }];
  }

  private variablesIn(entry: DebugEntry): Variable[] {
    return entry.children.flatMap((child) => {
      if (child.tag === Tag.block) return this.variablesIn(child);
      if (child.tag !== Tag.parameter && child.tag !== Tag.variable) return [];
      return this.variableOf(child);
    });
  }

  private variableOf(entry: DebugEntry): Variable[] {
    const name = textOf(entry, At.name);
    const place = placeOf(entry);
    if (name === undefined || place === undefined) return [];
    return [{ name, type: this.referred(entry), place, isParameter: entry.tag === Tag.parameter }];
  }

  private referred(entry: DebugEntry): Type {
    const offset = numberOf(entry, At.type);
    const target = offset === undefined ? undefined : this.information.entryAt(offset);
    return target === undefined ? VOID : this.typeOf(target);
  }

  private typeOf(entry: DebugEntry): Type {
    const known = this.types.get(entry.offset);
    if (known !== undefined) return known;
    const type = this.build(entry);
    this.types.set(entry.offset, type);
    return type;
  }

  private build(entry: DebugEntry): Type {
    const name = textOf(entry, At.name);
    const size = numberOf(entry, At.byteSize) ?? 0;
    switch (entry.tag) {
      case Tag.base:
        return baseType(entry, name ?? '', size);
      case Tag.pointer:
        return pointerTo(this.lazily(entry));
      case Tag.typedef:
      case Tag.const:
      case Tag.volatile:
        return this.referred(entry);
      case Tag.array: {
        const range = entry.children.find((one) => one.tag === Tag.subrange);
        const upper = range && numberOf(range, At.upperBound);
        const count = (range && numberOf(range, At.count)) ?? (upper === undefined ? 0 : upper + 1);
        return { kind: 'array', of: this.referred(entry), count };
      }
      case Tag.enumeration:
        return { kind: 'enum', name: name ?? UNNAMED, size, values: enumerators(entry) };
      case Tag.structure:
      case Tag.union:
        return this.structureOf(entry, name, size);
      case Tag.subroutine:
        return { kind: 'function', returns: describe(this.referred(entry)) };
      default:
        return VOID;
    }
  }

  /** What a pointer points to is read when it is asked for: structures point to one another. */
  private lazily(entry: DebugEntry): Type {
    const offset = numberOf(entry, At.type);
    const target = offset === undefined ? undefined : this.information.entryAt(offset);
    return target === undefined ? VOID : this.typeOf(target);
  }

  private structureOf(entry: DebugEntry, name: string | undefined, size: number): Structure {
    if (entry.attributes.has(At.declaration)) return opaque(name ?? UNNAMED);
    const read = (): Field[] => this.fieldsOf(entry);
    let fields: Field[] | null = null;
    return {
      kind: 'struct',
      name: name ?? UNNAMED,
      isUnion: entry.tag === Tag.union,
      size,
      get fields() {
        return (fields ??= read());
      },
    };
  }

  private fieldsOf(entry: DebugEntry): Field[] {
    return entry.children.flatMap((member): Field[] => {
      if (member.tag !== Tag.member) return [];
      const type = this.referred(member);
      const offset = numberOf(member, At.memberLocation) ?? 0;
      const name = textOf(member, At.name);
      // Members of an unnamed member are members of the structure around it.
      if (name === undefined && type.kind === 'struct') {
        return type.fields.map((inner) => ({ ...inner, offset: inner.offset + offset }));
      }
      const count = numberOf(member, At.bitSize);
      const firstBit = numberOf(member, At.dataBitOffset);
      const bits = count === undefined ? {} : { bits: [firstBit ?? 0, count] as const };
      return [{ name: name ?? '', offset, size: sizeOf(type), type, ...bits }];
    });
  }
}

const UNSIGNED_ENCODINGS: readonly number[] = [2, 7, 8];

function baseType(entry: DebugEntry, name: string, size: number): Type {
  const signed = !UNSIGNED_ENCODINGS.includes(numberOf(entry, At.encoding) ?? 0);
  const shown = size === 1 ? (signed ? 'Char' : 'UChar') : `${signed ? 'Int' : 'Uint'}${size}B`;
  return base(size, signed, shown, name.replace('long long', 'int64'));
}

function enumerators(entry: DebugEntry): ReadonlyMap<number, string> {
  return new Map(
    entry.children.flatMap((one) => {
      const value = numberOf(one, At.constValue);
      const name = textOf(one, At.name);
      return value === undefined || name === undefined ? [] : [[value, name] as const];
    }),
  );
}

function describe(type: Type): string {
  switch (type.kind) {
    case 'base':
      return `${type.cName} `;
    case 'enum':
      return `${type.name} `;
    case 'pointer':
      return 'void* ';
    default:
      return 'void ';
  }
}

export function sizeOf(type: Type): number {
  switch (type.kind) {
    case 'base':
    case 'enum':
    case 'struct':
      return type.size;
    case 'array':
      return sizeOf(type.of) * type.count;
    case 'pointer':
      return 4;
    default:
      return 0;
  }
}
