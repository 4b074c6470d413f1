// Building drivers for Windows, and reading what was built.
export {
  buildForWindows,
  buildInputOf,
  defaultToolchain,
  type BuildRequest,
} from './buildForWindows.ts';
export { debianClang, type DebianClangOptions } from './debianClang.ts';
export { formatDiagnostic } from './diagnostics.ts';
export { exportsOf, kernelModules, type ExportedName, type KernelModule } from './exports.ts';
export { takeBuilt, type TakeRequest } from './takeBuilt.ts';
export { releases, type Release } from './releases.ts';
export type {
  BuildDiagnostic,
  BuildInput,
  BuildResult,
  Configuration,
  MissingPart,
  Progress,
  Toolchain,
  ToolchainProbe,
} from './toolchain.ts';
export {
  IMAGE_FILE_MACHINE_AMD64,
  IMAGE_FILE_MACHINE_ARM64,
  IMAGE_SUBSYSTEM_NATIVE,
  parsePe,
  readPe,
  type PeImage,
  type PeImport,
  type PeSection,
} from './pe.ts';
