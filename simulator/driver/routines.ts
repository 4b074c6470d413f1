// From the export tables to WebAssembly functions: the imports of an image, and the addresses that
// FltGetRoutineAddress and MmGetSystemRoutineAddress give out.
import type { Instance } from '../filter-manager/index.ts';
import type { FileObject } from '../io/fileObject.ts';
import { makeRoutineModule, ROUTINE_MODULE, type FunctionType } from '../image/index.ts';
import type { CallFrame } from '../kernel/debugPort.ts';
import { NotModelledSignal } from '../kernel/kernel.ts';
import type { WindowsVersion } from '../windows/profile.ts';
import type { Binding, Decoded, ExportTable, Kind, Out, ReturnKind } from './binding.ts';
import { exportTables, type WindowsModule } from './exports/index.ts';
import { PackedArguments } from './packedArguments.ts';
import { captureStack } from './places.ts';
import type { Room } from './room.ts';
import { CALL_FUEL, DEAR_CALL_FUEL } from './threads.ts';
import { UnicodeString } from './unicodeString.ts';

type Raw = number | bigint;
type Decode = (room: Room, raw: Raw, routine: string) => unknown;

function out(room: Room, address: number, bytes: 1 | 2 | 4, routine: string): Out<number> {
  room.probe(address, bytes, true, routine);
  return {
    set: (value) => {
      if (bytes === 1) room.memory.write8(address, value);
      else if (bytes === 2) room.memory.write16(address, value);
      else room.memory.write32(address, value);
    },
  };
}

/** An opaque pointer must name an object of its kind; anything else is told and refused by name. */
function known<Value>(
  room: Room,
  value: Value | undefined,
  kind: string,
  address: number,
  routine: string,
): Value {
  if (value !== undefined) return value;
  const shown = `0x${address.toString(16).padStart(8, '0')}`;
  room.kernel.report({ id: 'bad-handle', message: `${routine} was given ${shown}: no ${kind}.` });
  throw new NotModelledSignal(`${routine} with a pointer that is no ${kind}`);
}

const filterAt = (room: Room, address: number, routine: string) =>
  known(room, room.manager.filterAt(address), 'filter', address, routine);

const volumeAt = (room: Room, address: number, routine: string) =>
  known(room, room.manager.volumeAt(address), 'volume', address, routine);

const decoders: { readonly [One in Kind]: Decode } = {
  u32: (_room, raw) => Number(raw) >>> 0,
  i32: (_room, raw) => Number(raw) | 0,
  u64: (_room, raw) => BigInt.asUintN(64, BigInt(raw)),
  i64: (_room, raw) => BigInt.asIntN(64, BigInt(raw)),
  boolean: (_room, raw) => (Number(raw) & 0xff) !== 0,
  address: (_room, raw) => Number(raw) >>> 0,
  routine: (_room, raw) => Number(raw) >>> 0,
  text: (room, raw, routine) => room.readText(Number(raw) >>> 0, 1, routine),
  wideText: (room, raw, routine) => room.readText(Number(raw) >>> 0, 2, routine),
  optionalWideText: (room, raw, routine) =>
    raw === 0 ? null : room.readText(Number(raw) >>> 0, 2, routine),
  unicodeString: (room, raw, routine) => new UnicodeString(room, Number(raw) >>> 0, routine),
  optionalUnicodeString: (room, raw, routine) =>
    raw === 0 ? null : new UnicodeString(room, Number(raw) >>> 0, routine),
  out8: (room, raw, routine) => out(room, Number(raw) >>> 0, 1, routine),
  optionalOut8: (room, raw, routine) =>
    raw === 0 ? null : out(room, Number(raw) >>> 0, 1, routine),
  out16: (room, raw, routine) => out(room, Number(raw) >>> 0, 2, routine),
  out32: (room, raw, routine) => out(room, Number(raw) >>> 0, 4, routine),
  optionalOut32: (room, raw, routine) =>
    raw === 0 ? null : out(room, Number(raw) >>> 0, 4, routine),
  out64: (room, raw, routine): Out<bigint> => {
    const address = Number(raw) >>> 0;
    room.probe(address, 8, true, routine);
    return { set: (value) => room.memory.write64(address, value) };
  },
  callbackData: (room, raw, routine) => {
    const address = Number(raw) >>> 0;
    return known(room, room.manager.dataAt(address), 'callback data', address, routine);
  },
  filter: (room, raw, routine) => filterAt(room, Number(raw) >>> 0, routine),
  optionalFilter: (room, raw, routine) =>
    raw === 0 ? null : filterAt(room, Number(raw) >>> 0, routine),
  instance: (room, raw, routine) => {
    const address = Number(raw) >>> 0;
    return known(room, room.manager.instanceAt(address), 'instance', address, routine);
  },
  optionalInstance: (room, raw, routine) =>
    raw === 0 ? null : (decoders.instance(room, raw, routine) as Instance),
  volume: (room, raw, routine) => volumeAt(room, Number(raw) >>> 0, routine),
  optionalVolume: (room, raw, routine) =>
    raw === 0 ? null : volumeAt(room, Number(raw) >>> 0, routine),
  fileObject: (room, raw, routine) => {
    const address = Number(raw) >>> 0;
    return known(room, room.objects.fileAt(address), 'file object', address, routine);
  },
  optionalFileObject: (room, raw, routine) =>
    raw === 0 ? null : (decoders.fileObject(room, raw, routine) as FileObject),
  ownCallbackData: (room, raw, routine) => {
    const address = Number(raw) >>> 0;
    const kind = 'callback data that FltAllocateCallbackData gave';
    return known(room, room.ownData.at(address), kind, address, routine);
  },
  varargs: (room, raw, routine) => new PackedArguments(room, Number(raw) >>> 0, routine),
} satisfies { readonly [One in Kind]: (...all: Parameters<Decode>) => Decoded[One] };

function encode(returns: ReturnKind, value: unknown): Raw | undefined {
  if (returns === 'void') return undefined;
  if (returns === 'i64') return value as bigint;
  if (returns === 'boolean') return value === true ? 1 : 0;
  return (value as number) | 0;
}

/** The WebAssembly type that the row's C prototype has; null where the row does not say. */
export function typeOf({ kinds, returns }: Binding): FunctionType | null {
  if (kinds === null) return null;
  return {
    parameters: kinds.map((kind) => (kind === 'u64' || kind === 'i64' ? 'i64' : 'i32')),
    results: returns === 'void' ? [] : [returns === 'i64' ? 'i64' : 'i32'],
  };
}

const versions: readonly WindowsVersion[] = ['5.1', '5.2', '6.0', '6.1', '6.3', '10.0'];

/** Whether the module of this Windows exports the routine. */
export const isExported = ({ since }: Binding, version: WindowsVersion): boolean =>
  since === null || versions.indexOf(version) >= versions.indexOf(since);

export class Routines {
  private readonly room: Room;
  private readonly table: WebAssembly.Table;
  private readonly addresses = new Map<string, number>();

  constructor(room: Room, table: WebAssembly.Table) {
    this.room = room;
    this.table = table;
  }

  /** The function that a row becomes: plain, or one that suspends the driver's stack. */
  bind(module: string, name: string, binding: Binding): unknown {
    const { room } = this;
    const { handler, kinds, returns } = binding;
    if (handler === null || kinds === null) {
      return () => {
        throw new NotModelledSignal(`${module}!${name}`);
      };
    }
    const decode = kinds.map((kind) => decoders[kind]);
    const call = handler as (room: Room, ...values: unknown[]) => unknown;
    const shown = `${module === 'ntoskrnl' ? 'nt' : module}!${name}`;
    const enter = (raw: readonly Raw[]): CallFrame | undefined =>
      room.kernel.debug?.enter(shown, ...raw.map(Number));
    const isDear = binding.blocks || kinds.includes('varargs');
    const fuel = isDear ? DEAR_CALL_FUEL : CALL_FUEL;
    const invoke = (raw: readonly Raw[]): unknown => {
      room.threads.spend(fuel);
      room.learnModule();
      this.checkIrql(name, binding);
      return call(room, ...raw.map((value, index) => decode[index]?.(room, value, name)));
    };
    if (!binding.blocks) {
      return (...raw: Raw[]) => {
        const frame = enter(raw);
        const result = encode(returns, invoke(raw));
        room.kernel.debug?.leave(frame);
        return result;
      };
    }
    return new WebAssembly.Suspending(async (...raw: Raw[]) => {
      const { imports } = room.threads.require();
      imports.push(captureStack());
      const frame = enter(raw);
      try {
        const result = encode(returns, await invoke(raw));
        room.kernel.debug?.leave(frame);
        return result;
      } finally {
        imports.pop();
      }
    });
  }

  private checkIrql(name: string, { irql }: Binding): void {
    const { current } = this.room.kernel.scheduler;
    if (current.irql <= irql) return;
    this.room.kernel.report({
      id: 'irql-too-high',
      message: `${name} was called at IRQL ${current.irql}; it may be called up to IRQL ${irql}.`,
    });
  }

  /**
   * The address of an exported routine for a driver that asks by name; 0 when this Windows does not
   * export it. A name that no table knows is refused: the model cannot tell which Windows has it.
   */
  addressOf(modules: readonly WindowsModule[], name: string, asked: string): number {
    for (const module of modules) {
      const table: ExportTable = exportTables[module];
      const binding = Object.hasOwn(table, name) ? table[name] : undefined;
      if (binding === undefined) continue;
      if (!isExported(binding, this.room.kernel.profile.version)) return 0;
      return this.addressIn(module, name, binding);
    }
    throw new NotModelledSignal(`${asked}("${name}")`);
  }

  private addressIn(module: WindowsModule, name: string, binding: Binding): number {
    const known = this.addresses.get(name);
    if (known !== undefined) return known;
    const type = typeOf(binding);
    if (type === null) throw new NotModelledSignal(`${module}!${name}`);
    const bytes = makeRoutineModule([{ name, ...type }]) as Uint8Array<ArrayBuffer>;
    const imports = { [ROUTINE_MODULE]: { [name]: this.bind(module, name, binding) } };
    const instance = new WebAssembly.Instance(
      new WebAssembly.Module(bytes),
      imports as WebAssembly.Imports,
    );
    const index = this.table.grow(1);
    this.table.set(index, instance.exports[name]);
    this.addresses.set(name, index);
    return index;
  }
}
