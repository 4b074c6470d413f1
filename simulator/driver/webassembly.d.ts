// The few WebAssembly names that driver/ uses. The simulator's platform is ES2023 alone, where even
// `WebAssembly` does not exist; what stands here is the whole boundary to the engine.

declare namespace WebAssembly {
  type ValueType = 'i32' | 'i64' | 'f32' | 'f64';

  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Imports);
    readonly exports: Readonly<Record<string, unknown>>;
  }
  class Memory {
    constructor(descriptor: { readonly initial: number; readonly maximum: number });
    readonly buffer: ArrayBuffer;
    /** In pages of 64 KiB; every view of `buffer` is detached. */
    grow(pages: number): number;
  }
  class Table {
    constructor(descriptor: { readonly element: 'anyfunc'; readonly initial: number });
    readonly length: number;
    get(index: number): unknown;
    set(index: number, value: unknown): void;
    grow(by: number): number;
  }
  class Global {
    constructor(
      descriptor: { readonly value: ValueType; readonly mutable: boolean },
      value: number,
    );
    value: number;
  }
  class Tag {
    constructor(descriptor: { readonly parameters: readonly ValueType[] });
  }
  /** A trap. */
  class RuntimeError extends Error {}
  /** An exception of a tag: the SEH of driver code on its way through our frames. */
  class Exception {
    is(tag: Tag): boolean;
  }
  /** JSPI: marks an import that may return a promise, on which the WebAssembly stack suspends. */
  class Suspending {
    constructor(routine: (...values: never[]) => unknown);
  }
  /** JSPI: enters an export on a stack that can suspend. */
  function promising(routine: unknown): (...values: readonly WasmValue[]) => Promise<WasmValue>;

  type WasmValue = number | bigint | undefined;
  type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface ErrorConstructor {
  /** V8: how many frames `stack` keeps. */
  stackTraceLimit: number;
}
