// The same for callers that have nothing to say about a driver that does not compile.
import { LabError } from '../../contract/errors/labError.ts';
import type { CompileInput, Compiler, CompileResult } from './compiler.ts';
import type { Diagnostic } from './diagnostics.ts';

export type CompiledImage = Extract<CompileResult, { ok: true }>;

/** A driver that does not compile, with all that was said about it: places and their ends too. */
export class NotCompiled extends LabError {
  readonly diagnostics: readonly Diagnostic[];

  constructor(problem: LabError, diagnostics: readonly Diagnostic[]) {
    super(problem.code, {
      problem: problem.problem,
      remedy: problem.remedy,
      ...(problem.detail === undefined ? {} : { detail: problem.detail }),
      cause: problem.cause,
    });
    this.diagnostics = diagnostics;
  }
}

/**
 * Throws NotCompiled (compile.failed, compile.link-failed, compile.not-supported: their detail is the
 * list of diagnostics) and LabError compile.compiler-crashed, run.cancelled.
 */
export async function compileForSimulation(
  compiler: Compiler,
  input: CompileInput,
  signal?: AbortSignal,
): Promise<CompiledImage> {
  const result = await compiler.compile(input, signal);
  if (!result.ok) throw new NotCompiled(result.problem, result.diagnostics);
  return result;
}
