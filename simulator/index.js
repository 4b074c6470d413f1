// The simulator's door.
export { simulate } from './simulate.ts';
export { gradeOf, gradesOf, ruleIds } from './rules/grades.ts';
export { profileOf } from './windows/profiles.ts';
