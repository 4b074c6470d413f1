// The simulator's door.
export { simulate, type DriverRoom, type SimulationInput } from './simulate.ts';
export type { DriverInput } from './driver/index.ts';
export { gradeOf, gradesOf, ruleIds } from './rules/grades.ts';
export { profileOf } from './windows/profiles.ts';
