// How each debugger is talked to: its prompt is the parser's; here is what is typed.

export interface Dialect {
  readonly name: 'kd' | 'gdb';
  /** Typed after a command; what it prints tells that the answer is whole. */
  readonly echo: (mark: string) => string;
  readonly go: string;
  /** Stops the target: Ctrl+C, which both take from a terminal. */
  readonly breakIn: string;
  readonly quit: string;
}

export const dialects: Readonly<Record<Dialect['name'], Dialect>> = {
  kd: { name: 'kd', echo: (mark) => `.echo ${mark}`, go: 'g', breakIn: '\x03', quit: 'q' },
  gdb: {
    name: 'gdb',
    echo: (mark) => `echo ${mark}\\n`,
    go: 'continue',
    breakIn: '\x03',
    quit: 'detach\nquit',
  },
};
