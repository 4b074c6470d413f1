// Carries out the steps of a workload on simulated threads: one for each actor, as written or freely,
// and brings everything to an end.
import type { ActingStep, ConcreteStep, ExpandedWorkload } from '../../contract/expandWorkload.ts';
import { ntClose, ntUnmapViewOfSection, type IoCore } from '../io/index.ts';
import type { KernelEvent } from '../kernel/kernel.ts';
import { isLater, type MaybeLater } from '../kernel/later.ts';
import type { Machine } from '../kernel/machine.ts';
import type { Process, Thread } from '../kernel/thread.ts';
import { afterStep } from './issueCall.ts';
import { Meetings } from './meetings.ts';
import { Names } from './names.ts';
import { performStep } from './performStep.ts';
import { tellStep, type Filters, type Stage, type StepOutcome } from './stage.ts';
import { Turns } from './turns.ts';

/** At the end: how long requests that are about to complete are given, in simulated time. */
const SETTLE_100NS = 2_500_000n;
/** Rounds of letting everybody run between two steps: a thread that never blocks must not hang us. */
const SETTLE_ROUNDS_MAX = 10_000;

/**
 * Runs on a simulated thread of its own, from the first step to the last handle closed. What completes
 * only because handles are closed at the end is not the workload's doing and is not told.
 */
export async function runWorkload(
  machine: Machine,
  io: IoCore,
  workload: ExpandedWorkload,
  rounds = 1,
  filters?: Filters,
): Promise<void> {
  await new WorkloadRun(machine, io, workload, { rounds, filters }).run();
}

class WorkloadRun {
  private readonly machine: Machine;
  private readonly io: IoCore;
  private readonly workload: ExpandedWorkload;
  private readonly rounds: number;
  private readonly stage: Stage;
  private readonly processes = new Map<string, Process>();
  /** Set when the workload is over: the threads of the actors stay until then. */
  private readonly over: KernelEvent;

  constructor(
    machine: Machine,
    io: IoCore,
    workload: ExpandedWorkload,
    { rounds, filters }: { readonly rounds: number; readonly filters: Filters | undefined },
  ) {
    this.rounds = rounds;
    this.machine = machine;
    this.io = io;
    this.workload = workload;
    this.over = machine.scheduler.createEvent('notification', false);
    this.stage = {
      machine,
      services: { io, handles: io.handles },
      names: new Names(workload.volumes[0] ?? ''),
      tellsCompletions: true,
      filters,
      messages: new Map(),
      startedThreads: new Set(),
    };
  }

  async run(): Promise<void> {
    const { scheduler } = this.machine;
    const done: KernelEvent[] = [];
    const threads = new Map<string, Thread>();
    const turns = { current: null as Turns | null };
    const meetings = new Meetings(scheduler);
    for (const [actor, processName] of Object.entries(this.workload.processes)) {
      const finished = scheduler.createEvent('notification', false);
      done.push(finished);
      const thread = scheduler.createThread(this.process(processName), actor, async () => {
        if (turns.current !== null) await this.actAsWritten(actor, thread, turns.current);
        else await this.actFreely(actor, thread, meetings);
        finished.set();
        await scheduler.waitForEvent(this.over, { kind: 'workload', what: 'the end' });
      });
      threads.set(actor, thread);
    }
    if (this.workload.order === 'written') {
      turns.current = new Turns(scheduler, this.workload.steps, threads, this.rounds);
    }
    for (const finished of done) {
      await scheduler.waitForEvent(finished, { kind: 'workload', what: 'the actors' });
    }
    await this.finish();
    this.over.set();
  }

  private process(name: string): Process {
    let process = this.processes.get(name);
    if (process === undefined) {
      process = this.machine.scheduler.createProcess(name, this.workload.privileges?.[name]);
      this.processes.set(name, process);
    }
    return process;
  }

  private async actAsWritten(actor: string, thread: Thread, turns: Turns): Promise<void> {
    for (;;) {
      const next = turns.next(actor);
      const step = isLater(next) ? await next : next;
      if (step === null) return;
      const performed = this.perform(step, thread);
      if (performed !== undefined) await performed;
      turns.pass();
    }
  }

  private async actFreely(actor: string, thread: Thread, meetings: Meetings): Promise<void> {
    const isMine = (step: ConcreteStep): boolean =>
      step.do === 'barrier' ? step.actors.includes(actor) : step.actor === actor;
    const mine = this.workload.steps.filter(isMine);
    for (let round = 0; round < this.rounds; round += 1) {
      for (const step of mine) {
        if (step.do !== 'barrier') await this.perform(step, thread);
        else
          await meetings.arrive(
            round === 0 ? step.id : `${step.id} of round ${round + 1}`,
            step.actors.length,
          );
      }
    }
  }

  private perform(step: ActingStep, thread: Thread): MaybeLater<void> {
    thread.actor = step.actor;
    thread.step = step.id;
    thread.because.length = 0;
    const outcome = performStep(this.stage, { step, process: thread.process });
    return isLater(outcome)
      ? outcome.then((result) => this.performed(step, thread, result))
      : this.performed(step, thread, outcome);
  }

  private performed(step: ActingStep, thread: Thread, outcome: StepOutcome): MaybeLater<void> {
    const { scheduler } = this.machine;
    tellStep(this.stage, step, outcome);
    if (outcome.request !== undefined) afterStep(this.stage, outcome.request);
    thread.actor = null;
    thread.step = null;
    scheduler.noteProgress();
    if (scheduler.othersReady) return this.letOthersRun();
  }

  /**
   * What a step has set going comes to rest before the next one, as far as it can: threads take their
   * APCs, workers do their work. Another seed chooses otherwise.
   */
  private async letOthersRun(): Promise<void> {
    const { scheduler, isPlainSchedule } = this.machine;
    const rounds = isPlainSchedule && this.workload.order === 'written' ? SETTLE_ROUNDS_MAX : 1;
    for (let round = 0; round < rounds && scheduler.othersReady; round += 1) {
      await scheduler.yieldToOthers();
    }
  }

  private async comeToRest(): Promise<void> {
    const { scheduler } = this.machine;
    for (let round = 0; round < SETTLE_ROUNDS_MAX && scheduler.othersReady; round += 1) {
      await scheduler.yieldToOthers();
    }
  }

  private async finish(): Promise<void> {
    const { names } = this.stage;
    const { scheduler } = this.machine;
    await this.comeToRest();
    for (const request of names.pending()) {
      await scheduler.waitForEvent(request.event, untold(request.name), SETTLE_100NS);
    }
    this.stage.tellsCompletions = false;
    // A call that still blocks holds the lock of its file object, and closing would wait for it.
    await this.cancelWhere((thread) => this.stage.startedThreads.has(thread));
    for (const view of names.mappedViews()) {
      await this.inProcess(view.process, () => ntUnmapViewOfSection(this.stage.services, view));
    }
    for (const handle of names.openHandles()) {
      await this.inProcess(handle.process, () => ntClose(this.stage.services, handle.value));
    }
    await this.comeToRest();
    await this.cancelWhere(() => true);
    for (const request of names.pending()) {
      await scheduler.waitForEvent(request.event, untold(request.name));
    }
    await this.comeToRest();
  }

  /** What the end of a thread does to its requests (IoCancelThreadIo). */
  private async cancelWhere(isMeant: (thread: Thread) => boolean): Promise<void> {
    const processes = [...this.processes.values()];
    for (const irp of [...this.io.outstanding]) {
      if (processes.includes(irp.thread.process) && isMeant(irp.thread))
        await this.io.cancelIrp(irp);
    }
    await this.comeToRest();
  }

  /** On a thread of the process whose handle or view it is. */
  private async inProcess(process: Process, work: () => MaybeLater<unknown>): Promise<void> {
    const { scheduler } = this.machine;
    const done = scheduler.createEvent('notification', false);
    scheduler.createThread(process, 'end', async () => {
      await work();
      done.set();
    });
    await scheduler.waitForEvent(done, { kind: 'workload', what: 'what is left open' });
  }
}

const untold = (name: string): { readonly kind: string; readonly what: string } => ({
  kind: 'request',
  what: `completion of ${name}, at the end of the workload`,
});
