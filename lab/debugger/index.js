// The simulated kernel debugger over a prediction.
export { openKdSession } from './openSession.ts';
