// Runs the steps of a workload: as written, one after another whoever does them; or freely, each actor
// in its own order with barriers between. All names live here; the threads are given plain values.
import { assert } from '../../contract/assert.ts';
import {
  makesHandle,
  type ActingStep,
  type ConcreteStep,
  type ExpandedWorkload,
} from '../../contract/expandWorkload.ts';
import { ntSuccess } from '../../contract/windows/index.ts';
import { WorkerLostError } from '../process/workerProcess.ts';
import type {
  ActorThread,
  Answer,
  Ask,
  Completion,
  NativeStep,
  RequestMemory,
} from '../thread/messages.ts';
import { Barriers } from './barriers.ts';
import { Names, NO_HANDLE, type OpenRequest } from './names.ts';
import { joinRoot, relativeName, volumeName, type Roots } from './roots.ts';
import type { Observation } from '../observer/observation.ts';
import type { Doer, TraceWriter } from './traceWriter.ts';

export interface RunLimits {
  /** How long a call may take before it counts as hung; a wait has its own limit on top. */
  readonly step_ms: number;
  /** At the end: how long requests that are about to complete are given. */
  readonly settle_ms: number;
}

export interface RunSurroundings {
  readonly roots: Roots;
  /** The thread of each actor. */
  readonly threads: ReadonlyMap<string, ActorThread>;
  readonly trace: TraceWriter;
  /** What the observer sees, where it is asked. */
  readonly observation?: Pick<Observation, 'collect'> | undefined;
  readonly limits: RunLimits;
  readonly signal: AbortSignal;
}

export type Ending =
  | { readonly how: 'completed' }
  | { readonly how: 'aborted' }
  | { readonly how: 'hung' | 'failed'; readonly step?: string; readonly problem: string };

/** Whether everything was given back, so that the processes can serve another run. */
export type RunResult = Ending & { readonly clean: boolean };

/** Never rejects: whatever goes wrong is how the run ended. */
export async function runWorkload(
  workload: ExpandedWorkload,
  surroundings: RunSurroundings,
): Promise<RunResult> {
  return new Run(workload, surroundings).run();
}

class StepFailure extends Error {
  readonly ending: Ending;

  constructor(ending: Ending) {
    super(ending.how);
    this.ending = ending;
  }
}

function failureOf(step: string, error: unknown): StepFailure {
  const why = error instanceof Error ? error.message : String(error);
  const lost = error instanceof WorkerLostError ? 'the process of its actor was lost: ' : '';
  return new StepFailure({ how: 'failed', step, problem: `${lost}${why}` });
}

class Run {
  private readonly workload: ExpandedWorkload;
  private readonly around: RunSurroundings;
  private readonly names: Names;
  private readonly barriers = new Barriers();
  private ended = false;

  constructor(workload: ExpandedWorkload, around: RunSurroundings) {
    this.workload = workload;
    this.around = around;
    this.names = new Names(workload.volumes[0] ?? '');
  }

  async run(): Promise<RunResult> {
    try {
      await (this.workload.order === 'written' ? this.runWritten() : this.runFree());
      return { how: 'completed', clean: await this.finish() };
    } catch (error) {
      // The boundary of a run. Nothing is known of the processes after this: they are ended.
      this.ended = true;
      return { ...this.endingOf(error), clean: false };
    }
  }

  private endingOf(error: unknown): Ending {
    if (this.around.signal.aborted) return { how: 'aborted' };
    if (error instanceof StepFailure) return error.ending;
    return { how: 'failed', problem: error instanceof Error ? error.message : String(error) };
  }

  private async runWritten(): Promise<void> {
    for (const step of this.workload.steps) {
      // In written order everyone has always arrived.
      if (step.do !== 'barrier') await this.perform(step);
    }
  }

  private async runFree(): Promise<void> {
    const actors = Object.keys(this.workload.processes);
    // The first failure ends the run; the others are then stuck or refused, which nobody waits for.
    await Promise.all(actors.map((actor) => this.runActor(actor)));
  }

  private async runActor(actor: string): Promise<void> {
    const mine = (step: ConcreteStep): boolean =>
      step.do === 'barrier' ? step.actors.includes(actor) : step.actor === actor;
    for (const step of this.workload.steps.filter(mine)) {
      this.around.signal.throwIfAborted();
      if (step.do === 'barrier') await this.barriers.arrive(step.id, step.actors.length);
      else await this.perform(step);
    }
  }

  private async perform(step: ActingStep): Promise<void> {
    const doer = { step, process: this.workload.processes[step.actor] ?? step.actor };
    const target = 'request' in step ? this.names.request(step.request) : undefined;
    const pending = this.names.pending(step.actor);
    const watched =
      target === undefined || pending.includes(target) ? pending : [...pending, target];
    for (const request of watched) request.users += 1;
    const answer = await this.ask(step, {
      step: this.nativeStep(step, target),
      pending: watched.map((request) => request.memory),
      release: this.toRelease(doer.process),
    });
    for (const request of watched) request.users -= 1;
    // Another actor may have ended the run meanwhile; its trace is closed.
    if (this.ended) return;
    // Actors that run side by side do their steps at the same time: nothing says whose it was.
    this.around.observation?.collect(this.workload.order === 'written' ? doer : null);
    this.tellCompletions(watched, answer.completed);
    this.around.trace.step(doer, answer.outcome);
    this.remember(doer, answer, target);
  }

  private nativeStep(step: ActingStep, target: OpenRequest | undefined): NativeStep {
    const handle =
      (step.do === 'cancel' && step.request !== undefined) || step.do === 'on-break'
        ? this.names.handleOfRequest(step.request)
        : this.names.handle('handle' in step ? step.handle : undefined);
    const root = this.names.handle('root' in step ? step.root : undefined);
    return {
      step,
      handle: handle?.value ?? NO_HANDLE,
      root: 'root' in step && step.root !== undefined ? (root?.value ?? NO_HANDLE) : 0,
      name: this.objectName(step),
      ...(step.do === 'create' && step.byId !== undefined
        ? { byId: this.names.handle(step.byId)?.value ?? NO_HANDLE }
        : {}),
      synchronous: handle?.synchronous ?? false,
      ...this.viewOf(step),
      request: target?.memory ?? null,
      ...(step.do === 'on-break'
        ? {
            completed: this.names.madeRequest(step.request)?.completion ?? null,
            oplock: this.names.levelOfRequest(step.request),
          }
        : {}),
    };
  }

  private viewOf(step: ActingStep): Pick<NativeStep, 'view'> {
    const named =
      'view' in step ? step.view : step.do === 'map-view' ? step.address?.view : undefined;
    const view = named === undefined ? undefined : this.names.view(named);
    return view === undefined ? {} : { view };
  }

  private objectName(step: ActingStep): string {
    const path = 'path' in step ? step.path : 'to' in step ? step.to : undefined;
    if (path === undefined) return '';
    const relative =
      ('root' in step && step.root !== undefined) ||
      ('simple' in step && step.simple === true) ||
      this.isStreamRename(step, path);
    if (relative) return relativeName(path);
    const volume = this.names.volume(step);
    if (step.do === 'create' && step.volumeItself === true) {
      return volumeName(this.around.roots, volume);
    }
    return joinRoot(this.around.roots, volume, path);
  }

  /** A new name of a stream is its own and says nothing of the file (R-IO-19). */
  private isStreamRename(step: ActingStep, path: string): boolean {
    return step.do === 'rename' && path.startsWith(':');
  }

  private async ask(step: ActingStep, ask: Ask<'perform'>): Promise<Answer<'perform'>> {
    const limit_ms = this.around.limits.step_ms + (step.do === 'wait' ? step.limit_ms : 0);
    const asked = this.thread(step.actor).ask('perform', ask);
    try {
      return await this.inTime(asked, limit_ms, `the call of step "${step.id}" (${step.do})`);
    } catch (error) {
      // Says which step it was; the run itself is ended by run().
      if (!(error instanceof StepFailure)) throw failureOf(step.id, error);
      const { ending } = error;
      throw new StepFailure(ending.how === 'hung' ? { ...ending, step: step.id } : ending);
    }
  }

  /** The answer, unless the limit or an abort comes first. */
  private async inTime<T>(asked: Promise<T>, limit_ms: number, what: string): Promise<T> {
    const { signal } = this.around;
    let timer: NodeJS.Timeout | undefined;
    let stop = (): void => undefined;
    const interrupted = new Promise<never>((_resolve, reject) => {
      const problem = `${what} has not returned within ${limit_ms} ms`;
      timer = setTimeout(() => reject(new StepFailure({ how: 'hung', problem })), limit_ms);
      stop = () => reject(new StepFailure({ how: 'aborted' }));
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
    });
    try {
      return await Promise.race([asked, interrupted]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }

  private thread(actor: string): ActorThread {
    const thread = this.around.threads.get(actor);
    assert(thread !== undefined, `every actor has a thread: ${actor}`);
    return thread;
  }

  private remember(
    doer: Doer,
    { outcome, own }: Answer<'perform'>,
    target: OpenRequest | undefined,
  ): void {
    const { step } = doer;
    if (makesHandle(step) && outcome.request === undefined) {
      this.names.created(doer, ntSuccess(outcome.status) ? outcome.handle : undefined);
    }
    if (step.do === 'map-view') this.names.mapped(step.as, doer.process, outcome.view);
    if (step.do === 'unmap-view') this.names.mapped(step.view, doer.process, undefined);
    if (step.do === 'close' && ntSuccess(outcome.status)) this.names.closed(step.handle);
    const mayRequest =
      'start' in step || ['notify', 'read', 'write', 'request-oplock'].includes(step.do);
    if (!mayRequest && outcome.request === undefined) return;
    const request = this.names.issuedRequest(doer, outcome.request);
    if (request !== undefined && step.do === 'on-break' && target !== undefined) {
      request.awaits = target;
      target.users += 1;
    }
    if (request !== undefined && own !== null) this.complete(request, own, true);
  }

  private tellCompletions(
    requests: readonly OpenRequest[],
    completed: readonly (Completion | null)[],
  ): void {
    requests.forEach((request, index) => {
      const completion = completed[index];
      if (completion) this.complete(request, completion, false);
    });
  }

  /** Two actors may see the same completion; it is told once. */
  private complete(request: OpenRequest, completion: Completion, immediate: boolean): void {
    if (request.state !== 'pending') return;
    this.end(request);
    const { step } = request.doer;
    if (step.do === 'create') this.names.created(request.doer, completion.handle);
    if (step.do === 'request-oplock' || step.do === 'on-break') request.completion = completion;
    if (completion.untold === true) return;
    if (step.do === 'on-break' && step.reply === 'close' && ntSuccess(completion.status)) {
      const closed = this.names.handleNameOfRequest(step.request);
      if (closed !== undefined) this.names.closed(closed);
    }
    this.around.trace.completion(request.doer, request.name, completion, immediate);
  }

  private end(request: OpenRequest): void {
    request.state = 'completed';
    if (request.awaits !== undefined) request.awaits.users -= 1;
  }

  /** Memory that the next question to this process gives back. */
  private toRelease(process: string): readonly RequestMemory[] {
    return this.names.takeReleasable(process).map((request) => request.memory);
  }

  /**
   * The end of the workload: what is about to complete is given a moment and told in the order of
   * issue; then every handle is closed in the order of opening. What completes only because of that is
   * not the workload's doing and is not told. True when nothing is left.
   */
  private async finish(): Promise<boolean> {
    const { settle_ms } = this.around.limits;
    await this.settle(settle_ms, (request, completion) =>
      this.complete(request, completion, false),
    );
    await this.cancelBlocked();
    for (const { view, process } of this.names.takeViews()) {
      const unmapped = this.anyThread(process).ask('unmap', { views: [view] });
      const what = 'unmapping a view at the end of the run';
      await this.inTime(unmapped, this.around.limits.step_ms, what);
    }
    for (const handle of this.names.takeOpenHandles()) {
      // A call that even so does not return holds the lock of its file object, and closing would wait
      // for it: the end of its process closes the handles instead.
      if (this.names.blocked(handle.process).length > 0) continue;
      const closed = this.anyThread(handle.process).ask('close', { handles: [handle.value] });
      const what = 'closing a handle at the end of the run';
      await this.inTime(closed, this.around.limits.step_ms, what);
    }
    await this.settle(settle_ms, (request) => this.end(request));
    for (const process of this.processes) {
      await this.anyThread(process).ask('release', { requests: this.toRelease(process) });
    }
    return this.names.pending().length === 0;
  }

  private async cancelBlocked(): Promise<void> {
    const blocked = this.processes.flatMap((process) => this.names.blocked(process));
    if (blocked.length === 0) return;
    for (const { doer, handle, memory } of blocked) {
      const requests = [{ handle, block: memory.ioStatusBlock }];
      await this.anyThread(doer.process).ask('cancel', { requests });
    }
    await this.settle(this.around.limits.settle_ms, (request, { handle }) => {
      this.end(request);
      // A create that got through after all has a handle to close.
      this.names.created(request.doer, handle);
    });
  }

  private get processes(): readonly string[] {
    return [...new Set(Object.values(this.workload.processes))];
  }

  private async settle(
    limit_ms: number,
    tell: (request: OpenRequest, completion: Completion) => void,
  ): Promise<void> {
    const pending = this.names.pending();
    const seen = new Map<OpenRequest, Completion>();
    const actors = [...new Set(pending.map((request) => request.doer.step.actor))];
    const look = async (actor: string): Promise<void> => {
      const mine = pending.filter((request) => request.doer.step.actor === actor);
      const memories = mine.map((request) => request.memory);
      const asked = this.thread(actor).ask('settle', { pending: memories, limit_ms });
      const what = 'looking for completions at the end of the run';
      const { completed } = await this.inTime(asked, limit_ms + this.around.limits.step_ms, what);
      mine.forEach((request, index) => {
        const completion = completed[index];
        if (completion) seen.set(request, completion);
      });
    };
    await Promise.all(actors.map(look));
    for (const request of pending) {
      const completion = seen.get(request);
      if (completion !== undefined) tell(request, completion);
    }
  }

  private anyThread(process: string): ActorThread {
    const actor = Object.entries(this.workload.processes).find(([, one]) => one === process)?.[0];
    assert(actor !== undefined, `every process has an actor: ${process}`);
    return this.thread(actor);
  }
}
