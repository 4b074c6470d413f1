// Failures that a person can act on. A driver's mistake is never one of these: that is a finding.
import { catalogue } from './catalogue.ts';
export class LabError extends Error {
    name = 'LabError';
    code;
    whose;
    problem;
    remedy;
    detail;
    constructor(code, told) {
        super(`${told.problem} ${told.remedy} [${code}]`, { cause: told.cause });
        this.code = code;
        this.whose = catalogue[code].whose;
        this.problem = told.problem;
        this.remedy = told.remedy;
        this.detail = told.detail;
    }
}
export const isLabError = (value) => value instanceof LabError;
