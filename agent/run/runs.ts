// The runs of this agent: one at a time is prepared and executed; the traces of earlier ones, also of
// an agent before this one, can still be followed.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentRefusal, ObservedInRun, RunEnd } from '../../contract/agentProtocol.ts';
import { assert } from '../../contract/assert.ts';
import { LabError } from '../../contract/errors/labError.ts';
import { readWorkload, type ExpandedWorkload } from '../../contract/expandWorkload.ts';
import { NotAnObserverAnswer } from '../../contract/observerRecords.ts';
import { PortRefused, type FilterPorts } from '../observer/filterPort.ts';
import { Observation } from '../observer/observation.ts';
import type { WorkerPool } from '../process/workerPool.ts';
import type { WorkerProcess } from '../process/workerProcess.ts';
import type { ActorThread, NativeFacts } from '../thread/messages.ts';
import { refuseWhatCannotRun } from './refusals.ts';
import type { Roots } from './roots.ts';
import { runWorkload, type RunLimits, type RunResult } from './runWorkload.ts';
import { emptyRoots, performSetUp } from './setUp.ts';
import { withTimeLimit } from './timeLimit.ts';
import { TraceFile } from './traceFile.ts';
import { headerLine, TraceWriter } from './traceWriter.ts';

/** A request of the lab that the agent does not carry out. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: AgentRefusal | LabError['code'];

  constructor(code: AgentRefusal | LabError['code'], problem: string) {
    super(problem);
    this.code = code;
  }
}

interface Run {
  readonly id: string;
  readonly trace: TraceFile;
  state: 'preparing' | 'prepared' | 'running' | 'ended';
  end: RunEnd | undefined;
}

interface Active {
  readonly run: Run;
  readonly stop: AbortController;
  readonly workload: ExpandedWorkload;
  /** By process name. */
  readonly workers: Map<string, WorkerProcess>;
  threads: ReadonlyMap<string, ActorThread>;
  /** Of the set-up, then of the run: resolves when it is over and nothing of it is left. */
  done: Promise<void>;
}

export interface RunsOptions {
  readonly folder: string;
  readonly roots: Roots;
  readonly pool: WorkerPool;
  readonly limits: RunLimits;
  /** Makes the roots where they are missing; throws Refused where they are not the agent's. */
  readonly claimRoots: () => void;
  /** Ports of filters; asked for when a run is to be observed. */
  readonly ports: () => Promise<FilterPorts>;
  readonly log: (text: string) => void;
  /** Told whenever a run begins or ends. */
  readonly onActivity: () => void;
}

export class Runs {
  private readonly options: RunsOptions;
  private readonly runs = new Map<string, Run>();
  private active: Active | undefined;
  private claimed = false;
  /** Clean-up of the run before, which the next one waits for. */
  private cleaning: Promise<void> = Promise.resolve();

  constructor(options: RunsOptions) {
    this.options = options;
  }

  /** A run that was prepared and never started keeps nobody busy: its lab may have died. */
  get busy(): boolean {
    return this.active !== undefined && this.active.run.state !== 'prepared';
  }

  /**
   * Takes the place of a run that was prepared but not started, its own or another. Asked again while
   * it is still at work, it is the same preparation.
   */
  async prepare(id: string, document: unknown): Promise<void> {
    const before = this.active;
    if (before?.run.id === id && before.run.state === 'preparing') return before.done;
    if (before?.run.state === 'prepared') await this.abort(before.run.id);
    if (this.active !== undefined) {
      throw new Refused('busy', `run "${this.active.run.id}" is under way`);
    }
    this.forgetUnstarted(id);
    const folder = join(this.options.folder, id);
    if (existsSync(folder)) throw new Refused('run-exists', `run "${id}" was executed already`);
    const workload = asRefusal(() => {
      const read = readWorkload(document, 'the workload');
      refuseWhatCannotRun(read, this.options.roots);
      return read;
    });
    mkdirSync(folder, { recursive: true });
    const trace = TraceFile.create(join(folder, 'trace.jsonl'));
    const run: Run = { id, trace, state: 'preparing', end: undefined };
    const active: Active = {
      run,
      stop: new AbortController(),
      workload,
      workers: new Map(),
      threads: new Map(),
      done: Promise.resolve(),
    };
    this.runs.set(id, run);
    this.active = active;
    this.options.onActivity();
    active.done = this.setUp(active);
    return active.done;
  }

  /** Again for a run that was started already: nothing happens. */
  start(id: string, observe = false): void {
    const run = this.find(id);
    if (run.state === 'running' || run.state === 'ended') return;
    const { active } = this;
    if (active === undefined || active.run !== run || run.state !== 'prepared') {
      throw new Refused('busy', `run "${id}" is still being prepared`);
    }
    run.state = 'running';
    active.done = this.execute(active, observe);
  }

  /** The trace, and how the run ended once the trace has been read. */
  trace(id: string): { readonly file: TraceFile; readonly end: () => RunEnd } {
    const run = this.find(id);
    return {
      file: run.trace,
      end: () => {
        assert(run.end !== undefined, 'a sealed trace has an end');
        return run.end;
      },
    };
  }

  /** How the run ended: by this, or before. */
  async abort(id: string): Promise<RunEnd> {
    const run = this.find(id);
    const { active } = this;
    if (active !== undefined && active.run === run) {
      active.stop.abort();
      if (run.state === 'prepared') await this.conclude(active, { how: 'aborted', clean: true });
      else {
        // A set-up that a driver holds up ends with its processes; it concludes the run itself.
        if (run.state === 'preparing') await this.endWorkers(active);
        await active.done.catch(() => undefined);
      }
    }
    assert(run.end !== undefined, 'a run that is not active has ended');
    return run.end;
  }

  async facts(): Promise<NativeFacts> {
    const { pool, limits } = this.options;
    const worker = pool.take(0);
    try {
      const { facts } = await withTimeLimit(worker.thread(0), limits.step_ms).ask('facts', {});
      pool.giveBack(worker);
      return facts;
    } catch (error) {
      await pool.end(worker);
      throw error;
    }
  }

  /** Ends what is under way and empties the roots. */
  async shutDown(): Promise<void> {
    if (this.active !== undefined) await this.abort(this.active.run.id);
    await this.cleaning;
    await this.cleanUp();
    await this.options.pool.endAll();
    for (const run of this.runs.values()) run.trace.close();
    this.runs.clear();
  }

  private async setUp(active: Active): Promise<void> {
    const { pool, roots, claimRoots, limits } = this.options;
    const { workload } = active;
    await this.cleaning;
    try {
      if (active.stop.signal.aborted) throw new Refused('run-unknown', 'the run was aborted');
      claimRoots();
      this.claimed = true;
      for (const process of new Set(Object.values(workload.processes))) {
        active.workers.set(process, pool.take(blockingCalls(workload, process)));
      }
      active.threads = threadsOf(workload, active.workers);
      const threads = [...active.threads.values()].map((one) => withTimeLimit(one, limits.step_ms));
      const [first] = threads;
      assert(first !== undefined, 'a workload has an actor');
      await emptyRoots(first, roots);
      await performSetUp(first, workload, roots);
      // Every thread is made now, so that none is made in the middle of the run.
      await Promise.all(threads.map((one) => one.ask('release', { requests: [] })));
      if (active.stop.signal.aborted) throw new Refused('run-unknown', 'the run was aborted');
      active.run.trace.append(headerLine(workload.name));
      active.run.state = 'prepared';
    } catch (error) {
      await this.conclude(active, { how: 'aborted', clean: false });
      this.forgetUnstarted(active.run.id);
      if (error instanceof Refused) throw error;
      throw new Refused('set-up-failed', error instanceof Error ? error.message : String(error));
    }
  }

  private async execute(active: Active, observe: boolean): Promise<void> {
    const { roots, limits } = this.options;
    const { run, workload, threads, stop } = active;
    const trace = new TraceWriter((line) => run.trace.append(line));
    const observed = observe ? await this.observe(active, trace) : undefined;
    const result = await runWorkload(workload, {
      roots,
      threads,
      trace,
      observation: observed instanceof Observation ? observed : undefined,
      limits,
      signal: stop.signal,
    });
    const seen = observed instanceof Observation ? observed.end() : observed;
    await this.conclude(active, result, seen);
  }

  /** A run whose observer does not answer is a run all the same; its end says why nothing was seen. */
  private async observe(
    { workers }: Active,
    trace: TraceWriter,
  ): Promise<Observation | ObservedInRun> {
    const { ports, roots } = this.options;
    const ids = [...workers].flatMap(([name, { id }]) => (id === undefined ? [] : [[name, id]]));
    const processes = new Map(ids as [string, number][]);
    try {
      return new Observation({ ports: await ports(), roots, processes, trace });
    } catch (error) {
      if (!(error instanceof PortRefused) && !(error instanceof NotAnObserverAnswer)) throw error;
      return { dropped: 0, ignored: 0, made: 0, foreign: 0, problem: error.message };
    }
  }

  /** Names the processes that the system could not end. */
  private async endWorkers({ workers }: Active): Promise<readonly string[]> {
    const stuck: string[] = [];
    for (const [process, worker] of workers) {
      if (!(await this.options.pool.end(worker))) stuck.push(process);
    }
    return stuck;
  }

  /** Gives the workers back or ends them, writes down how the run ended, begins the clean-up. */
  private async conclude(
    active: Active,
    result: RunResult,
    observed?: ObservedInRun,
  ): Promise<void> {
    const { run, workers } = active;
    const { pool, folder, log } = this.options;
    if (run.state === 'ended') return;
    run.state = 'ended';
    const stuck = result.clean ? [] : await this.endWorkers(active);
    if (result.clean) for (const worker of workers.values()) pool.giveBack(worker);
    const problems = [
      'problem' in result ? result.problem : undefined,
      stuck.length > 0 ? `Windows could not end the process of ${stuck.join(', ')}` : undefined,
    ].filter((one) => one !== undefined);
    const end: RunEnd = {
      kind: 'ended',
      run: run.id,
      how: result.how,
      lines: run.trace.lines,
      ...('step' in result && result.step !== undefined ? { step: result.step } : {}),
      ...(problems.length > 0 ? { problem: problems.join('; ') } : {}),
      ...(observed === undefined ? {} : { observed }),
    };
    run.end = end;
    writeFileSync(join(folder, run.id, 'end.json'), JSON.stringify(end));
    // Followers learn of the end by the seal, so everything else is done before it.
    this.active = undefined;
    run.trace.seal();
    log(`run ${run.id}: ${end.how}, ${end.lines} lines${end.problem ? `, ${end.problem}` : ''}`);
    this.cleaning = this.cleanUp();
    this.options.onActivity();
  }

  /**
   * A driver that is still loaded may hide or hold files. What cannot be removed now is removed
   * before the next run, or on quit.
   */
  private async cleanUp(): Promise<void> {
    // Before that, the roots may be anyone's.
    if (!this.claimed) return;
    const { pool, roots, log, limits } = this.options;
    const worker = pool.take(0);
    try {
      await emptyRoots(withTimeLimit(worker.thread(0), limits.step_ms), roots);
      pool.giveBack(worker);
    } catch (error) {
      log(`clean-up: ${error instanceof Error ? error.message : String(error)}`);
      await pool.end(worker);
    }
  }

  private find(id: string): Run {
    const known = this.runs.get(id) ?? this.earlier(id);
    if (known === undefined) throw new Refused('run-unknown', `there is no run "${id}"`);
    return known;
  }

  /** A run of an agent before this one, from its files. */
  private earlier(id: string): Run | undefined {
    const folder = join(this.options.folder, id);
    if (!/^[A-Za-z0-9-]{1,64}$/.test(id) || !existsSync(join(folder, 'trace.jsonl'))) {
      return undefined;
    }
    const trace = TraceFile.reopen(join(folder, 'trace.jsonl'));
    const endPath = join(folder, 'end.json');
    const end: RunEnd = existsSync(endPath)
      ? (JSON.parse(readFileSync(endPath, 'utf8')) as RunEnd)
      : {
          kind: 'ended',
          run: id,
          how: 'failed',
          lines: trace.lines,
          problem: 'the agent or the machine stopped while the run was under way',
        };
    const run: Run = { id, trace, state: 'ended', end };
    this.runs.set(id, run);
    return run;
  }

  /** A run that never began leaves nothing to follow, and its name is free again. */
  private forgetUnstarted(id: string): void {
    const run = this.runs.get(id);
    if (run === undefined || run.state !== 'ended' || run.trace.lines > 1) return;
    run.trace.close();
    this.runs.delete(id);
    rmSync(join(this.options.folder, id), { recursive: true, force: true });
  }
}

/** Calls that may block at the same time: each `start`, each actor's wait, and one to spare. */
function blockingCalls(workload: ExpandedWorkload, process: string): number {
  const inProcess = (actor: string): boolean => workload.processes[actor] === process;
  const starts = workload.steps.filter(
    (step) =>
      step.do !== 'barrier' && 'start' in step && step.start === true && inProcess(step.actor),
  );
  // A started call on an asynchronous handle also waits for its event.
  return 2 * starts.length + Object.keys(workload.processes).filter(inProcess).length + 1;
}

function threadsOf(
  workload: ExpandedWorkload,
  workers: ReadonlyMap<string, WorkerProcess>,
): ReadonlyMap<string, ActorThread> {
  const counts = new Map<string, number>();
  const threads = new Map<string, ActorThread>();
  for (const [actor, process] of Object.entries(workload.processes)) {
    const index = counts.get(process) ?? 0;
    counts.set(process, index + 1);
    const worker = workers.get(process);
    assert(worker !== undefined, `every process has a worker: ${process}`);
    threads.set(actor, worker.thread(index));
  }
  return threads;
}

/** What a person wrote wrongly is refused under its own code. */
function asRefusal<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof LabError) throw new Refused(error.code, error.problem);
    throw error;
  }
}
