// One connection of the lab: lines in, lines out. Nothing is read before a hello that knows the token.
import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import {
  AGENT_LINE_LIMIT,
  AGENT_PROTOCOL,
  AgentRequest,
  type AgentRefusal,
  type AgentReply,
} from '../../contract/agentProtocol.ts';
import { LineSplitter } from '../../contract/lineSplitter.ts';
import type { Roots } from '../run/roots.ts';
import { Refused, type Runs } from '../run/runs.ts';
import type { TokenGuard } from './token.ts';

export interface ConnectionServices {
  readonly token: TokenGuard;
  readonly runs: Runs;
  /** Which agent this is. */
  readonly build: string;
  readonly roots: Roots;
  readonly nodeVersion: string;
  readonly architecture: string;
  readonly log: (text: string) => void;
  /** Cleans up, lets the answer be sent, and ends the agent. */
  readonly quit: (answer: () => Promise<void>) => Promise<void>;
  /** How long a stranger may keep a connection without saying hello. */
  readonly hello_ms: number;
}

type RequestOf<Kind extends AgentRequest['kind']> = Extract<AgentRequest, { kind: Kind }>;
type Handler<Kind extends AgentRequest['kind']> = (
  connection: Connection,
  request: RequestOf<Kind>,
) => Promise<void>;

export class Connection {
  readonly services: ConnectionServices;
  private readonly socket: Socket;
  private readonly gone = new AbortController();
  private readonly splitter: LineSplitter;
  private greeted = false;
  private refused = false;

  constructor(socket: Socket, services: ConnectionServices) {
    this.socket = socket;
    this.services = services;
    this.splitter = new LineSplitter(() =>
      this.greeted ? AGENT_LINE_LIMIT.request : AGENT_LINE_LIMIT.beforeHello,
    );
    const decoder = new StringDecoder('utf8');
    const impatience = setTimeout(() => {
      if (!this.greeted) socket.destroy();
    }, services.hello_ms);
    socket.on('data', (chunk: Buffer) => this.receive(decoder.write(chunk)));
    // A connection that breaks is an everyday thing: the lab comes back and resumes.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(impatience);
      this.gone.abort();
    });
  }

  get signal(): AbortSignal {
    return this.gone.signal;
  }

  send(reply: AgentReply): boolean {
    return !this.signal.aborted && this.socket.write(`${JSON.stringify(reply)}\n`);
  }

  /** Waits until the other end has taken what was sent. */
  async drained(): Promise<void> {
    if (!this.socket.writableNeedDrain || this.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.socket.off('drain', done);
        this.signal.removeEventListener('abort', done);
        resolve();
      };
      this.socket.on('drain', done);
      this.signal.addEventListener('abort', done);
    });
  }

  /** Sends what is still to be sent, then closes. */
  end(): Promise<void> {
    return new Promise((resolve) => {
      this.socket.once('close', () => resolve());
      this.socket.end(() => this.socket.destroy());
    });
  }

  private receive(piece: string): void {
    if (this.refused) return;
    const lines = this.splitter.push(piece);
    if (lines === undefined) {
      this.refuse('line-too-long', 'the line is longer than the protocol allows');
      return;
    }
    for (const line of lines) this.take(line);
  }

  private take(line: string): void {
    if (this.refused) return;
    const request = parseRequest(line);
    if (!this.greeted) {
      this.greet(request);
    } else if (request === undefined) {
      this.send({ kind: 'error', code: 'bad-request', problem: 'not a request of this protocol' });
    } else {
      void this.handle(request);
    }
  }

  private greet(request: AgentRequest | undefined): void {
    if (request?.kind !== 'hello') {
      this.refuse('bad-request', 'the first line must be hello');
    } else if (!this.services.token.accepts(request.token)) {
      this.services.log('a connection was refused: wrong token');
      this.refuse('token-refused', 'the token is not the one that the agent was started with');
    } else if (request.protocol !== AGENT_PROTOCOL) {
      const problem = `this agent speaks protocol ${AGENT_PROTOCOL}, not ${request.protocol}`;
      this.refuse('protocol-version', problem);
    } else {
      this.greeted = true;
      const { build, roots } = this.services;
      this.send({
        kind: 'welcome',
        protocol: AGENT_PROTOCOL,
        build,
        roots: Object.fromEntries(roots),
      });
    }
  }

  private refuse(code: AgentRefusal, problem: string): void {
    this.refused = true;
    this.send({ kind: 'error', code, problem });
    this.socket.end();
  }

  private async handle(request: AgentRequest): Promise<void> {
    try {
      const handler = handlers[request.kind] as Handler<AgentRequest['kind']>;
      await handler(this, request);
    } catch (error) {
      // The boundary of a request: the connection lives on, whatever became of it.
      if (error instanceof Refused) {
        this.send({ kind: 'error', code: error.code, problem: error.message });
        return;
      }
      const problem = error instanceof Error ? error.message : String(error);
      this.services.log(`${request.kind}: ${error instanceof Error ? error.stack : problem}`);
      this.send({ kind: 'error', code: 'internal', problem });
    }
  }
}

const handlers: { readonly [Kind in AgentRequest['kind']]: Handler<Kind> } = {
  hello: (connection) => {
    connection.send({ kind: 'error', code: 'bad-request', problem: 'hello was said already' });
    return Promise.resolve();
  },
  facts: async (connection) => {
    const { runs, nodeVersion, architecture } = connection.services;
    const facts = await runs.facts();
    connection.send({
      kind: 'facts',
      facts: { protocol: AGENT_PROTOCOL, nodeVersion, architecture, ...facts },
    });
  },
  prepare: async (connection, { run, workload }) => {
    await connection.services.runs.prepare(run, workload);
    connection.send({ kind: 'prepared', run });
  },
  start: (connection, { run, observe }) => {
    connection.services.runs.start(run, observe);
    connection.send({ kind: 'started', run });
    return Promise.resolve();
  },
  follow: async (connection, { run, from }) => {
    const { file, end } = connection.services.runs.trace(run);
    for await (const { index, text } of file.follow(from, connection.signal)) {
      connection.send({ kind: 'line', run, index, text });
      await connection.drained();
    }
    if (!connection.signal.aborted) connection.send(end());
  },
  abort: async (connection, { run }) => {
    connection.send(await connection.services.runs.abort(run));
  },
  quit: async (connection) => {
    await connection.services.quit(async () => {
      connection.send({ kind: 'goodbye' });
      await connection.end();
    });
  },
};

function parseRequest(line: string): AgentRequest | undefined {
  const parsed = AgentRequest.safeParse(parseJson(line));
  return parsed.success ? parsed.data : undefined;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    // Not JSON, so not a request; the schema says so to the other end.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
