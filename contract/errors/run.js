export const runErrors = {
    'run.cancelled': { whose: 'usage', meaning: 'The person at the desk cancelled it.' },
    'run.not-found': { whose: 'usage', meaning: 'No run of that number is kept.' },
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
};
