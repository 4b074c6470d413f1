// Whose turn it is where a workload runs as written: a step begins when the one before it has returned,
// whoever does it. An actor with several steps in a row goes on without any switch.
import type { ActingStep, ConcreteStep } from '../../contract/expandWorkload.ts';
import type { KernelEvent, Scheduler } from '../kernel/kernel.ts';
import type { MaybeLater } from '../kernel/later.ts';
import type { Thread } from '../kernel/thread.ts';

export class Turns {
  private readonly scheduler: Scheduler;
  private readonly steps: readonly ActingStep[];
  private readonly actors: ReadonlyMap<string, { readonly myTurn: KernelEvent; thread: Thread }>;
  private readonly rounds: number;
  private position = 0;

  constructor(
    scheduler: Scheduler,
    steps: readonly ConcreteStep[],
    threads: ReadonlyMap<string, Thread>,
    rounds = 1,
  ) {
    this.scheduler = scheduler;
    // As written everyone has always arrived at a barrier.
    this.steps = steps.filter((step): step is ActingStep => step.do !== 'barrier');
    this.rounds = rounds;
    this.actors = new Map(
      [...threads].map(([actor, thread]) => [
        actor,
        { myTurn: scheduler.createEvent('synchronization', false), thread },
      ]),
    );
  }

  /** The actor's next step, once the one before it has returned; null when there is none left. */
  next(actor: string): MaybeLater<ActingStep | null> {
    const step = this.at(this.position);
    return step === undefined || step.actor === actor ? (step ?? null) : this.await(actor);
  }

  private async await(actor: string): Promise<ActingStep | null> {
    for (;;) {
      const step = this.at(this.position);
      if (step === undefined) return null;
      if (step.actor === actor) return step;
      const me = this.actors.get(actor);
      const holder = this.actors.get(step.actor)?.thread;
      if (me === undefined) return null;
      await this.scheduler.waitForEvent(me.myTurn, {
        kind: 'turn',
        what: `step ${step.id} of ${step.actor}`,
        ...(holder === undefined ? {} : { holder }),
      });
    }
  }

  /** The current step has returned. */
  pass(): void {
    const before = this.at(this.position);
    this.position += 1;
    const after = this.at(this.position);
    if (after === undefined) for (const { myTurn } of this.actors.values()) myTurn.set();
    else if (after.actor !== before?.actor) this.actors.get(after.actor)?.myTurn.set();
  }

  private at(position: number): ActingStep | undefined {
    const { steps, rounds } = this;
    return position < steps.length * rounds ? steps[position % steps.length] : undefined;
  }
}
