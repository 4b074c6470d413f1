// The simulated kernel debugger over a prediction.
export { debuggerShortfalls } from './answers.ts';
export { openKdSession } from './openSession.ts';
export type { Answer, KdSession } from '../../simulator/debug.ts';
