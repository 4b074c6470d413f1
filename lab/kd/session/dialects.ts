// How each debugger is talked to: its prompt is the parser's; here is what is typed.

export interface Dialect {
  readonly name: 'kd' | 'gdb';
  /** Typed after a command; what it prints tells that the answer is whole. */
  readonly echo: (mark: string) => string;
  readonly go: (mark: string) => string;
  /** The line that tells that `go` was read: a break before it would find the target still stopped. */
  readonly goes: (mark: string) => string;
  readonly quit: string;
}

export const dialects: Readonly<Record<Dialect['name'], Dialect>> = {
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
