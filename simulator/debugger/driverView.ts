// What the driver room shows a debugger of the driver under test, and what it tells it. Only driver/
// sees the image's code and the shared memory; this is the rest.
import type { FilterManager } from '../filter-manager/index.ts';
import type { ProbedLine, WasmModule } from '../image/index.ts';
import type { CallFrame } from '../kernel/debugPort.ts';

export interface DriverView {
  /** The module's name: "dirnotify". */
  readonly name: string;
  readonly manager: FilterManager;
  /** The image as it was linked, with its debug information. */
  readonly module: WasmModule;
  /** Statements with a probe, by its number. */
  readonly lines: readonly ProbedLine[];
  /** DRIVER_OBJECT; 0 before there is one. */
  readonly driverObject: number;
  /** Address of the running function's frame on the driver's own stack, where its variables lie. */
  readonly frameBase: number;
  /** Index of the function that a function pointer names; undefined when it names none of the image's. */
  functionOf(pointer: number): number | undefined;
}

/** Receives what happens in the driver's own code. */
export interface DriverWatcher {
  /** The image is bound; none of its code has run. */
  loaded(view: DriverView): void;
  /** A routine of Windows calls the driver: `enter` and `leave` as for every routine. */
  enterDriver(name: string, args: readonly number[]): CallFrame;
  /** The driver stands in front of a statement. */
  line(row: number): void;
}
