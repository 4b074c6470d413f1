// Debugger sessions that a workbench has open. They belong to the lab, not to a window: what they said
// last is kept for whoever comes later, all of it is in the log, and who reads takes piece by piece.
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../../contract/errors/labError.ts';
import type { KdPiece, KdSessionSummary, KdWay } from '../../contract/rpc.ts';
import { DebugSession, describeItem, type Channel, type SessionState } from '../kd/index.ts';
import { RecentText } from './recentText.ts';
import { openWay, type WayIn } from './waysIn.ts';

const SESSIONS_MAX = 8;
const PIECE_characters = 256 * 1024;

interface Live {
  readonly id: string;
  readonly way: WayIn;
  readonly session: DebugSession;
  readonly log: string;
  readonly text: RecentText;
  readonly stop: AbortController;
  readonly waiting: Set<() => void>;
  ended: string | null;
}

export class LiveSessions {
  private readonly live = new Map<string, Live>();

  list(): KdSessionSummary[] {
    return [...this.live.values()].map(summary);
  }

  /** Errors: those of the way; `kd.not-started` when too many are open. */
  async open(way: KdWay, dataFolder: string): Promise<KdSessionSummary> {
    this.makeRoom();
    const stop = new AbortController();
    const opened = await openWay(way, { dataFolder, signal: stop.signal });
    const text = new RecentText();
    const waiting = new Set<() => void>();
    const wake = (): void => {
      for (const one of [...waiting]) one();
    };
    const heard = (chunk: Buffer): void => {
      text.push(chunk);
      wake();
    };
    const packets = opened.options.packets !== undefined;
    const log = await logFile(dataFolder, opened.title);
    const session = await DebugSession.open({
      ...opened.options,
      open: async (signal) => {
        const channel = await opened.options.open(signal);
        return overheard(channel, packets ? undefined : heard, wake);
      },
      logFile: log,
      signal: stop.signal,
    }).catch(async (error: unknown) => {
      await opened.close();
      throw error;
    });
    // Packets are no text: what they carry is.
    session.onItem((item) => {
      const line = item.kind === 'text' ? item.text : describeItem(item);
      if (packets && line !== undefined) heard(Buffer.from(`${line}\n`));
      wake();
    });
    const one: Live = {
      id: randomUUID(),
      way: opened,
      session,
      log,
      text,
      stop,
      waiting,
      ended: null,
    };
    this.live.set(one.id, one);
    void session.ended().then(async (why) => {
      one.ended = why;
      wake();
      await opened.close();
    });
    return summary(one);
  }

  /** What stands after `from`; waits for more, or for another state than `known`. Errors: `kd.ended`. */
  async read(
    id: string,
    from: number,
    known: SessionState | null,
    signal: AbortSignal | undefined,
  ): Promise<KdPiece> {
    const one = this.find(id);
    while (one.text.end <= from && one.session.state === known && signal?.aborted !== true) {
      await next(one, signal);
    }
    const piece = one.text.read(from, PIECE_characters);
    const { state, losses } = one.session;
    return { ...piece, state, ended: one.ended, losses: { ...losses } };
  }

  /** Errors: `kd.ended`. */
  type(id: string, line: string): void {
    const one = this.find(id);
    one.session.type(line);
    for (const wake of [...one.waiting]) wake();
  }

  /** Errors: `kd.ended`, `kd.no-answer`. */
  break(id: string): Promise<void> {
    return this.find(id).session.break();
  }

  async close(id: string): Promise<void> {
    const one = this.live.get(id);
    this.live.delete(id);
    if (one === undefined) return;
    one.stop.abort();
    await one.session.close();
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.live.keys()].map((id) => this.close(id)));
  }

  private makeRoom(): void {
    for (const one of this.live.values()) {
      if (this.live.size < SESSIONS_MAX) return;
      if (one.session.state === 'ended') this.live.delete(one.id);
    }
    if (this.live.size < SESSIONS_MAX) return;
    throw new LabError('kd.not-started', {
      problem: `${SESSIONS_MAX} debugger sessions are open.`,
      remedy: 'Close one of them first.',
    });
  }

  private find(id: string): Live {
    const one = this.live.get(id);
    if (one !== undefined) return one;
    throw new LabError('kd.ended', {
      problem: 'This debugger session is closed.',
      remedy: 'Open it again; the log holds all that was said.',
    });
  }
}

function summary({ id, way, session, log }: Live): KdSessionSummary {
  const name = way.options.dialect?.name ?? null;
  return { session: id, title: way.title, debugger: name, state: session.state, log };
}

/** The same line; what comes, and its end, are told here too. */
const overheard = (
  channel: Channel,
  heard: ((chunk: Buffer) => void) | undefined,
  ended: () => void,
): Channel => ({
  ...channel,
  onData: (tell) =>
    channel.onData((chunk) => {
      tell(chunk);
      heard?.(chunk);
    }),
  onEnd: (tell) =>
    channel.onEnd((why) => {
      tell(why);
      ended();
    }),
});

/** Resolves at the next word or change of the session, or when the reader leaves. */
function next(one: Live, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      one.waiting.delete(wake);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    one.waiting.add(wake);
    signal?.addEventListener('abort', wake, { once: true });
  });
}

async function logFile(dataFolder: string, title: string): Promise<string> {
  const folder = path.join(dataFolder, 'debugger');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  return path.join(folder, `${stamp}-${title.replaceAll(/[^A-Za-z0-9-]+/g, '-')}.log`);
}
