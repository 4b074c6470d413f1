// The last text of a stream, by place: a reader that comes late, or lags, is told how much it missed.

const KEPT_characters = 8 * 1024 * 1024;

export class RecentText {
  private readonly kept: number;
  private readonly decoder = new TextDecoder();
  private chunks: string[] = [];
  private length = 0;
  /** Place of the first character after all that came. */
  end = 0;

  constructor(kept_characters = KEPT_characters) {
    this.kept = kept_characters;
  }

  /** A character that is cut between two chunks stays whole. */
  push(chunk: Buffer): void {
    const text = this.decoder.decode(chunk, { stream: true });
    if (text === '') return;
    this.chunks.push(text);
    this.length += text.length;
    this.end += text.length;
    // The newest stays, however long it is.
    while (this.chunks.length > 1 && this.length - (this.chunks[0]?.length ?? 0) >= this.kept) {
      this.length -= this.chunks.shift()?.length ?? 0;
    }
  }

  /** At most `count` characters from `from` on, or from what is still here. */
  read(
    from: number,
    count: number,
  ): { readonly text: string; readonly next: number; readonly skipped: number } {
    const start = Math.min(this.end, Math.max(from, this.end - this.length));
    let place = this.end - this.length;
    let text = '';
    for (const chunk of this.chunks) {
      if (place + chunk.length > start) text += chunk.slice(Math.max(0, start - place));
      place += chunk.length;
      if (text.length >= count) break;
    }
    const piece = text.slice(0, count);
    return { text: piece, next: start + piece.length, skipped: Math.max(0, start - from) };
  }
}
