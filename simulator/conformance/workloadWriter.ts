// The workload that a case becomes, while it is being written.
import { escapesRoot } from '../../contract/expandWorkload.ts';
import { CaseRefusal } from './case.ts';

/** A step as a workload file has it; parsed when the document is complete. */
export type WrittenStep = Readonly<Record<string, unknown>> & { readonly do: string };

/** What is known of a handle: by what path it was opened, and with which options. */
export interface KnownHandle {
  readonly path: string;
  readonly directory: boolean;
}

export interface AskedOplock {
  readonly handle: string;
  readonly request: string;
  /** A legacy level, or the sum of OPLOCK_LEVEL_CACHE_… flags. */
  readonly level: string | number;
}

export interface WorkloadDocument {
  readonly workload: 1;
  readonly name: string;
  readonly title: string;
  readonly setup: readonly unknown[];
  readonly actors?: Readonly<Record<string, object>>;
  readonly order?: 'written' | 'free';
  readonly steps: readonly WrittenStep[];
}

/**
 * Step ids are the convention by which a trace is judged, here and in hand-written workloads:
 * `setup.N.M`, `action.N.M` (the Nth operation, its Mth step), `probe.<expected key>.M`, `wait.<request>`.
 */
export class WorkloadWriter {
  readonly steps: WrittenStep[] = [];
  readonly handles = new Map<string, KnownHandle>();
  readonly requests: string[] = [];
  /** Every oplock that may be held, in the order in which it is asked for. */
  readonly oplocks: AskedOplock[] = [];
  /** Calls that are issued and not waited for, by the names of their requests. */
  readonly started: string[] = [];
  /** Actors beside the main one. */
  readonly actors: Record<string, object> = {};
  /** What the actor's token holds beside what everybody has, and what it lacks of that. */
  readonly privileges: string[] = [];
  readonly lacks: string[] = [];
  /** Directories and files that are there before the first step. */
  readonly setup: unknown[] = [{ mkdir: 'D' }];
  /** Paths that steps have made, opened or given. */
  private readonly named = new Set(['D']);
  private prefix = '';
  private count = 0;
  private isStarting = false;

  /** The steps that follow belong to this operation. */
  begin(prefix: string): void {
    this.prefix = prefix;
    this.count = 0;
  }

  add(step: WrittenStep): void {
    for (const key of ['path', 'to']) {
      const path = step[key];
      // Relative to a handle, a leading backslash is the file system's to refuse.
      const isRelative = key === 'path' && typeof step['root'] === 'string';
      const shown = isRelative && typeof path === 'string' ? path.replace(/^\\/, '') : path;
      if (typeof shown === 'string' && escapesRoot(shown)) {
        throw new CaseRefusal('notModelled', `the workload language has no path "${shown}"`);
      }
    }
    this.implyParent(step);
    this.count += 1;
    const id = `${this.prefix}.${this.count}`;
    if (this.isStarting) this.started.push(String(step['as'] ?? id));
    this.steps.push({ ...step, ...(this.isStarting ? { start: true } : {}), id });
  }

  /**
   * A set-up that puts a file into a directory which no step makes means that the directory is there:
   * without it the set-up could not succeed.
   */
  private implyParent(step: WrittenStep): void {
    const { path, to } = step;
    if (typeof to === 'string') this.named.add(to);
    if (step.do !== 'create' || typeof path !== 'string' || typeof step['root'] === 'string')
      return;
    const parent = path.slice(0, Math.max(path.lastIndexOf('\\'), 0));
    const makes = step['disposition'] !== 'FILE_OPEN' && this.prefix.startsWith('setup.');
    if (makes && parent !== '' && !this.named.has(parent)) {
      this.setup.push({ mkdir: parent });
      this.named.add(parent);
    }
    this.named.add(path);
  }

  /** A step that belongs to no operation's own status. */
  addAs(id: string, step: WrittenStep): void {
    this.steps.push({ ...step, id });
  }

  /** What is written meanwhile is issued and not waited for. */
  starting(write: () => void): void {
    this.isStarting = true;
    write();
    this.isStarting = false;
  }

  oplocksOf(handle: string): readonly AskedOplock[] {
    return this.oplocks.filter((one) => one.handle === handle);
  }

  /** A name for a handle that the case did not name. */
  handleName(): string {
    return `${this.prefix.replaceAll('.', '_')}_${this.count + 1}`;
  }

  handle(name: string): KnownHandle {
    const known = this.handles.get(name);
    if (known === undefined) throw new CaseRefusal('failed', `no handle "${name}" was opened`);
    return known;
  }
}
