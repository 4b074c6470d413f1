// C source to a WebAssembly image with debug and coverage information.
export { compileForSimulation, NotCompiled } from './compileForSimulation.ts';
export { createCompiler, } from './compiler.ts';
export { formatDiagnostic, parseDiagnostics, } from './diagnostics.ts';
export { RUNTIME_FOLDER, WDK_FOLDER } from './flags.ts';
