export const buildErrors = {
    'build.toolchain-missing': {
        whose: 'your lab',
        meaning: 'A program that builds or signs drivers is not installed on this machine.',
    },
    'build.compile-failed': {
        whose: 'your driver',
        meaning: 'The compiler for Windows rejected the source.',
    },
    'build.link-failed': {
        whose: 'your driver',
        meaning: 'The linker could not make a .sys: usually a routine that no import library exports.',
    },
    'build.not-a-pe': {
        whose: 'your driver',
        meaning: 'The file is not a 64-bit native Windows executable.',
    },
    'sign.failed': {
        whose: 'your lab',
        meaning: 'The signing program failed, or the certificate of the lab cannot be used.',
    },
    'sign.not-verified': {
        whose: 'your lab',
        meaning: 'The signature of the .sys does not verify against the certificate of the lab.',
    },
};
