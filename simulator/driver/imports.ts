// The import object of an image: the shared machine, the runtime's own imports, and each routine of
// Windows bound through its table. What cannot be bound is told by name.
import type { SourcePlace } from '../../contract/finding.ts';
import { NtStatus } from '../../contract/windows/index.ts';
import type { FunctionType, ImageDescription, RoutineImport, WasmImport } from '../image/index.ts';
import { NotModelledSignal } from '../kernel/kernel.ts';
import type { Binding, ExportTable } from './binding.ts';
import { exhausted, reportUnhandled, smashed, unhandled, unsupported } from './ends.ts';
import { exportTables, windowsModules, type WindowsModule } from './exports/index.ts';
import type { Room } from './room.ts';
import { isExported, typeOf, type Routines } from './routines.ts';

export interface SharedMachine {
  readonly memory: WebAssembly.Memory;
  readonly table: WebAssembly.Table;
  readonly stackPointer: WebAssembly.Global;
  readonly longjmpTag: WebAssembly.Tag;
}

/** A static import that this Windows does not export: the loader of Windows refuses the image. */
export interface MissingExport {
  readonly module: string;
  readonly name: string;
}

export type Imports =
  | { readonly kind: 'bound'; readonly imports: WebAssembly.Imports }
  | { readonly kind: 'missing'; readonly missing: MissingExport };

const isWindowsModule = (module: string): module is WindowsModule =>
  (windowsModules as readonly string[]).includes(module);

/** The row of a routine; a routine without one is refused by name. */
function rowOf({ module, name }: RoutineImport): Binding {
  const table: ExportTable | undefined = isWindowsModule(module) ? exportTables[module] : undefined;
  const row = table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
  if (row === undefined) throw new NotModelledSignal(module === 'env' ? name : `${module}!${name}`);
  return row;
}

/** Whether a call of the import may have to wait. */
export function mayWait({ module, name }: WasmImport): boolean {
  const table: ExportTable | undefined = isWindowsModule(module) ? exportTables[module] : undefined;
  return table !== undefined && Object.hasOwn(table, name) && table[name]?.blocks === true;
}

const sameType = (a: FunctionType, b: FunctionType): boolean =>
  a.parameters.join() === b.parameters.join() && a.results.join() === b.results.join();

export function bindImports(
  room: Room,
  routines: Routines,
  machine: SharedMachine,
  description: ImageDescription,
): Imports {
  // First what the model refuses, then what Windows refuses: a name that is not modelled is told even
  // where another import is missing.
  const rows = description.routines.map((routine) => [routine, rowOf(routine)] as const);
  const { version } = room.kernel.profile;
  const missing = rows.find(([, row]) => !isExported(row, version));
  if (missing !== undefined) return { kind: 'missing', missing: missing[0] };
  const imports: Record<string, Record<string, unknown>> = {
    env: {
      memory: machine.memory,
      __indirect_function_table: machine.table,
      __stack_pointer: machine.stackPointer,
      __c_longjmp: machine.longjmpTag,
    },
    fltlab: runtimeImports(room),
  };
  for (const [{ module, name, type }, row] of rows) {
    const declared = typeOf(row);
    if (declared !== null && !sameType(declared, type)) {
      throw new NotModelledSignal(`${module}!${name} declared with another prototype`);
    }
    (imports[module] ??= {})[name] = routines.bind(module, name, row);
  }
  return { kind: 'bound', imports: imports as WebAssembly.Imports };
}

/** runtime/README.md, "What the image imports". */
function runtimeImports(room: Room): Record<string, unknown> {
  const { kernel } = room;
  const place = (): SourcePlace[] => {
    room.learnModule();
    return room.place();
  };
  return {
    report: (address: number, size: number, isWrite: number, bad: number): number => {
      room.learnModule();
      const access = { address: address >>> 0, size: size >>> 0, isWrite: isWrite !== 0 };
      const faults = room.judge({ ...access, bad: bad >>> 0 });
      return faults ? NtStatus.STATUS_ACCESS_VIOLATION | 0 : 0;
    },
    exhausted: (kind: number): never => {
      throw exhausted(kernel, kind, place());
    },
    smashed: (): never => {
      throw smashed(kernel, place());
    },
    unhandled: (code: number, address: number): never => {
      const status = code >>> 0;
      // The access itself has been told at its line: that no handler takes it is no second mistake.
      const told = room.toldFault && status === NtStatus.STATUS_ACCESS_VIOLATION;
      if (!told) reportUnhandled(kernel, status, place());
      throw unhandled(kernel, status, address);
    },
    probe: (row: number): void => room.input.watcher?.line(row),
    unsupported: (kind: number): never => {
      throw unsupported(kind);
    },
  };
}
