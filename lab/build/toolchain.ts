// What builds a driver for Windows. One file per toolchain implements this; the run pipeline, the
// doctor and the command line know nothing else of them.

/** Lines for a person who waits. */
export type Progress = (text: string) => void;

export interface Toolchain {
  /** As a person chooses it: "debian-clang", later "wdk", "ewdk". */
  readonly name: string;
  /** Looks at this machine, starts nothing longer than a `--version`, changes nothing. */
  probe(signal: AbortSignal): Promise<ToolchainProbe>;
  /**
   * Compiles and links. Errors: `build.toolchain-missing`, `build.compile-failed`,
   * `build.link-failed`, `run.cancelled`; the output folder keeps its last good .sys then.
   */
  build(input: BuildInput, signal: AbortSignal, progress: Progress): Promise<BuildResult>;
}

export interface ToolchainProbe {
  readonly available: boolean;
  /** "clang 19.1.7, lld 19.1.7"; what was found of it when not available. */
  readonly version: string;
  readonly found: readonly FoundPart[];
  readonly missing: readonly MissingPart[];
}

export interface FoundPart {
  readonly part: string;
  readonly path: string;
  readonly version?: string;
}

export interface MissingPart {
  readonly part: string;
  /** What cannot be done without it. */
  readonly need: string;
  /** What the person does about it. */
  readonly install: string;
  /** The Debian package, where there is one. */
  readonly package?: string;
}

export interface BuildInput {
  /** Of the .sys, without extension. */
  readonly name: string;
  /** Absolute; sources and include folders are relative to it. */
  readonly folder: string;
  readonly sources: readonly string[];
  /** "NAME" or "NAME=VALUE". */
  readonly defines: readonly string[];
  readonly includeFolders?: readonly string[];
  readonly architecture: 'x64';
  readonly configuration: Configuration;
  /** NTDDI_VERSION; that of Windows 11 when left out. */
  readonly ntddi?: number;
  /** Absolute; holds the .sys, the .pdb and what the next build reuses. Of this build alone. */
  readonly outFolder: string;
}

export type Configuration = 'debug' | 'release';

export interface BuildResult {
  readonly sysPath: string;
  readonly pdbPath?: string;
  /** Warnings and their notes, also those of units that were not compiled again. */
  readonly diagnostics: readonly BuildDiagnostic[];
  /** What ran, program first; empty when everything was reused. */
  readonly commands: readonly (readonly string[])[];
  /** Nothing had to be compiled or linked. */
  readonly cached: boolean;
  /** SHA-256 of the .sys, in hexadecimal. */
  readonly sha256: string;
}

export type Severity = 'error' | 'warning' | 'note';

export interface BuildDiagnostic {
  /** Relative to the input's folder with "/" where it lies in it; undefined for the program. */
  readonly file?: string | undefined;
  /** From 1. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly severity: Severity;
  readonly message: string;
  /** "-Wunused-variable", or "undefined-symbol" from the linker. */
  readonly flag?: string | undefined;
}
