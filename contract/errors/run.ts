// Predictions, runs and comparisons as a whole.
import type { ErrorEntry } from './labError.ts';

export const runErrors = {
  'run.cancelled': { whose: 'usage', meaning: 'The person at the desk cancelled it.' },
  'run.not-found': { whose: 'usage', meaning: 'No run of that number is kept.' },
  'run.crashed': {
    whose: 'your driver',
    meaning:
      'The machine died under the run, and the driver stands in the stack, or nobody else can be blamed.',
  },
  'run.machine-failed': {
    whose: 'your lab',
    meaning:
      'The machine died, was switched off or fell silent for a reason other than the driver.',
  },
  'run.agent-silent': {
    whose: 'our bug',
    meaning: 'The machine answers and its agent does not.',
  },
  'crash.not-found': { whose: 'usage', meaning: 'No crash of that number is kept.' },
  'compare.different-workloads': {
    whose: 'usage',
    meaning: 'The two sides did not run the same workload and cannot be compared.',
  },
  'data.folder-unusable': {
    whose: 'your lab',
    meaning: 'The data folder of FltLab cannot be created or written.',
  },
  'native.module-missing': {
    whose: 'your lab',
    meaning: 'A native module was not built on this machine; only the feature named needs it.',
  },
  'internal.bug': { whose: 'our bug', meaning: 'Something that must not happen has happened.' },
} as const satisfies Record<string, ErrorEntry>;
