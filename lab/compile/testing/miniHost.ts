// The smallest loader that can run an image: for tests of what compiler and runtime promise. The
// simulator's own loader is simulator/driver.
import {
  addressSpace,
  controlCell,
  createLineTable,
  describeImage,
  memoryPages,
  PAGE_BYTES,
  readModule,
  shadowAddress,
  shadowKind,
  type LinePlace,
  type LineTable,
} from '../../../simulator/image/index.ts';

export type Routine = (...numbers: never[]) => unknown;

/** Why a call ended without returning. */
export class HostStop extends Error {
  override readonly name = 'HostStop';
}

export interface Report {
  readonly address: number;
  readonly size: number;
  readonly write: boolean;
  readonly bad: number;
  /** Innermost line of the driver. */
  readonly place: LinePlace | undefined;
}

const STACK = { start: addressSpace.loaderBase, length: 24 * 1024 };
const POOL = addressSpace.loaderBase + PAGE_BYTES;
const RED_ZONE = 16;
export const FUEL = 1_000_000;

export class MiniHost {
  readonly table = new WebAssembly.Table({ element: 'anyfunc', initial: 1024 });
  readonly stackPointer = new WebAssembly.Global({ value: 'i32', mutable: true }, 0);
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  readonly lines: LineTable;
  readonly exports: Record<string, (...numbers: number[]) => number>;
  readonly reports: Report[] = [];
  /** What a report answers: 0 goes on, a status is raised, undefined ends the call. */
  onReport: (report: Report) => number | undefined = () => undefined;
  #pool = POOL;

  /** `routines` by name, whatever their module. */
  constructor(image: Uint8Array, routines: Readonly<Record<string, unknown>> = {}) {
    const module = readModule(image);
    const description = describeImage(module);
    const memory = new WebAssembly.Memory(memoryPages);
    this.bytes = new Uint8Array(memory.buffer);
    this.words = new Uint32Array(memory.buffer);
    this.lines = createLineTable(module);
    this.mark(description.base, description.end - description.base, shadowKind.plain);
    const bound: Record<string, Record<string, unknown>> = {
      fltlab: this.#runtimeImports(),
      env: {
        memory,
        __indirect_function_table: this.table,
        __stack_pointer: this.stackPointer,
        __c_longjmp: new WebAssembly.Tag({ parameters: ['i32'] }),
      },
    };
    for (const one of description.routines) {
      const into = (bound[one.module] ??= {});
      into[one.name] = routines[one.name] ?? (() => stop(`not bound: ${one.module}.${one.name}`));
    }
    const instance = new WebAssembly.Instance(
      new WebAssembly.Module(image as Uint8Array<ArrayBuffer>),
      bound as WebAssembly.Imports,
    );
    this.exports = instance.exports as typeof this.exports;
  }

  setControl(cell: keyof typeof controlCell, value: number): void {
    this.words[(addressSpace.controlBlock + controlCell[cell]) / 4] = value;
  }

  control(cell: keyof typeof controlCell): number {
    return this.words[(addressSpace.controlBlock + controlCell[cell]) / 4] as number;
  }

  mark(start: number, length: number, kind: number): void {
    const whole = length >> 3;
    this.bytes.fill(kind | 8, shadowAddress(start), shadowAddress(start) + whole);
    if (length & 7) this.bytes[shadowAddress(start) + whole] = kind | (length & 7);
  }

  allocate(size: number, kind: number = shadowKind.plain): number {
    const address = (this.#pool + RED_ZONE + 7) & ~7;
    this.#pool = address + size + RED_ZONE;
    const [from, to] = [shadowAddress(address - RED_ZONE), shadowAddress(this.#pool + 7)];
    this.bytes.fill(shadowKind.redZone, from, to);
    this.mark(address, size, kind);
    return address;
  }

  free(address: number, size: number): void {
    this.bytes.fill(shadowKind.freed, shadowAddress(address), shadowAddress(address + size + 7));
  }

  /** The line of the innermost frame of the driver in an error's stack. */
  placeOf(error: Error): LinePlace | undefined {
    const frames = (error.stack ?? '').matchAll(/wasm-function\[\d+\]:0x([0-9a-f]+)/g);
    for (const [, offset = ''] of frames) {
      const place = this.lines.lineAt(Number.parseInt(offset, 16));
      if (place !== undefined) return place;
    }
    return undefined;
  }

  /** Gives the thread a fresh stack and full fuel. */
  prepareThread(): void {
    this.mark(STACK.start, STACK.length, shadowKind.plain);
    this.stackPointer.value = STACK.start + STACK.length;
    this.setControl('stackLimit', STACK.start);
    this.setControl('fuel', FUEL);
    this.setControl('sehHead', 0);
  }

  /** Calls DriverEntry; its result, or what ended it. */
  call(first = 0, second = 0): number | string {
    this.prepareThread();
    try {
      return this.exports['DriverEntry']!(first, second);
    } catch (error) {
      if (error instanceof HostStop) return error.message;
      return `trap: ${(error as Error).message}`;
    }
  }

  #runtimeImports(): Record<string, unknown> {
    return {
      report: (address: number, size: number, isWrite: number, bad: number): number => {
        const report = {
          address: address >>> 0,
          size,
          write: isWrite !== 0,
          bad: bad >>> 0,
          place: this.placeOf(new Error()),
        };
        this.reports.push(report);
        return this.onReport(report) ?? stop('report');
      },
      exhausted: (kind: number) => stop(kind === 1 ? 'fuel' : 'stack'),
      smashed: () => stop('smashed'),
      unhandled: (code: number) => stop(`unhandled ${(code >>> 0).toString(16)}`),
      unsupported: (kind: number) => stop(`unsupported ${kind}`),
    };
  }
}

function stop(what: string): never {
  throw new HostStop(what);
}
