// One debugger session: the line, its log, its reading, and a queue of commands. The line may end and be
// opened again (reboot, revert): log and reading go on, and what was lost in between is said.
import { setTimeout as pause } from 'node:timers/promises';
import { LabError, isLabError } from '../../../contract/errors/labError.ts';
import type { DebugItem, LossCount } from '../../../contract/debugStream.ts';
import { cancelledError, throwIfCancelled, withLimit } from '../../data/cancellation.ts';
import { PacketDecoder, acknowledge, type KdPiece } from '../stream/packets.ts';
import { StreamParser } from '../stream/parser.ts';
import type { Channel, OpenChannel } from './channel.ts';
import type { Dialect } from './dialects.ts';
import { SessionLog } from './log.ts';

export interface SessionOptions {
  readonly open: OpenChannel;
  /** Where every byte goes, from the first one. */
  readonly logFile: string;
  /** Undefined for a plain line: nothing is typed there. */
  readonly dialect?: Dialect | undefined;
  /** A serial line of a Windows: packets of its kernel debugger are decoded. */
  readonly packets?: 'listen' | 'acknowledge' | undefined;
  /** How often, and after how long, a line that ended is opened again; never when left out. */
  readonly reconnect?: { readonly attempts: number; readonly pause_ms: number } | undefined;
  readonly signal: AbortSignal;
}

export type SessionState =
  /** The target runs, or nobody knows: no prompt has been seen since. */
  'running' | 'stopped' | 'reconnecting' | 'ended';

export interface CommandOptions {
  readonly signal?: AbortSignal;
  readonly limit_ms?: number;
}

const COMMAND_LIMIT_MS = 60_000;

export class DebugSession {
  private readonly options: SessionOptions;
  private readonly log: SessionLog;
  private readonly parser: StreamParser;
  private readonly decoder: PacketDecoder | undefined;
  private readonly listeners = new Set<(item: DebugItem) => void>();
  private readonly changed = new Set<() => void>();
  private channel: Channel | undefined;
  private now: SessionState = 'reconnecting';
  private ending: string | undefined;
  /** Commands one after another: each begins when the one before has its answer. */
  private queue: Promise<unknown> = Promise.resolve();
  private capture: ((chunk: Buffer) => void) | undefined;
  private marks = 0;
  private opened = 0;

  private constructor(options: SessionOptions) {
    this.options = options;
    this.log = new SessionLog(options.logFile, (error) => this.finish(`its log: ${error.message}`));
    this.parser = new StreamParser({ tell: (item) => this.take(item) });
    if (options.packets !== undefined) this.decoder = new PacketDecoder((one) => this.piece(one));
  }

  /** Errors: those of the channel. */
  static async open(options: SessionOptions): Promise<DebugSession> {
    const session = new DebugSession(options);
    try {
      await session.connect();
    } catch (error) {
      await session.log.close();
      throw error;
    }
    options.signal.addEventListener('abort', () => void session.close(), { once: true });
    return session;
  }

  get state(): SessionState {
    return this.now;
  }

  /** There is a debugger at the other end. */
  get canBeAsked(): boolean {
    return this.options.dialect !== undefined;
  }

  get losses(): LossCount {
    return this.parser.losses;
  }

  /** Bytes that came so far; all of them are in the log, or on their way there. */
  get bytes(): number {
    return this.log.bytes;
  }

  /** How often the line was opened: 1 at first. */
  get connections(): number {
    return this.opened;
  }

  /** Returns how to stop listening. */
  onItem(tell: (item: DebugItem) => void): () => void {
    this.listeners.add(tell);
    return () => this.listeners.delete(tell);
  }

  /** Resolves with the first item that `wanted` accepts from now on. Errors: `kd.ended`, `kd.no-answer`. */
  async item(
    wanted: (item: DebugItem) => boolean,
    options: CommandOptions = {},
  ): Promise<DebugItem> {
    let found: DebugItem | undefined;
    const stop = this.onItem((item) => {
      if (found !== undefined || !wanted(item)) return;
      found = item;
      this.tellChange();
    });
    try {
      await this.until(() => found !== undefined, 'say what was waited for', options);
    } finally {
      stop();
    }
    return found as unknown as DebugItem;
  }

  /**
   * Types a command at the prompt and returns what the debugger prints until it is done. Commands of
   * several callers wait for each other. Errors: `kd.ended`, `kd.no-answer`, `run.cancelled`.
   */
  command(text: string, options: CommandOptions = {}): Promise<string> {
    const next = this.queue.then(() => this.ask(text, options));
    this.queue = next.catch(() => undefined);
    return next;
  }

  /** Lets the target run; resolves when the debugger has read that. */
  go(options: CommandOptions = {}): Promise<void> {
    const next = this.queue.then(() => this.letRun(options));
    this.queue = next.catch(() => undefined);
    return next;
  }

  /** Stops the target; resolves at the prompt. Nothing is done when it is stopped already. */
  async break(options: CommandOptions = {}): Promise<void> {
    if (this.now !== 'stopped') this.channel?.interrupt();
    await this.until(() => this.now === 'stopped', 'stop', options);
  }

  /** Raw, for a person at a keyboard, and for the answer to a question. */
  write(data: string | Buffer): void {
    this.channel?.write(data);
  }

  /** A line that a person typed: whether the target runs, the next prompt tells. */
  type(line: string): void {
    if (this.options.dialect !== undefined) this.set('running');
    this.write(`${line}\n`);
  }

  /** Resolves when the session has ended, with why. */
  async ended(): Promise<string> {
    while (this.now !== 'ended') await new Promise<void>((resolve) => this.once(resolve));
    return this.ending ?? 'it was closed';
  }

  /** Resolves when the log has all that came so far. */
  flush(): Promise<void> {
    return this.log.flush();
  }

  async close(): Promise<void> {
    this.finish('it was closed');
    await this.log.close();
  }

  private get dialect(): Dialect {
    const { dialect } = this.options;
    if (dialect !== undefined) return dialect;
    throw new LabError('usage.bad-argument', {
      problem: 'This session is a plain line; there is no debugger at its end to be asked.',
      remedy: 'Open a session of kd or gdb.',
    });
  }

  private async connect(): Promise<void> {
    const channel = await this.options.open(this.options.signal);
    if (this.now === 'ended') return channel.close();
    this.channel = channel;
    this.opened += 1;
    this.set('running');
    channel.onData((chunk) => this.receive(channel, chunk));
    channel.onEnd((why) => void this.lost(channel, why));
  }

  private receive(channel: Channel, chunk: Buffer): void {
    if (!this.log.write(chunk)) {
      // The disk is slower than the line: the line waits.
      channel.pause();
      this.log.whenWritten(() => channel.resume());
    }
    this.capture?.(chunk);
    if (this.decoder === undefined) this.parser.push(chunk);
    else this.decoder.push(chunk);
  }

  private piece(piece: KdPiece): void {
    const { packets } = this.options;
    if ('id' in piece && piece.kind !== 'control' && packets === 'acknowledge') {
      this.write(acknowledge(piece.id));
    }
    switch (piece.kind) {
      case 'text':
        return this.parser.push(piece.bytes);
      case 'print':
        return this.parser.debugPrint(piece.bytes);
      case 'damaged':
        return this.parser.damagedPacket(piece.told);
      case 'exception': {
        const { code, first } = piece;
        const chance = first ? 'first' : 'second';
        return this.take({ kind: 'exception', at: this.bytes, code, chance });
      }
      case 'module': {
        const { loaded, path } = piece;
        const base = piece.base.toString(16).padStart(16, '0');
        return this.take({ kind: 'module', at: this.bytes, loaded, path, base });
      }
      case 'control':
      case 'other':
        return;
    }
  }

  private take(item: DebugItem): void {
    if (item.kind === 'prompt' && item.open) this.set('stopped');
    for (const tell of this.listeners) tell(item);
  }

  private async lost(channel: Channel, why: string): Promise<void> {
    if (this.channel !== channel || this.now === 'ended') return;
    this.channel = undefined;
    const { reconnect, signal } = this.options;
    this.set('reconnecting');
    let last = why;
    for (let attempt = 1; attempt <= (reconnect?.attempts ?? 0); attempt += 1) {
      await pause(reconnect?.pause_ms ?? 0, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) break;
      try {
        return await this.connect();
      } catch (error) {
        if (!isLabError(error)) throw error;
        last = error.problem;
      }
    }
    this.finish(last);
  }

  private finish(why: string): void {
    if (this.now === 'ended') return;
    this.ending = why;
    this.decoder?.end();
    this.parser.end();
    this.set('ended');
    const { channel } = this;
    this.channel = undefined;
    channel?.close();
  }

  private async letRun(options: CommandOptions): Promise<void> {
    const { dialect } = this;
    await this.until(() => this.now === 'stopped', 'come to a prompt', options);
    const mark = this.newMark();
    let read = false;
    const stop = this.onItem((item) => {
      // A prompt as well: a debugger with no target stays where it is.
      if (item.kind === 'text' && item.text === dialect.goes(mark)) read = true;
      else read ||= item.kind === 'prompt' && item.open;
      if (read) this.tellChange();
    });
    try {
      this.set('running');
      this.write(`${dialect.go(mark)}\n`);
      await this.until(() => read, 'go', options);
    } finally {
      stop();
    }
  }

  private newMark(): string {
    return `FLTLAB-DONE-${(this.marks += 1)}-${process.pid}`;
  }

  private async ask(text: string, options: CommandOptions): Promise<string> {
    const { dialect } = this;
    await this.until(() => this.now === 'stopped', 'come to a prompt', options);
    const mark = this.newMark();
    const answer = new Answer(mark);
    this.capture = (chunk) => {
      // From here on only a prompt that comes after the mark counts.
      if (answer.push(chunk)) this.set('running');
    };
    try {
      const what = `finish "${text}"`;
      this.set('running');
      this.write(`${text}\n`);
      await this.until(() => this.now === 'stopped', what, options);
      // What looks like a prompt may be part of the answer; the mark is printed by the debugger itself.
      this.set('running');
      this.write(`${dialect.echo(mark)}\n`);
      await this.until(() => answer.whole && this.now === 'stopped', what, options);
    } finally {
      this.capture = undefined;
    }
    return answer.text(text);
  }

  private set(state: SessionState): void {
    if (this.now === 'ended') return;
    this.now = state;
    this.tellChange();
  }

  private tellChange(): void {
    for (const tell of [...this.changed]) tell();
  }

  private once(tell: () => void): void {
    const again = (): void => {
      this.changed.delete(again);
      tell();
    };
    this.changed.add(again);
  }

  private async until(
    reached: () => boolean,
    what: string,
    { signal, limit_ms = COMMAND_LIMIT_MS }: CommandOptions,
  ): Promise<void> {
    throwIfCancelled(signal, `waiting for the debugger to ${what}`);
    const limit = withLimit(signal, limit_ms, () => noAnswer(what, limit_ms));
    try {
      while (!reached()) {
        if (this.now === 'ended') throw endedError(what, this.ending ?? 'it was closed');
        if (limit.signal.aborted) throw cancelledError(limit.signal, what);
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            limit.signal.removeEventListener('abort', wake);
            this.changed.delete(wake);
            resolve();
          };
          limit.signal.addEventListener('abort', wake, { once: true });
          this.changed.add(wake);
        });
      }
    } finally {
      limit.done();
    }
  }
}

/** What comes back between a command and its mark. */
class Answer {
  private readonly mark: string;
  private readonly printed: RegExp;
  private readonly chunks: string[] = [];
  private readonly decoder = new TextDecoder();
  private tail = '';
  whole = false;

  constructor(mark: string) {
    this.mark = mark;
    // The terminal echoes the command that prints the mark; a line of the mark alone is its print.
    this.printed = new RegExp(`(^|[\\r\\n])${mark}\\r?\\n`);
  }

  /** True when this chunk made it whole. */
  push(chunk: Buffer): boolean {
    if (this.whole) return false;
    const text = this.decoder.decode(chunk, { stream: true });
    this.chunks.push(text);
    const seen = this.tail + text;
    this.whole = this.printed.test(seen);
    this.tail = seen.slice(-(this.mark.length + 4));
    return this.whole;
  }

  /** Without the echo of the command, and without the prompt before the mark. */
  text(command: string): string {
    const rows = this.chunks.join('').replaceAll('\r', '').split('\n');
    const from = rows[0]?.trimEnd().endsWith(command.trimEnd()) ? 1 : 0;
    const to = rows.findIndex((row) => row.includes(this.mark));
    return rows.slice(from, to).join('\n').trimEnd();
  }
}

const endedError = (what: string, why: string): LabError =>
  new LabError('kd.ended', {
    problem: `The session ended before the debugger could ${what}: ${why}.`,
    remedy: 'Open it again; the log holds all that was said until then.',
  });

const noAnswer = (what: string, limit_ms: number): LabError =>
  new LabError('kd.no-answer', {
    problem: `The debugger did not ${what} within ${limit_ms / 1_000} s.`,
    remedy: 'Look at the session: the target may run, or the debugger may wait for something.',
  });
