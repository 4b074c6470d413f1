// Starting programs and finding them: the one place of the lab that spawns.
export { candidatesFor, findProgram, type Surroundings } from './findProgram.ts';
export { runProgram, type Output, type ProgramResult, type RunOptions } from './runProgram.ts';
