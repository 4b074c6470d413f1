// The entry: one driver image, one workload, one profile, one seed → one prediction. A pure function:
// the same input gives the same bytes.
import { assert } from '../contract/assert.ts';
import { evaluateExpectations } from '../contract/expectations.ts';
import type { ExpandedWorkload } from '../contract/expandWorkload.ts';
import type { Bugcheck, ExpectationMiss, Outcome, Prediction } from '../contract/prediction.ts';
import type { ProfileName } from '../contract/profiles.ts';
import type { EvidenceGrade, RuleId } from '../contract/rules.ts';
import type { Stack, VolumeStack } from '../contract/stack.ts';
import type { TraceEvent } from '../contract/trace.ts';
import { bugCheckName } from '../contract/windows/index.ts';
import { driverRoom, type DriverInput, type LoadResult } from './driver/index.ts';
import { createFileSystem } from './file-system/index.ts';
import { IoCore } from './io/index.ts';
import type { IoManager } from './io/ioManager.ts';
import { BugcheckSignal, HangSignal, NotModelledSignal, type Kernel } from './kernel/kernel.ts';
import { Machine } from './kernel/machine.ts';
import { PlainMemory, type Memory } from './kernel/memory.ts';
import { gradeOf } from './rules/grades.ts';
import { profileOf } from './windows/profiles.ts';
import { performSetUp, runWorkload } from './workload/index.ts';

export interface SimulationInput {
  readonly workload: ExpandedWorkload;
  readonly profile: ProfileName;
  /** 0: the plain schedule. Any other seed drives the choices of the scheduler. */
  readonly seed: number;
  readonly sample: string;
  readonly variant: string;
  /** Left out: the volumes as they are, without any filter of ours. */
  readonly driver?: DriverInput | undefined;
  /** Takes the events as they come; the prediction then holds none (nor misses of expectations). */
  readonly onEvent?: ((event: TraceEvent) => void) | undefined;
  /** How often the steps are carried out, one round after the other; once when left out. */
  readonly rounds?: number | undefined;
  /** A debugger: gets the machine before anything runs. */
  readonly attach?: ((machine: Machine, io: IoCore) => void) | undefined;
}

/** What the driver room does for a simulation. */
export interface DriverRoom {
  /** Before anything is allocated: the memory that images and kernel share. */
  createMemory(): Memory;
  /**
   * On the calling simulated thread of the System process, at PASSIVE_LEVEL. `stack`: what stands on
   * the volumes; the plain stack when left out.
   */
  loadDriver(kernel: Kernel, io: IoManager, input: DriverInput, stack?: Stack): Promise<LoadResult>;
}

/** How it ended, before it is put together with what was seen. */
interface End {
  readonly outcome: Outcome;
  readonly bugcheck?: Bugcheck;
  readonly notModelled?: string;
  readonly waitGraph?: string[];
}

/** Throws LabError `workload.invalid` where the workload cannot be carried out; our bugs otherwise. */
export async function simulate(
  input: SimulationInput,
  room: DriverRoom = driverRoom,
): Promise<Prediction> {
  return new Simulation(input, room).run();
}

class Simulation {
  private readonly input: SimulationInput;
  private readonly room: DriverRoom;
  private readonly machine: Machine;
  private readonly io: IoCore;
  private readonly events: TraceEvent[] = [];
  private readonly rules = new Set<RuleId>();
  private loaded: LoadResult | null = null;
  private stacks: readonly VolumeStack[] | undefined;

  constructor(input: SimulationInput, room: DriverRoom) {
    this.input = input;
    this.room = room;
    this.machine = new Machine({
      profile: profileOf(input.profile),
      memory: input.driver === undefined ? new PlainMemory() : room.createMemory(),
      seed: input.seed,
      onEvent: (event) => this.keep(event),
      gradeOf: (rule) => gradeOf(rule, input.profile),
    });
    this.io = new IoCore(this.machine);
    const { stack } = input.workload;
    if (stack !== undefined) this.io.reparseWithoutName = stack.reparseWithoutName;
    input.attach?.(this.machine, this.io);
  }

  async run(): Promise<Prediction> {
    const { scheduler } = this.machine;
    scheduler.createThread(scheduler.systemProcess, 'lab', () => this.carryOut());
    return this.prediction(await this.end());
  }

  private async carryOut(): Promise<void> {
    const { machine, io, input } = this;
    this.mountVolumes();
    await performSetUp(machine, io, input.workload);
    const loaded = await this.loadDriver();
    if (loaded?.kind === 'failed') return;
    await runWorkload(machine, io, input.workload, input.rounds, loaded?.driver);
    this.stacks = loaded?.driver.stacks();
    await loaded?.driver.unload();
  }

  private async loadDriver(): Promise<LoadResult | null> {
    const { driver, workload } = this.input;
    if (driver === undefined) return null;
    this.loaded = await this.room.loadDriver(this.machine, this.io, driver, workload.stack);
    return this.loaded;
  }

  private mountVolumes(): void {
    const { profile } = this.machine;
    const first = profile.hiddenSystemPartition ? 2 : 1;
    this.input.workload.volumes.forEach((volumeName, index) => {
      const deviceName = `\\Device\\HarddiskVolume${first + index}`;
      this.io.addVolume(createFileSystem(this.machine, this.io, { volumeName, deviceName }));
    });
  }

  private async end(): Promise<End> {
    try {
      const end = await this.machine.scheduler.run();
      if (end.kind === 'hang') return { outcome: 'hang', waitGraph: [...end.waitGraph] };
      return { outcome: this.loaded?.kind === 'failed' ? 'load-failed' : 'completed' };
    } catch (error) {
      // The boundary of a simulation: what ends it early is its result; anything else is our bug.
      if (error instanceof BugcheckSignal) return this.bugchecked(error);
      if (error instanceof HangSignal) return { outcome: 'hang', waitGraph: [...error.lines] };
      if (error instanceof NotModelledSignal) {
        return { outcome: 'not-modelled', notModelled: error.what };
      }
      throw error;
    }
  }

  private bugchecked({ code, parameters }: BugcheckSignal): End {
    const bugcheck = { code, name: bugCheckName(code), parameters: [...parameters] };
    this.machine.trace.emit({ kind: 'bugcheck', ...bugcheck });
    return { outcome: 'bugcheck', bugcheck };
  }

  private keep(event: TraceEvent): void {
    if (event.rules !== undefined) for (const rule of event.rules) this.rules.add(rule);
    if (this.input.onEvent === undefined) this.events.push(event);
    else this.input.onEvent(event);
  }

  private misses({ outcome }: End): ExpectationMiss[] {
    if (this.input.onEvent !== undefined) return [];
    const endedEarly = outcome !== 'completed';
    return evaluateExpectations(this.input.workload, this.events, { endedEarly });
  }

  private prediction(end: End): Prediction {
    const { input, machine, events } = this;
    const findings = [...machine.reported()];
    for (const { rules } of findings) for (const rule of rules) this.rules.add(rule);
    // One that ended early stands as it was left.
    if (this.loaded?.kind === 'loaded') this.stacks ??= this.loaded.driver.stacks();
    const coverage =
      this.loaded?.kind === 'loaded' ? this.loaded.driver.coverage() : this.loaded?.coverage();
    return {
      prediction: 1,
      sample: input.sample,
      variant: input.variant,
      workload: input.workload.name,
      profile: input.profile,
      seed: input.seed,
      ...end,
      findings,
      expectations: this.misses(end),
      events,
      ...(this.stacks === undefined ? {} : { stacks: [...this.stacks] }),
      coverage: [...(coverage ?? [])],
      evidence: [...this.rules].map((rule): [RuleId, EvidenceGrade] => {
        const grade = gradeOf(rule, input.profile);
        assert(grade !== undefined, `${rule} is not in the rule book`);
        return [rule, grade];
      }),
    };
  }
}
