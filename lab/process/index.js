// Starting programs and finding them: the one place of the lab that spawns.
export { candidatesFor, findProgram } from './findProgram.ts';
export { runProgram } from './runProgram.ts';
