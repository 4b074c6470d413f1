export const compileErrors = {
    'compile.failed': {
        whose: 'your driver',
        meaning: 'The C source does not compile; the diagnostics name file, line and column.',
    },
    'compile.link-failed': {
        whose: 'your driver',
        meaning: 'The objects compile but do not link, for instance because DriverEntry is missing.',
    },
    'compile.not-supported': {
        whose: 'your driver',
        meaning: 'The source uses a construct of the language that the simulator refuses by name.',
    },
    'compile.compiler-crashed': {
        whose: 'our bug',
        meaning: 'The embedded compiler ended abnormally.',
    },
};
