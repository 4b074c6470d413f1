// The folder in which the agent keeps its state: who owns it, where the agent listens, the token, the
// log, the roots that it has made, the traces.
import {
  appendFileSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { AGENT_FILES, type AgentAnnouncement } from '../../contract/agentProtocol.ts';

/**
 * Open for nobody else (libuv's UV_FS_O_EXLOCK, share mode 0). Windows drops it with the process,
 * however the process ends, so that a stale lock cannot be.
 */
const EXCLUSIVE = 0x10000000;
const LOG_BYTES_MAX = 1_048_576;

export interface FolderLock {
  release(): void;
}

export class StateFolder {
  readonly path: string;
  private readonly now: () => Date;

  constructor(path: string, now: () => Date) {
    this.path = path;
    this.now = now;
    mkdirSync(path, { recursive: true });
  }

  get runsPath(): string {
    return join(this.path, 'runs');
  }

  /**
   * Undefined when another agent works in this folder. What else is in the folder is the owner's: it is
   * made after the lock is taken, or an agent on its way out would still take it away.
   */
  lock(): FolderLock | undefined {
    const { O_RDWR, O_CREAT } = constants;
    try {
      const fd = openSync(join(this.path, 'agent.lock'), O_RDWR | O_CREAT | EXCLUSIVE);
      mkdirSync(this.runsPath, { recursive: true });
      return { release: () => closeSync(fd) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EBUSY') return undefined;
      throw error;
    }
  }

  /** The token, where one lies here: read once, and gone from the disk. */
  takeToken(): string | undefined {
    const path = join(this.path, AGENT_FILES.token);
    if (!existsSync(path)) return undefined;
    const token = readFileSync(path, 'utf8').trim();
    rmSync(path, { force: true });
    return token === '' ? undefined : token;
  }

  /** Tells the lab where to connect. Never half a file: written aside, then renamed. */
  announce(announcement: AgentAnnouncement): void {
    const path = join(this.path, AGENT_FILES.announcement);
    writeFileSync(`${path}.new`, JSON.stringify(announcement));
    renameSync(`${path}.new`, path);
  }

  /** Only where somebody has removed it. */
  announceAgain(announcement: AgentAnnouncement): void {
    if (!existsSync(join(this.path, AGENT_FILES.announcement))) this.announce(announcement);
  }

  withdraw(): void {
    rmSync(join(this.path, AGENT_FILES.announcement), { force: true });
  }

  log(text: string): void {
    const path = join(this.path, AGENT_FILES.log);
    const large = existsSync(path) && statSync(path).size > LOG_BYTES_MAX;
    if (large) renameSync(path, `${path}.old`);
    appendFileSync(path, `${this.now().toISOString()} ${text}\n`);
  }

  /** Whether this folder is one that an agent has made and may therefore empty. */
  ownsRoot(root: string): boolean {
    return this.readRoots().includes(root.toLowerCase());
  }

  rememberRoot(root: string): void {
    const roots = new Set([...this.readRoots(), root.toLowerCase()]);
    writeFileSync(this.rootsPath, JSON.stringify([...roots]));
  }

  /** Removes all but the newest traces. */
  pruneRuns(keep: number): void {
    const runs = readdirSync(this.runsPath).map((name) => {
      const path = join(this.runsPath, name);
      return { path, modified: statSync(path).mtimeMs };
    });
    runs.sort((a, b) => b.modified - a.modified);
    for (const { path } of runs.slice(keep)) rmSync(path, { recursive: true, force: true });
  }

  removeRuns(): void {
    rmSync(this.runsPath, { recursive: true, force: true });
  }

  private get rootsPath(): string {
    return join(this.path, 'roots.json');
  }

  private readRoots(): readonly string[] {
    if (!existsSync(this.rootsPath)) return [];
    const read: unknown = JSON.parse(readFileSync(this.rootsPath, 'utf8'));
    return Array.isArray(read) ? read.filter((one) => typeof one === 'string') : [];
  }
}
