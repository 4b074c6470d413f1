// The stages of a run.

/** The steps of a run, in order; each appears in progress, timings and errors under this name. */
export const runStages = [
  'build',
  'sign',
  'connect',
  'predict',
  'copy',
  'agent',
  'prepare',
  'start',
  'workload',
  'stop',
  'collect',
  'compare',
] as const;
export type RunStage = (typeof runStages)[number];
