// Conformance: facts about Windows as cases, run as workloads wherever workloads run.
export {
  CaseRefusal,
  isSoft,
  parseCase,
  parseCases,
  profilesNamed,
  profilesOf,
  type ConformanceCase,
} from './case.ts';
export { judge, type Judgement } from './judge.ts';
export { caseToWorkload, type Translation } from './translate.ts';
