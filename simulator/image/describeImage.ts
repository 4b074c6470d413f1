// What the loader must know of an image before it instantiates it.
import { assert } from '../../contract/assert.ts';
import type { FunctionType, WasmModule } from './wasmModule.ts';

export interface RoutineImport {
  /** The Windows module ("fltmgr"), or "env" for a prototype that names none. */
  readonly module: string;
  readonly name: string;
  readonly type: FunctionType;
}

export interface ImageDescription {
  /** The image's data: [base, end) in the shared memory. */
  readonly base: number;
  readonly end: number;
  /** The image's part of the shared table. */
  readonly tableBase: number;
  readonly tableCount: number;
  /** The least size the shared table must have. */
  readonly tableMinimum: number;
  /** Routines of Windows, in the order of the image; the runtime's own imports are left out. */
  readonly routines: readonly RoutineImport[];
  /** Addresses of ntoskrnl's variables (MmHighestUserAddress …), which the loader fills. */
  readonly variables: ReadonlyMap<string, number>;
  readonly segments: readonly {
    readonly name: string;
    readonly start: number;
    readonly end: number;
  }[];
}

const RUNTIME_MODULE = 'fltlab';

export function describeImage(module: WasmModule): ImageDescription {
  const addresses = exportedAddresses(module);
  const addressOf = (name: string): number => {
    const address = addresses.get(name);
    assert(address !== undefined, `an image exports ${name}`);
    return address;
  };
  const [base, end] = [addressOf('__global_base'), addressOf('__heap_base')];
  const entries = [...module.tableEntries.keys()];
  const [tableMinimum = 0] = module.imports.flatMap((one) =>
    one.kind === 'table' ? [one.minimum] : [],
  );
  const tableBase = entries.length === 0 ? tableMinimum : Math.min(...entries);
  return {
    base,
    end,
    tableBase,
    tableCount: entries.length,
    tableMinimum,
    routines: module.imports.flatMap((one) =>
      one.kind === 'function' && one.module !== RUNTIME_MODULE
        ? [{ module: one.module, name: one.name, type: one.type }]
        : [],
    ),
    variables: new Map([...addresses].filter(([name]) => !name.startsWith('__'))),
    segments: module.data.map(({ name, address, bytes }) => ({
      name,
      start: address,
      end: address + bytes.length,
    })),
  };
}

/** Exported globals hold addresses of data; their indices count the one imported global too. */
function exportedAddresses(module: WasmModule): Map<string, number> {
  const importedGlobals = module.imports.filter((one) => one.kind === 'global').length;
  const addresses = new Map<string, number>();
  for (const one of module.exports) {
    if (one.kind !== 'global') continue;
    const value = module.globals[one.index - importedGlobals];
    if (value !== undefined) addresses.set(one.name, value);
  }
  return addresses;
}
