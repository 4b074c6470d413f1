// Which functions of an image can come to call one of a set of imports: by themselves, or through
// functions that they call. What cannot be told for certain counts as calling.
import { ByteReader } from './byteReader.ts';
import type { WasmFunction, WasmImport, WasmModule } from './wasmModule.ts';

export interface CallGraphQuestion {
  /** The imports that are asked about. */
  readonly isMeant: (one: WasmImport) => boolean;
  /**
   * What a function calls through pointers, by index; null where that may be anything. Asked only for
   * functions that do.
   */
  readonly calledByPointer: (functionIndex: number) => readonly number[] | null;
}

interface Calls {
  readonly direct: readonly number[];
  readonly byPointer: boolean;
}

/** Indices of the module's own functions that may come to call an import that is meant. */
export function functionsThatMayCall(
  bytes: Uint8Array,
  module: WasmModule,
  { isMeant, calledByPointer }: CallGraphQuestion,
): ReadonlySet<number> {
  const imported = module.imports.filter((one) => one.kind === 'function');
  const reaches = new Set<number>();
  const callers = new Map<number, number[]>();
  const noteCall = (from: number, to: number): void => {
    const meant = imported[to];
    if (meant !== undefined && isMeant(meant)) reaches.add(from);
    const known = callers.get(to);
    if (known === undefined) callers.set(to, [from]);
    else known.push(from);
  };
  for (const one of module.functions) {
    const calls = readCalls(bytes, one);
    const pointed = calls?.byPointer === true ? calledByPointer(one.index) : [];
    if (calls === null || pointed === null) reaches.add(one.index);
    for (const to of [...(calls?.direct ?? []), ...(pointed ?? [])]) noteCall(one.index, to);
  }
  // A set is walked to its end, what is added on the way included.
  for (const found of reaches) for (const caller of callers.get(found) ?? []) reaches.add(caller);
  return reaches;
}

const op = {
  brTable: 0x0e,
  call: 0x10,
  callIndirect: 0x11,
  returnCall: 0x12,
  returnCallIndirect: 0x13,
  tryTable: 0x1f,
  selectTyped: 0x1c,
  prefix: 0xfc,
} as const;

type Immediate = 'leb' | 'leb leb' | 'memory' | 'f32' | 'f64';

/** What follows an opcode, from the first to the last of a range; nothing where no row says. */
const immediates: readonly (readonly [first: number, last: number, what: Immediate | null])[] = [
  [0x00, 0x01, null], // unreachable, nop
  [0x02, 0x04, 'leb'], // block, loop, if
  [0x05, 0x05, null], // else
  [0x06, 0x09, 'leb'], // try, catch, throw, rethrow
  [0x0a, 0x0b, null], // throw_ref, end
  [0x0c, 0x0d, 'leb'], // br, br_if
  [0x0f, 0x0f, null], // return
  [0x18, 0x18, 'leb'], // delegate
  [0x19, 0x1b, null], // catch_all, drop, select
  [0x20, 0x26, 'leb'], // locals, globals, table.get, table.set
  [0x28, 0x3e, 'memory'],
  [0x3f, 0x42, 'leb'], // memory.size, memory.grow, i32.const, i64.const
  [0x43, 0x43, 'f32'],
  [0x44, 0x44, 'f64'],
  [0x45, 0xc4, null], // comparisons, arithmetic, conversions
  [0xd0, 0xd0, 'leb'], // ref.null
  [0xd1, 0xd1, null],
  [0xd2, 0xd2, 'leb'], // ref.func
];

const byOpcode: ReadonlyMap<number, Immediate | null> = new Map(
  immediates.flatMap(([first, last, what]) =>
    Array.from({ length: last - first + 1 }, (_unused, at) => [first + at, what] as const),
  ),
);

/** LEB128 numbers behind an opcode of the prefix 0xfc, by its number. */
const prefixed: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1];

/** The calls of a body; null where an instruction is not one that the compiler is known to write. */
function readCalls(bytes: Uint8Array, { start, end }: WasmFunction): Calls | null {
  const reader = new ByteReader(bytes, start, end);
  for (let groups = reader.uleb(); groups > 0; groups -= 1) {
    reader.uleb();
    reader.skip(1);
  }
  const direct: number[] = [];
  let byPointer = false;
  while (!reader.atEnd) {
    const opcode = reader.u8();
    if (opcode === op.call || opcode === op.returnCall) direct.push(reader.uleb());
    else if (opcode === op.callIndirect || opcode === op.returnCallIndirect) {
      byPointer = true;
      skipLebs(reader, 2);
    } else if (!skipImmediates(reader, opcode)) return null;
  }
  return { direct, byPointer };
}

function skipImmediates(reader: ByteReader, opcode: number): boolean {
  if (opcode === op.brTable) skipLebs(reader, reader.uleb() + 1);
  else if (opcode === op.selectTyped) reader.skip(reader.uleb());
  else if (opcode === op.tryTable) skipTryTable(reader);
  else if (opcode === op.prefix) {
    const lebs = prefixed[reader.uleb()];
    if (lebs === undefined) return false;
    skipLebs(reader, lebs);
  } else {
    const what = byOpcode.get(opcode);
    if (what === undefined) return false;
    if (what !== null) skipImmediate(reader, what);
  }
  return true;
}

/** A block type, and for each clause its kind, its tag where it has one, and its label. */
function skipTryTable(reader: ByteReader): void {
  skipLebs(reader, 1);
  for (let clauses = reader.uleb(); clauses > 0; clauses -= 1) {
    const kind = reader.u8();
    skipLebs(reader, kind < 2 ? 2 : 1);
  }
}

function skipImmediate(reader: ByteReader, what: Immediate): void {
  if (what === 'f32') reader.skip(4);
  else if (what === 'f64') reader.skip(8);
  else skipLebs(reader, what === 'leb' ? 1 : 2);
}

function skipLebs(reader: ByteReader, count: number): void {
  for (let left = count; left > 0; left -= 1) while (reader.u8() >= 0x80);
}
