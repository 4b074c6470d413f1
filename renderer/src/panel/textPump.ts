// Text on its way into a terminal. It is drawn in slices, so that the page stays usable; what comes faster
// than it can be drawn, and would have scrolled out of the terminal before anyone read it, is not drawn at
// all. The terminal then holds what it would have held; a line says how much stands in the log only.

export interface TextPumpOptions {
  /** Draws it; resolves when it is drawn. */
  draw(slice: string): Promise<void>;
  /** Lines that the terminal keeps. */
  readonly linesKept: number;
  /** Characters that may wait before those are counted that nobody would see. */
  readonly ahead_characters: number;
  /** Small enough that no frame is late for it. */
  readonly slice_characters: number;
}

export class TextPump {
  private readonly options: TextPumpOptions;
  private waiting: string[] = [];
  private length = 0;
  private skipped = 0;
  private pumping: Promise<void> | null = null;

  constructor(options: TextPumpOptions) {
    this.options = options;
  }

  /** Resolves when nothing waits any more: whoever writes much waits for it. */
  push(text: string): Promise<void> {
    if (text === '') return this.pumping ?? Promise.resolve();
    this.waiting.push(text);
    this.length += text.length;
    if (this.length > this.options.ahead_characters) this.skip();
    this.pumping ??= this.pump();
    return this.pumping;
  }

  private async pump(): Promise<void> {
    for (let next = this.take(); next !== ''; next = this.take()) await this.options.draw(next);
    this.pumping = null;
  }

  private take(): string {
    const { slice_characters } = this.options;
    const [first] = this.waiting;
    if (first === undefined) return '';
    const slice = first.slice(0, slice_characters);
    if (slice.length < first.length) this.waiting[0] = first.slice(slice_characters);
    else this.waiting.shift();
    this.length -= slice.length;
    if (this.skipped === 0) return slice;
    const told = `⋯ ${this.skipped} lines came faster than they can be shown: they stand in the log.\n`;
    this.skipped = 0;
    return `${told}${slice}`;
  }

  /** Leaves the last lines that the terminal keeps. */
  private skip(): void {
    const all = this.waiting.join('');
    let from = all.length;
    for (let line = 0; line <= this.options.linesKept && from > 0; line += 1) {
      from = all.lastIndexOf('\n', from - 1);
    }
    this.waiting = [from <= 0 ? all : all.slice(from + 1)];
    this.length = this.waiting[0]?.length ?? 0;
    if (from > 0) this.skipped += linesIn(all, from);
  }
}

function linesIn(text: string, end: number): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1))
    lines += 1;
  return lines;
}
