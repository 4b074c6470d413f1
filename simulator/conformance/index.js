// Conformance: facts about Windows as cases, run as workloads wherever workloads run.
export { CaseRefusal, isSoft, parseCase, parseCases, profilesNamed, profilesOf, } from './case.ts';
export { judge } from './judge.ts';
export { caseToWorkload } from './translate.ts';
