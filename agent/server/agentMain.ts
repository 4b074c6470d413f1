// The agent itself: takes its folder, reads its token, listens, and leaves nothing behind when it ends.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { AGENT_PROTOCOL } from '../../contract/agentProtocol.ts';
import type { AgentOptions } from '../options.ts';
import { WorkerPool } from '../process/workerPool.ts';
import { startWorker } from '../process/workerProcess.ts';
import { Refused, Runs } from '../run/runs.ts';
import type { Roots } from '../run/roots.ts';
import { AgentServer } from './agentServer.ts';
import { StateFolder, type FolderLock } from './stateFolder.ts';
import { TokenGuard } from './token.ts';

/** Most workloads have a process that watches and one that changes. */
const WARM_WORKERS = 2;
const HELLO_MS = 10_000;
const SETTLE_MS = 100;
const RUNS_KEPT = 20;
const ANNOUNCE_AGAIN_MS = 500;
const LOCK_ATTEMPTS = 10;
const LOCK_AGAIN_MS = 200;

/** Exit codes, for whoever looks at the process; agent.log says more. */
const exitCode = { done: 0, noToken: 2, folderInUse: 3, crashed: 70 } as const;

/** `bundle` is the file that this program was started from; its workers run the same. */
export async function runAgent(options: AgentOptions, bundle: string): Promise<void> {
  const folder = new StateFolder(options.state, () => new Date());
  const lock = await lockSoon(folder);
  if (lock === undefined) {
    // Its token, if there is a new one, is for the agent that is there already.
    folder.log(`pid ${process.pid}: another agent works in this folder`);
    process.exit(exitCode.folderInUse);
  }
  process.on('uncaughtException', (error) => {
    folder.log(`uncaught: ${error.stack ?? String(error)}`);
    process.exit(exitCode.crashed);
  });
  const token = folder.takeToken();
  if (token === undefined) {
    folder.log(`pid ${process.pid}: no token lies in the folder`);
    process.exit(exitCode.noToken);
  }
  const pool = new WorkerPool((blockingCalls) =>
    startWorker({ node: process.execPath, bundle, blockingCalls }),
  );
  pool.warm(WARM_WORKERS);
  const log = (text: string): void => folder.log(text);
  const runs = new Runs({
    folder: folder.runsPath,
    roots: options.roots,
    pool,
    limits: { step_ms: options.step_ms, settle_ms: SETTLE_MS },
    claimRoots: () => claimRoots(folder, options.roots),
    ports: async () => (await import('../native/filterPort.ts')).filterPorts(),
    log,
    onActivity: () => server.considerIdleness(),
  });
  let leaving = false;
  const leave = async (
    why: string,
    forget: boolean,
    answer: () => Promise<void> = () => Promise.resolve(),
  ): Promise<void> => {
    if (leaving) return;
    leaving = true;
    log(`leaving: ${why}`);
    clearInterval(announcing);
    folder.withdraw();
    await endRuns(runs, log);
    // A lab that was away for long may still ask the next agent for its trace.
    if (forget) folder.removeRuns();
    // Whoever gets the answer may start the next agent at once.
    lock.release();
    await answer();
    await server.close();
    process.exit(exitCode.done);
  };
  const server = new AgentServer({
    token: new TokenGuard(token, () => folder.takeToken()),
    runs,
    build: buildOf(bundle),
    roots: options.roots,
    nodeVersion: process.versions.node,
    architecture: process.arch,
    log,
    quit: (answer) => leave('asked to', true, answer),
    hello_ms: HELLO_MS,
    idle_ms: options.idle_ms,
    onIdle: () => void leave('nobody was connected', false),
  });
  folder.pruneRuns(RUNS_KEPT);
  const port = await server.listen();
  const announcement = { protocol: AGENT_PROTOCOL, port, pid: process.pid };
  folder.announce(announcement);
  // A lab that starts an agent takes the announcement away first, and finds this one again.
  const announcing = setInterval(() => folder.announceAgain(announcement), ANNOUNCE_AGAIN_MS);
  log(`pid ${process.pid}: listening on port ${port}`);
}

/** The boundary of the agent: one that stayed would hold its folder against every later one. */
async function endRuns(runs: Runs, log: (text: string) => void): Promise<void> {
  try {
    await runs.shutDown();
  } catch (error) {
    log(`leaving: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

/** An agent that was asked to leave may still be on its way out. */
async function lockSoon(folder: StateFolder): Promise<FolderLock | undefined> {
  for (let attempt = 1; attempt < LOCK_ATTEMPTS; attempt += 1) {
    const lock = folder.lock();
    if (lock !== undefined) return lock;
    await delay(LOCK_AGAIN_MS);
  }
  return folder.lock();
}

/** Read at the start: the file may be replaced by a newer one while this agent runs. */
const buildOf = (bundle: string): string =>
  createHash('sha256').update(readFileSync(bundle)).digest('hex');

/**
 * A root is emptied before each run. So that a slip in a setting empties nobody's folder, only one that
 * the agent made, or found empty, is taken.
 */
function claimRoots(folder: StateFolder, roots: Roots): void {
  for (const root of roots.values()) {
    mkdirSync(root, { recursive: true });
    if (folder.ownsRoot(root)) continue;
    if (existsSync(root) && readdirSync(root).length > 0) {
      throw new Refused('root-unusable', `${root} is not empty and was not made by the agent`);
    }
    folder.rememberRoot(root);
  }
}
