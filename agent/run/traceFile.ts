// The trace of a run on disk. A line is written, and only then told to anyone; a crash of the machine
// loses at most what the disk had not taken yet. Followers read from the file, from any line on.
import {
  closeSync,
  fdatasync,
  fstatSync,
  fsyncSync,
  openSync,
  read,
  readSync,
  writeSync,
} from 'node:fs';

import { assert } from '../../contract/assert.ts';

/** Offsets are kept for one line in so many; the lines between are found by reading. */
const INDEX_STRIDE = 256;
const CHUNK_BYTES = 65_536;
const NEWLINE = 0x0a;

export class TraceFile {
  /**
   * Two handles: on Windows a read at a position moves the position of its handle for a moment, and a
   * line written at that moment would land in the middle of others.
   */
  private readonly reader: number;
  private readonly writer: number | undefined;
  private readonly offsets: number[] = [];
  private readonly onGrowth = new Set<() => void>();
  private length_bytes = 0;
  private count = 0;
  private flushing = false;
  private dirty = false;
  private closed = false;
  private closeWhenFlushed = false;

  private constructor(reader: number, writer: number | undefined) {
    this.reader = reader;
    this.writer = writer;
  }

  /** A new, empty file; one of that name must not exist. */
  static create(path: string): TraceFile {
    const writer = openSync(path, 'wx');
    return new TraceFile(openSync(path, 'r'), writer);
  }

  /** What an agent before this one has written, for reading; half a line at its end is dropped. */
  static reopen(path: string): TraceFile {
    const file = new TraceFile(openSync(path, 'r'), undefined);
    file.indexExisting();
    file.closed = true;
    return file;
  }

  get lines(): number {
    return this.count;
  }

  /** `text` is one line without its end. */
  append(text: string): void {
    const { writer } = this;
    assert(writer !== undefined && !this.closed, 'a sealed trace takes no more lines');
    const bytes = Buffer.from(`${text}\n`, 'utf8');
    for (let written = 0; written < bytes.length;) {
      const at = this.length_bytes + written;
      written += writeSync(writer, bytes, written, bytes.length - written, at);
    }
    this.countLine(bytes.length);
    this.dirty = true;
    this.flushSoon(writer);
    for (const tell of this.onGrowth) tell();
  }

  /** Nothing more will be written; everything is on the disk when this returns. */
  seal(): void {
    if (this.closed) return;
    this.closed = true;
    if (this.writer !== undefined) fsyncSync(this.writer);
    for (const tell of this.onGrowth) tell();
  }

  /** After the last follower has gone. */
  close(): void {
    this.seal();
    closeSync(this.reader);
    if (this.flushing) this.closeWhenFlushed = true;
    else if (this.writer !== undefined) closeSync(this.writer);
  }

  /**
   * The lines from number `from` on, as they come, until the file is sealed and read to its end.
   * Ends early, without an error, when `signal` is aborted.
   */
  async *follow(
    from: number,
    signal: AbortSignal,
  ): AsyncGenerator<{ index: number; text: string }> {
    const known = Math.min(from, this.count);
    let index = known - (known % INDEX_STRIDE);
    let position = this.offsets[index / INDEX_STRIDE] ?? this.length_bytes;
    let parts: Buffer[] = [];
    while (!signal.aborted) {
      if (position >= this.length_bytes) {
        if (this.closed) return;
        await this.growth(signal);
        continue;
      }
      const chunk = await this.readAt(position);
      position += chunk.length;
      let start = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
        parts.push(chunk.subarray(start, end));
        if (index >= from) yield { index, text: Buffer.concat(parts).toString('utf8') };
        if (signal.aborted) return;
        parts = [];
        index += 1;
        start = end + 1;
      }
      parts.push(chunk.subarray(start));
    }
  }

  private readAt(position: number): Promise<Buffer> {
    const length = Math.min(CHUNK_BYTES, this.length_bytes - position);
    return new Promise((resolve, reject) => {
      read(this.reader, Buffer.alloc(length), 0, length, position, (error, count, buffer) => {
        if (error) reject(error);
        else if (count === 0) reject(new Error('the trace file has become shorter'));
        else resolve(buffer.subarray(0, count));
      });
    });
  }

  /** Resolves at the next append or seal, or at once when the follower gives up. */
  private growth(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.onGrowth.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.onGrowth.add(done);
      signal.addEventListener('abort', done);
    });
  }

  private countLine(length_bytes: number): void {
    if (this.count % INDEX_STRIDE === 0) this.offsets.push(this.length_bytes);
    this.count += 1;
    this.length_bytes += length_bytes;
  }

  /** One flush at a time, and one more when lines have come meanwhile: the disk sets the pace. */
  private flushSoon(writer: number): void {
    if (this.flushing) return;
    this.flushing = true;
    this.dirty = false;
    fdatasync(writer, (error) => {
      this.flushing = false;
      if (this.closeWhenFlushed) return closeSync(writer);
      // A disk that cannot flush still has the lines in its cache; the run goes on.
      if (!error && this.dirty && !this.closed) this.flushSoon(writer);
    });
  }

  private indexExisting(): void {
    const size = fstatSync(this.reader).size;
    let lineStart = 0;
    for (let position = 0; position < size;) {
      const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, size - position));
      const count = readSync(this.reader, chunk, 0, chunk.length, position);
      if (count === 0) break;
      for (let at = chunk.indexOf(NEWLINE); at !== -1 && at < count;) {
        this.countLine(position + at + 1 - lineStart);
        lineStart = position + at + 1;
        at = chunk.indexOf(NEWLINE, at + 1);
      }
      position += count;
    }
  }
}
