// Compiles a fixture without the WDK headers.
import { createCompiler, type CompileResult, type Compiler } from '../index.ts';

export interface TinyCompiler {
  readonly compiler: Compiler;
  compile(text: string, defines?: readonly string[]): Promise<CompileResult>;
  /** The image; throws the problem if there is none. */
  image(text: string): Promise<Uint8Array>;
}

export function createTinyCompiler(): TinyCompiler {
  const compiler = createCompiler();
  const compile = (text: string, defines: readonly string[] = []): Promise<CompileResult> =>
    compiler.compile({
      sources: [{ path: 'src/driver.c', text }],
      headers: [],
      defines,
      mode: 'simulate',
    });
  return {
    compiler,
    compile,
    async image(text) {
      const result = await compile(text);
      if (!result.ok) throw result.problem;
      return result.image;
    },
  };
}
