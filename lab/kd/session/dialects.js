// How each debugger is talked to: its prompt is the parser's; here is what is typed.
export const dialects = {
    kd: {
        name: 'kd',
        echo: (mark) => `.echo ${mark}`,
        // `g` prints nothing of its own.
        go: (mark) => `.echo ${mark}; g`,
        goes: (mark) => mark,
        quit: 'q',
    },
    gdb: {
        name: 'gdb',
        echo: (mark) => `echo ${mark}\\n`,
        go: () => 'continue',
        goes: () => 'Continuing.',
        quit: 'detach\nquit',
    },
};
