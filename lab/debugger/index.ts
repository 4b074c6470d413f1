// The simulated kernel debugger over a prediction.
export { openKdSession } from './openSession.ts';
export type { Answer, KdSession } from '../../simulator/debug.ts';
