// The agent's server with fake workers behind it, on this machine: everything of the protocol is real.
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkerPool } from '../process/workerPool.ts';
import { Runs } from '../run/runs.ts';
import { AgentServer } from '../server/agentServer.ts';
import { TokenGuard } from '../server/token.ts';
import type { Play } from './fakeThread.ts';
import { noPorts } from './fakePorts.ts';
import { FakeWorker } from './fakeWorker.ts';

export interface LocalAgent {
  readonly port: number;
  readonly log: readonly string[];
  readonly quits: () => number;
  readonly idle: Promise<void>;
  /** Puts a new token where the agent looks for one. */
  offerToken(token: string): void;
  connect(): Promise<Socket>;
  stop(): Promise<void>;
}

export interface LocalAgentOptions {
  readonly play?: Play;
  readonly idle_ms?: number;
  readonly hello_ms?: number;
}

export const TOKEN = 'the token of this start';
export const BUILD = 'the build of this agent';

export async function startLocalAgent(options: LocalAgentOptions = {}): Promise<LocalAgent> {
  const folder = mkdtempSync(join(tmpdir(), 'fltlab-local-agent-'));
  const log: string[] = [];
  const play = options.play ?? (() => ({ outcome: { status: 0, handle: 0x10 } }));
  const roots = new Map([['C', 'C:\\work']]);
  const runs = new Runs({
    folder,
    roots,
    pool: new WorkerPool((blockingCalls) => new FakeWorker(blockingCalls, play)),
    limits: { step_ms: 60_000, settle_ms: 0 },
    claimRoots: () => undefined,
    ports: () => Promise.resolve(noPorts),
    log: (text) => log.push(text),
    onActivity: () => server.considerIdleness(),
  });
  let newer: string | undefined;
  let quits = 0;
  let becomeIdle = (): void => undefined;
  const idle = new Promise<void>((resolve) => (becomeIdle = resolve));
  const server = new AgentServer({
    token: new TokenGuard(TOKEN, () => {
      const taken = newer;
      newer = undefined;
      return taken;
    }),
    runs,
    build: BUILD,
    roots,
    nodeVersion: '22.0.0',
    architecture: 'x64',
    log: (text) => log.push(text),
    quit: async (answer) => {
      quits += 1;
      await answer();
    },
    hello_ms: options.hello_ms ?? 60_000,
    idle_ms: options.idle_ms ?? 60_000,
    onIdle: becomeIdle,
  });
  const port = await server.listen();
  return {
    port,
    log,
    quits: () => quits,
    idle,
    offerToken: (token) => (newer = token),
    connect: () =>
      new Promise((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => resolve(socket));
        socket.once('error', reject);
      }),
    stop: async () => {
      await server.close();
      await runs.shutDown();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
