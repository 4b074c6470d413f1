export const sampleErrors = {
    'usage.bad-argument': {
        whose: 'usage',
        meaning: 'A command was called with an argument that it does not take.',
    },
    'sample.not-found': {
        whose: 'usage',
        meaning: 'No sample of that name, and no folder with a fltlab.json at that path.',
    },
    'sample.variant-unknown': {
        whose: 'usage',
        meaning: 'The sample has no variant of that name.',
    },
    'sample.manifest-invalid': {
        whose: 'your driver',
        meaning: 'fltlab.json is not valid JSON, or does not fit the schema.',
    },
    'sample.source-missing': {
        whose: 'your driver',
        meaning: 'A file that fltlab.json names does not exist.',
    },
    'workload.not-found': { whose: 'usage', meaning: 'The sample has no workload of that name.' },
    'workload.invalid': {
        whose: 'your driver',
        meaning: 'A workload is not valid JSON, has an unknown step, or refers to an unknown name.',
    },
    'workload.path-escapes': {
        whose: 'your driver',
        meaning: 'A path of a workload leads outside the root that the workload may touch.',
    },
    'file.newer-version': {
        whose: 'your lab',
        meaning: 'The file was written by a newer FltLab and cannot be read by this one.',
    },
    'file.invalid': {
        whose: 'your lab',
        meaning: 'The file is damaged, or not of the kind that was expected.',
    },
    'file.unreadable': { whose: 'your lab', meaning: 'The file cannot be read or written.' },
    'conformance.invalid': {
        whose: 'usage',
        meaning: 'A file of cases is not one JSON object a line, or a case lacks a field.',
    },
};
