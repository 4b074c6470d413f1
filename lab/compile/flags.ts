// How the embedded compiler is called. These are arguments of clang -cc1: the driver in front of it
// would start the whole tool a second time for each file, only to print them.
import { addressSpace } from '../../simulator/image/index.ts';

/** simulate: line tables. debug: also types and locals, for a debugger; slower to compile. */
export type CompileMode = 'simulate' | 'debug';

/** Folders of the compiler's own file system. "$" cannot begin a name of a sample. */
export const WDK_FOLDER = '$wdk';
export const RUNTIME_FOLDER = '$runtime';
export const SEH_PRELUDE = 'fltlab-seh.h';

const language = [
  '-std=gnu17',
  // a function that is only "inline" is emitted, as MSVC does, and merged when linking
  '-fgnu89-inline',
  // wasm32 as MSVC compiles for 32-bit Windows
  '-fwchar-type=short',
  '-fno-signed-wchar',
  '-fms-extensions',
  '-fms-layout-compatibility=microsoft',
  // what kernel drivers are written for: no surprises from undefined behaviour
  '-fno-builtin',
  '-relaxed-aliasing',
  '-fwrapv',
  '-fno-delete-null-pointer-checks',
];

const target = [
  ...['-triple', 'wasm32', '-mrelocation-model', 'static', '-target-cpu', 'generic'],
  ...['-fvisibility=hidden', '-mframe-pointer=none', '-ffp-contract=on', '-fgnuc-version=4.2.1'],
  // LLVM stumbles over these attributes where a function is called by another type than its own
  '-no-enable-noundef-analysis',
  ...['-disable-free', '-clear-ast-before-backend', '-resource-dir', '/usr'],
  // Equal input gives equal bytes: no folder, no time, no machine in the output.
  ...['-fdebug-compilation-dir=/', '-fcoverage-compilation-dir=/'],
];

const diagnostics = [
  // Fix-its are printed behind the source line, so that must be, too; the parser steps over it.
  ...['-ferror-limit', '50', '-fdiagnostics-parseable-fixits'],
  '-fdiagnostics-print-source-range-info',
  ...['-fdiagnostics-show-category', 'name'],
];

/** What MSVC only warns of, and what drivers are full of. */
const warnings = [
  '-Wno-error=incompatible-function-pointer-types',
  '-Wno-error=incompatible-pointer-types',
  '-Wno-error=int-conversion',
  '-Wno-ignored-attributes',
  '-Wno-ignored-pragmas',
  '-Wno-unknown-pragmas',
  '-Wno-multichar',
  '-Wno-microsoft',
  '-Wno-pragma-pack',
  '-Wno-extra-tokens',
];

/** -fsanitize=kernel-address, each check a call; no red zones around locals and globals. */
const memoryChecks = [
  '-fsanitize=kernel-address',
  ...['-mllvm', '-asan-instrumentation-with-call-threshold=0'],
  ...['-mllvm', '-asan-stack=0', '-mllvm', '-asan-globals=0'],
  // A constructor would make the linker wrap every export in a call of all constructors.
  ...['-mllvm', '-asan-constructor-kind=none'],
];

const instrumentation = [
  ...memoryChecks,
  ...['-stack-protector', '3'],
  // fuel: a call at every function entry and branch target; pruning would spare `for (;;);`
  ...['-fsanitize-coverage-type=3', '-fsanitize-coverage-trace-pc'],
  ...['-mllvm', '-sanitizer-coverage-prune-blocks=0'],
  // line coverage
  ...['-fprofile-instrument=clang', '-fcoverage-mapping'],
  ...['-mllvm', '-enable-name-compression=false'],
];

const exceptions = [
  ...['-target-feature', '+exception-handling', '-exception-model=wasm'],
  ...['-mllvm', '-wasm-enable-sjlj'],
];

const debugInformation: Record<CompileMode, string> = {
  simulate: '-debug-info-kind=line-tables-only',
  debug: '-debug-info-kind=constructor',
};

/** The path of a precompiled header that is loaded first, if there is one. */
export type Prelude = string | undefined;

export interface UnitFlags {
  readonly mode: CompileMode;
  readonly defines: readonly string[];
  /** Folders of the sample in which `#include "…"` is looked for besides the unit's own. */
  readonly includeFolders: readonly string[];
  readonly usesSeh: boolean;
}

/** Arguments for one unit of a driver, all but its name and that of the object. */
export function unitArguments({ prelude, ...flags }: UnitFlags & { prelude?: Prelude }): string[] {
  return ['-emit-obj', ...shared(flags, prelude)];
}

/** Arguments for headers that units of the same flags are then compiled on top of. */
export function headerArguments(flags: UnitFlags): string[] {
  // Without the times of the headers: the compiler's file system makes them anew for every run.
  return ['-emit-pch', '-fno-pch-timestamp', ...shared(flags, undefined)];
}

/** A precompiled header holds the prelude of SEH already. */
function shared(flags: UnitFlags, precompiled: Prelude): string[] {
  const prelude = ['-include', `/${RUNTIME_FOLDER}/${SEH_PRELUDE}`];
  return [
    ...target,
    '-O0', // above it, locals that __try changes read stale in the handler
    ...language,
    ...instrumentation,
    ...[debugInformation[flags.mode], '-dwarf-version=4', '-debugger-tuning=gdb'],
    ...(flags.usesSeh ? exceptions : []),
    ...(precompiled === undefined ? [] : ['-include-pch', precompiled]),
    ...(flags.usesSeh && precompiled === undefined ? prelude : []),
    ...flags.defines.flatMap((define) => ['-D', define]),
    ...flags.includeFolders.flatMap((folder) => ['-I', `/${folder}`]),
    ...['-internal-isystem', `/${WDK_FOLDER}`, '-internal-isystem', '/usr/include'],
    ...diagnostics,
    ...warnings,
  ];
}

/** Units of simulator/runtime that are checked like a driver's own code. */
const CHECKED_RUNTIME = new Set(['crt.c']);

export function runtimeArguments(file: string): string[] {
  return [
    '-emit-obj',
    ...target,
    '-O2',
    ...language,
    ...(CHECKED_RUNTIME.has(file) ? memoryChecks : []),
    ...['-target-feature', '+exception-handling'],
    ...['-I', `/${RUNTIME_FOLDER}`],
    '-Werror',
  ];
}

export interface ImagePlacement {
  /** Address of the image's data, a multiple of 64 KiB. */
  readonly imageBase: number;
  /** First index of its functions in the shared table. */
  readonly tableBase: number;
}
export const defaultPlacement: ImagePlacement = { imageBase: addressSpace.imageBase, tableBase: 1 };

/** Far enough above the driver under test for any that has been seen. */
const COMPANION_DATA = 0x20_0000;
const COMPANION_FUNCTIONS = 0x4000;
/** Where a driver is linked that is loaded beside the one under test. */
export const companionPlacement: ImagePlacement = {
  imageBase: addressSpace.imageBase + COMPANION_DATA,
  tableBase: COMPANION_FUNCTIONS,
};

/** Arguments of wasm-ld in front of the objects. `variables`: those of ntoskrnl. */
export function linkArguments(placement: ImagePlacement, variables: readonly string[]): string[] {
  const exported = ['DriverEntry', '__fltlab_raise', '__stack_pointer'];
  const addresses = ['__global_base', '__data_end', '__heap_base', ...variables];
  return [
    ...['--no-entry', '--allow-undefined', '--no-demangle'],
    ...['--import-memory', '--import-table', `--table-base=${placement.tableBase}`],
    `--global-base=${placement.imageBase}`,
    // The loader gives each simulated thread a stack; the image needs none of its own.
    ...['-z', 'stack-size=16'],
    ...[...exported, ...addresses].map((name) => `--export=${name}`),
  ];
}
