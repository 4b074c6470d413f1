// The same for callers that have nothing to say about a driver that does not compile.
import type { CompileInput, Compiler, CompileResult } from './compiler.ts';

export type CompiledImage = Extract<CompileResult, { ok: true }>;

/**
 * Throws LabError compile.failed, compile.link-failed, compile.not-supported (their detail is the
 * list of diagnostics), compile.compiler-crashed, run.cancelled.
 */
export async function compileForSimulation(
  compiler: Compiler,
  input: CompileInput,
  signal?: AbortSignal,
): Promise<CompiledImage> {
  const result = await compiler.compile(input, signal);
  if (!result.ok) throw result.problem;
  return result;
}
