// The lab's side of the agent's protocol. The connection may break at any time: what was asked is asked
// again over a new one (the agent does nothing twice), and a trace goes on at the line where it broke.
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { AgentFacts, AgentReply, AgentRequest, RunEnd } from '../../contract/agentProtocol.ts';
import { assert } from '../../contract/assert.ts';
import { isLabError } from '../../contract/errors/labError.ts';
import { cancelledError, throwIfCancelled } from '../data/cancellation.ts';
import { AgentLostError, connectionLost, protocolBroken, requestDeclined } from './agentErrors.ts';
import { Session, type Greeting } from './session.ts';

export interface AgentClientOptions {
  /** A new byte stream to the agent's port, every time it is called. */
  readonly open: () => Promise<Duplex>;
  readonly token: string;
  readonly signal?: AbortSignal | undefined;
  /** How often in a row a lost connection is opened again before it counts as lost. */
  readonly attempts?: number;
  /** Waits before attempt number 1, 2, …; a test does not wait. */
  readonly pause?: (attempt: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** One line of a trace, or how the run ended: always the last. */
export type Followed =
  { readonly kind: 'line'; readonly index: number; readonly text: string } | RunEnd;

/**
 * Each call may fail with LabError `ssh.connection-lost` (or what the tunnel failed with),
 * `agent.refused`, `agent.protocol`, `agent.step-failed`, `run.cancelled`.
 */
export interface AgentClient {
  readonly agent: Greeting;
  facts(): Promise<AgentFacts>;
  /** Also `workload.invalid`, `workload.path-escapes`. */
  prepare(run: string, workload: unknown): Promise<void>;
  /** `observe`: the observer is loaded; what it sees becomes part of the trace. */
  start(run: string, observe?: boolean): Promise<void>;
  /** Lines from number `from` (0 is the header), without gap or repetition, then the end. */
  follow(run: string, from?: number): AsyncGenerator<Followed, void, void>;
  abort(run: string): Promise<RunEnd>;
  /** Ends the agent. Fine when it has gone already. */
  quit(): Promise<void>;
  /** Hangs up; the agent goes on. */
  close(): void;
}

const ATTEMPTS = 5;
const PAUSE_MS_FIRST = 100;

const growingPause = async (attempt: number, signal: AbortSignal | undefined): Promise<void> =>
  delay(PAUSE_MS_FIRST * 2 ** (attempt - 1), undefined, signal === undefined ? {} : { signal });

/** Connects and says hello. */
export async function connectAgent(options: AgentClientOptions): Promise<AgentClient> {
  const client = new Client(options);
  await client.connect();
  return client;
}

type ReplyOf<Kind extends AgentReply['kind']> = Extract<AgentReply, { kind: Kind }>;

class Client implements AgentClient {
  private readonly options: AgentClientOptions;
  private control: Session | undefined;
  /** Requests on the one connection go one after the other. */
  private last: Promise<unknown> = Promise.resolve();
  private readonly sessions = new Set<Session>();

  constructor(options: AgentClientOptions) {
    this.options = options;
  }

  get agent(): Greeting {
    assert(this.control !== undefined, 'a client has connected once');
    return this.control.agent;
  }

  async connect(): Promise<void> {
    await this.persistently(() => this.controlSession());
  }

  async facts(): Promise<AgentFacts> {
    const reply = await this.ask({ kind: 'facts' }, 'facts');
    return reply.facts;
  }

  async prepare(run: string, workload: unknown): Promise<void> {
    await this.ask({ kind: 'prepare', run, workload }, 'prepared');
  }

  async start(run: string, observe = false): Promise<void> {
    await this.ask({ kind: 'start', run, ...(observe ? { observe } : {}) }, 'started');
  }

  async *follow(run: string, from = 0): AsyncGenerator<Followed, void, void> {
    let next = from;
    let failures = 0;
    for (;;) {
      let session: Session | undefined;
      try {
        session = await this.openSession();
        session.send({ kind: 'follow', run, from: next });
        for (;;) {
          const reply = await session.next();
          if (reply.kind === 'error') throw requestDeclined(reply.code, reply.problem);
          if (reply.kind === 'ended') {
            yield reply;
            return;
          }
          if (reply.kind !== 'line' || reply.index !== next) throw outOfTurn(reply, next);
          failures = 0;
          next += 1;
          yield { kind: 'line', index: reply.index, text: reply.text };
        }
      } catch (error) {
        failures += 1;
        await this.beforeRetry(error, failures);
      } finally {
        this.drop(session);
      }
    }
  }

  async abort(run: string): Promise<RunEnd> {
    // Not behind whatever the agent is busy with on the other connection.
    return this.persistently(async () => {
      const session = await this.openSession();
      try {
        return expect(await session.call({ kind: 'abort', run }), 'ended');
      } finally {
        this.drop(session);
      }
    });
  }

  async quit(): Promise<void> {
    await this.inTurn(() => this.tellToQuit()).catch((error: unknown) => {
      throw error instanceof AgentLostError ? connectionLost(1, error.cause) : error;
    });
    this.close();
  }

  /**
   * A connection that is lost while the agent is told may have been lost before, unnoticed: the agent is
   * then told over a new one. Where nobody is there any more, it has heard.
   */
  private async tellToQuit(): Promise<void> {
    for (let told = 0; told < 2; told += 1) {
      const session = await this.controlSession().catch((error: unknown) => {
        if (told > 0 && error instanceof AgentLostError) return undefined;
        throw error;
      });
      if (session === undefined) return;
      try {
        expect(await session.call({ kind: 'quit' }), 'goodbye');
        return;
      } catch (error) {
        if (!(error instanceof AgentLostError)) throw error;
      }
    }
  }

  close(): void {
    for (const session of this.sessions) session.close();
    this.sessions.clear();
  }

  private ask<Kind extends AgentReply['kind']>(
    request: AgentRequest,
    kind: Kind,
  ): Promise<ReplyOf<Kind>> {
    return this.inTurn(() =>
      this.persistently(async () => {
        const session = await this.controlSession();
        return expect(await session.call(request), kind);
      }),
    );
  }

  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = this.last.then(work, work);
    this.last = mine.catch(() => undefined);
    return mine;
  }

  private async controlSession(): Promise<Session> {
    if (this.control?.usable !== true) {
      this.drop(this.control);
      this.control = await this.openSession();
    }
    return this.control;
  }

  private async openSession(): Promise<Session> {
    const { open, token, signal } = this.options;
    throwIfCancelled(signal, 'connecting to the agent');
    const connect = (): Promise<Duplex> =>
      open().catch((cause: unknown) => {
        if (signal?.aborted) throw cancelledError(signal, 'connecting to the agent');
        throw new AgentLostError('no connection to the agent', { cause });
      });
    const session = await Session.open(connect, token, signal);
    this.sessions.add(session);
    return session;
  }

  private drop(session: Session | undefined): void {
    if (session === undefined) return;
    session.close();
    this.sessions.delete(session);
  }

  /** Tries again while only the connection is to blame. */
  private async persistently<Result>(work: () => Promise<Result>): Promise<Result> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await work();
      } catch (error) {
        await this.beforeRetry(error, failures);
      }
    }
  }

  /** Waits before the next attempt, or throws what the caller is to see. */
  private async beforeRetry(error: unknown, failures: number): Promise<void> {
    if (!(error instanceof AgentLostError)) throw error;
    const { attempts = ATTEMPTS, pause = growingPause, signal } = this.options;
    if (failures > attempts) throw connectionLost(attempts, error.cause);
    // A tunnel that is refused for good (a changed host key) is not knocked at again and again.
    if (isLabError(error.cause) && !mayPass.has(error.cause.code)) throw error.cause;
    await pause(failures, signal).catch((cause: unknown) => {
      throw signal?.aborted ? cancelledError(signal, 'connecting to the agent again') : cause;
    });
  }
}

/** Failures of the tunnel that another attempt may overcome. */
const mayPass: ReadonlySet<string> = new Set(['ssh.refused', 'ssh.connection-lost']);

function expect<Kind extends AgentReply['kind']>(reply: AgentReply, kind: Kind): ReplyOf<Kind> {
  if (reply.kind === 'error') throw requestDeclined(reply.code, reply.problem);
  if (reply.kind !== kind) {
    throw protocolBroken(`"${kind}" was expected and "${reply.kind}" came`, JSON.stringify(reply));
  }
  return reply as ReplyOf<Kind>;
}

const outOfTurn = (reply: AgentReply, expected: number): Error =>
  reply.kind === 'line'
    ? protocolBroken(`line ${expected} was expected and line ${reply.index} came`)
    : protocolBroken(`a line was expected and "${reply.kind}" came`);
