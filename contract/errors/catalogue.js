// Every error code, gathered from one file per domain. A code is never reused or renamed: scripts
// match on it. Add one in its domain's file and give it a heading in docs/errors.md (tidy checks).
import { buildErrors } from './build.ts';
import { compileErrors } from './compile.ts';
import { kdErrors } from './kd.ts';
import { runErrors } from './run.ts';
import { sampleErrors } from './sample.ts';
import { targetErrors } from './target.ts';
import { vmErrors } from './vm.ts';
import { workspaceErrors } from './workspace.ts';
export const catalogue = {
    ...buildErrors,
    ...compileErrors,
    ...kdErrors,
    ...runErrors,
    ...sampleErrors,
    ...targetErrors,
    ...vmErrors,
    ...workspaceErrors,
};
