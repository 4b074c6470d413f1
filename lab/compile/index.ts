// C source to a WebAssembly image with debug and coverage information.
export { compileForSimulation, NotCompiled, type CompiledImage } from './compileForSimulation.ts';
export {
  createCompiler,
  type CompileInput,
  type Compiler,
  type CompilerOptions,
  type CompileResult,
  type CompileTimings,
} from './compiler.ts';
export {
  formatDiagnostic,
  parseDiagnostics,
  type Diagnostic,
  type FixIt,
  type Severity,
} from './diagnostics.ts';
export {
  companionPlacement,
  RUNTIME_FOLDER,
  WDK_FOLDER,
  type CompileMode,
  type ImagePlacement,
} from './flags.ts';
export type { SourceFile } from './sourceFiles.ts';
