// A construct that the rewriter cannot carry over faithfully. It is refused by name, never guessed.

export class SehRefusal extends Error {
  override readonly name = 'SehRefusal';
  readonly line: number;

  constructor(line: number, what: string) {
    super(what);
    this.line = line;
  }
}
