// The same for callers that have nothing to say about a driver that does not compile.
import { LabError } from '../../contract/errors/labError.ts';
/** A driver that does not compile, with all that was said about it: places and their ends too. */
export class NotCompiled extends LabError {
    diagnostics;
    constructor(problem, diagnostics) {
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
export async function compileForSimulation(compiler, input, signal) {
    const result = await compiler.compile(input, signal);
    if (!result.ok)
        throw new NotCompiled(result.problem, result.diagnostics);
    return result;
}
