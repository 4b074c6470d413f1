// The log of a session on disk: every byte that came, from the first one, in the order it came. It is
// written before it is read, and when the disk cannot keep up the line is told to wait.
import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';

export class SessionLog {
  private readonly stream: WriteStream;
  private readonly opened: Promise<unknown>;
  private failure: Error | undefined;
  bytes = 0;

  constructor(file: string, onFailure: (error: Error) => void) {
    this.stream = createWriteStream(file, { flags: 'a', mode: 0o600, highWaterMark: 1 << 20 });
    this.stream.on('error', (error) => {
      this.failure = error;
      onFailure(error);
    });
    this.opened = once(this.stream, 'open').catch(() => undefined);
  }

  /** False when the writer is full: `whenWritten` says when it no longer is. */
  write(chunk: Buffer): boolean {
    if (this.failure !== undefined) return true;
    this.bytes += chunk.length;
    return this.stream.write(chunk);
  }

  whenWritten(go: () => void): void {
    this.stream.once('drain', go);
  }

  /** Resolves when all that came so far is in the file. */
  async flush(): Promise<void> {
    if (this.failure !== undefined) return;
    await new Promise<void>((resolve) => this.stream.write('', () => resolve()));
  }

  async close(): Promise<void> {
    await this.opened;
    if (this.failure !== undefined) return;
    await new Promise<void>((resolve) => this.stream.end(resolve));
  }
}
