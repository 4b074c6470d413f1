// Building drivers for Windows, and reading what was built.
export { buildForWindows, buildInputOf, defaultToolchain, } from './buildForWindows.ts';
export { debianClang } from './debianClang.ts';
export { formatDiagnostic } from './diagnostics.ts';
export { exportsOf, kernelModules } from './exports.ts';
export { takeBuilt } from './takeBuilt.ts';
export { releases } from './releases.ts';
export { IMAGE_FILE_MACHINE_AMD64, IMAGE_FILE_MACHINE_ARM64, IMAGE_SUBSYSTEM_NATIVE, parsePe, readPe, } from './pe.ts';
