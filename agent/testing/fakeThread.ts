// The thread of an actor at the edge of a test: it answers as the test says, and keeps what it was asked.
import type {
  ActorThread,
  Answer,
  Ask,
  Completion,
  NativeOutcome,
  NativeStep,
  RequestMemory,
  ThreadCall,
} from '../thread/messages.ts';

export interface Answered {
  readonly outcome: NativeOutcome;
  readonly own?: Completion;
}

export type Play = (step: NativeStep) => Answered | Promise<Answered>;

let lastEvent = 0;

/** The memory of a request, told from others by its event. */
export function requestMemory(returned: RequestMemory['returned'] = 0x103): RequestMemory {
  lastEvent += 4;
  return {
    event: lastEvent,
    ioStatusBlock: BigInt(lastEvent),
    buffer: 0n,
    output_bytes: 64,
    returned,
  };
}

export class FakeThread implements ActorThread {
  readonly asked: { readonly kind: ThreadCall; readonly ask: unknown }[] = [];
  /** Requests that have completed, by their event. */
  readonly completions = new Map<number, Completion>();
  readonly released: RequestMemory[] = [];
  readonly closed: number[] = [];
  /** Addresses of the blocks whose requests were cancelled. */
  readonly cancelled: bigint[] = [];
  private readonly play: Play;

  constructor(play: Play) {
    this.play = play;
  }

  async ask<Kind extends ThreadCall>(kind: Kind, ask: Ask<Kind>): Promise<Answer<Kind>> {
    this.asked.push({ kind, ask });
    return (await this.answer(kind, ask)) as Answer<Kind>;
  }

  private async answer(kind: ThreadCall, ask: Ask<ThreadCall>): Promise<Answer<ThreadCall>> {
    switch (kind) {
      case 'perform': {
        const { step, pending, release } = ask as Ask<'perform'>;
        this.released.push(...release);
        const { outcome, own = null } = await this.play(step);
        return { outcome, own, completed: this.look(pending) };
      }
      case 'settle':
        return { completed: this.look((ask as Ask<'settle'>).pending) };
      case 'cancel':
        this.cancelled.push(...(ask as Ask<'cancel'>).requests.map(({ block }) => block));
        return {};
      case 'release':
        this.released.push(...(ask as Ask<'release'>).requests);
        return {};
      case 'close':
        this.closed.push(...(ask as Ask<'close'>).handles);
        return {};
      case 'unmap':
        return {};
      case 'empty':
        return { left: [] };
      case 'facts':
        return { facts: { windowsVersion: '10.0.19043' } };
    }
  }

  private look(pending: readonly RequestMemory[]): readonly (Completion | null)[] {
    return pending.map((request) => this.completions.get(request.event) ?? null);
  }
}
