// The machine's side of a run: put back before and after, watched meanwhile, and looked into when it dies.
// A target that lives in no machine of the lab is watched as well; it cannot be put back.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CrashRecord } from '../../contract/crash.ts';
import { isLabError, LabError } from '../../contract/errors/labError.ts';
import type { RunStage } from '../../contract/runStages.ts';
import type { AgentClient } from '../agentClient/index.ts';
import { autopsy, type Autopsy } from '../crash/autopsy.ts';
import { judge, named, type Death } from '../crash/judge.ts';
import { beginCrash, dropCrash, keepCrash } from '../crash/store.ts';
import { deathError, MachineWatch, type Pace } from '../crash/watch.ts';
import { greets } from '../ssh/index.ts';
import type { ConnectedTarget } from '../targets/index.ts';
import type { OpenedVm } from '../vm/index.ts';
import { openConsole } from './console.ts';
import {
  machineBehind,
  whenReached,
  type MachineBehind,
  type MachineRoom,
} from './machineState.ts';
import type { RunInput } from './runInput.ts';
import type { Stages } from './stages.ts';

/** A cold start of Windows after a crash included; the usual limit of taking back is too short. */
const PUT_BACK_LIMIT_MS = 360_000;

export interface MachineSideParts {
  readonly room: MachineRoom;
  readonly connect: (signal: AbortSignal) => Promise<ConnectedTarget>;
  readonly pace?: Partial<Pace> | undefined;
}

export class MachineSide {
  readonly watch: MachineWatch;
  machine: MachineBehind | undefined;
  private readonly input: RunInput;
  private readonly parts: MachineSideParts;
  private readonly stages: Stages;
  private vm: OpenedVm['vm'] | undefined;
  private target: ConnectedTarget | undefined;
  private agent: AgentClient | undefined;
  private consoleLog: string | undefined;
  private consoleProblem: string | undefined;
  private kept: CrashRecord | undefined;

  constructor(input: RunInput, stages: Stages, parts: MachineSideParts) {
    this.input = input;
    this.stages = stages;
    this.parts = parts;
    this.watch = new MachineWatch({
      driver: input.sample.manifest.driver,
      state: async (signal) => (await this.vm?.state({ signal })) ?? 'running',
      ...(parts.pace === undefined ? {} : { pace: parts.pace }),
    });
  }

  /** The log of the machine's console, once there is one. */
  get log(): string | undefined {
    return this.watch.session === undefined ? undefined : this.consoleLog;
  }

  /** What a person should know of the console. */
  get notes(): readonly string[] {
    return this.consoleProblem === undefined
      ? []
      : [`The console of the machine could not be read: ${this.consoleProblem}`];
  }

  /** Puts the machine back, where there is one, and connects. */
  async connect(signal: AbortSignal, say: (text: string) => void): Promise<ConnectedTarget> {
    const { input, parts } = this;
    this.machine = await machineBehind(input.target, parts.room, input);
    if (this.machine === undefined) {
      this.target = await parts.connect(signal);
      return this.target;
    }
    const { machine } = this;
    await this.take(machine, signal);
    say(`put ${machine.name} back${machine.snapshot ? ` to ${machine.snapshot}` : ''}`);
    await machine.putBack(signal, say);
    const target = await whenReached(machine.name, () => parts.connect(signal), signal);
    this.target = target;
    return target;
  }

  /** From here on the death of the machine ends the run. */
  arm(): void {
    const { target } = this;
    if (target === undefined) return;
    const { host, port } = target.description.ssh;
    this.watch.arm({
      // The connection looks after itself; once it is lost the server is asked anew.
      machine: async (signal) =>
        target.connection.loss === undefined || greets({ host, port }, signal),
      agent: (signal) => answers(this.agent, signal),
    });
  }

  /** The agent answers for itself until the driver is stopped. */
  watchAgent(agent: AgentClient | undefined): void {
    this.agent = agent;
  }

  /** How to take something back from the target; what dies with the machine needs no taking back. */
  undo(what: string, undo: (signal: AbortSignal) => Promise<void>): void {
    this.stages.undo(what, async (signal) => {
      if (this.watch.death === undefined) return undo(signal);
      if (this.machine?.snapshot !== undefined) return;
      throw new LabError('run.machine-failed', {
        problem: 'the machine died, and it stays there.',
        remedy: 'The next run removes it.',
      });
    });
  }

  /** True when the machine is dead, whatever `error` says; it may take the time of a silence. */
  async died(error: unknown): Promise<boolean> {
    if (this.watch.death !== undefined) return true;
    if (this.input.signal.aborted || !isLabError(error) || !/^(ssh|agent)\./.test(error.code)) {
      return false;
    }
    return this.watch.examine();
  }

  /** Looks into the dead machine and keeps what is found; once for each run. */
  async crash(stage: RunStage, run: string | null): Promise<CrashRecord> {
    if (this.kept !== undefined) return this.kept;
    const { death } = this.watch;
    if (death === undefined) throw new Error('the machine is not dead');
    const at = new Date();
    const { dataFolder } = this.input;
    const folder = await beginCrash(dataFolder);
    try {
      const found = await this.stages.run('collect', 'look into the dead machine', (progress) =>
        this.autopsy(death, at, folder, progress),
      );
      const record = this.record(found, at, stage, run);
      await this.watch.session?.flush();
      const kept = await keepCrash(dataFolder, folder, record, this.log);
      this.kept = kept.record;
      return kept.record;
    } catch (error) {
      await dropCrash(folder);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.watch.close();
  }

  private async take(machine: MachineBehind, signal: AbortSignal): Promise<void> {
    const opened = await machine.open(signal);
    this.vm = opened.vm;
    this.stages.undo(`the hold on ${machine.name}`, () => opened.close());
    this.stages.undo(`the state of the machine ${machine.name}`, () => this.putBackAfter(machine));
    await this.openConsole(opened.vm, machine);
  }

  private async putBackAfter(machine: MachineBehind): Promise<void> {
    const signal = AbortSignal.timeout(PUT_BACK_LIMIT_MS);
    this.watch.disarm();
    // Nothing to go back to: what died is at least started anew.
    if (this.watch.death !== undefined && machine.snapshot === undefined) {
      await this.vm?.powerOff({ signal });
    }
    await machine.putBack(signal, () => undefined);
    await this.close();
  }

  private async openConsole(vm: OpenedVm['vm'], machine: MachineBehind): Promise<void> {
    const { dataFolder } = this.input;
    const folder = join(dataFolder, 'debugger');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
    const logFile = join(folder, `${stamp}-${machine.name}.log`);
    this.consoleLog = logFile;
    const ended = new AbortController();
    this.stages.undo(`the console of ${machine.name}`, async () => ended.abort());
    const { description } = machine;
    const opening = openConsole({ vm, description, logFile, dataFolder, signal: ended.signal });
    // Beside the run, which goes on without: a machine that is off has no line yet.
    opening?.then(
      (session) => this.watch.attach(session),
      (error: unknown) => {
        if (!ended.signal.aborted) this.consoleProblem = String((error as Error).message);
      },
    );
  }

  private autopsy(
    death: Death,
    diedAt: Date,
    folder: string,
    progress: (text: string) => void,
  ): Promise<Autopsy> {
    const { name } = this.input.sample.manifest;
    return autopsy({
      death,
      diedAt,
      folder,
      progress: (text) => progress(`${name}: ${text}`),
      windows: this.target?.description.kind === 'windows' && this.machine !== undefined,
      session: this.watch.session,
      machine: this.vm,
      reach: (signal) =>
        whenReached(this.machine?.name ?? '', () => this.parts.connect(signal), signal),
      signal: this.input.signal,
    });
  }

  private record(found: Autopsy, at: Date, stage: RunStage, run: string | null): CrashRecord {
    const { input, watch, target } = this;
    const { manifest } = input.sample;
    const death =
      found.death.kind === 'bugcheck'
        ? { ...found.death, crash: named(found.death.crash) }
        : found.death;
    const verdict = judge({ death, driver: manifest.driver, loaded: watch.loaded, stage });
    const bugcheck = death.kind === 'bugcheck' ? death.crash : undefined;
    const stamp = at.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
    return {
      crash: 1,
      id: `${stamp}-${manifest.name}`,
      at: at.toISOString(),
      ...verdict,
      sample: manifest.name,
      variant: input.variant.name,
      workload: input.workload.expanded.name,
      target: input.target,
      machine: this.machine?.name ?? null,
      profile: input.profile ?? target?.facts.profile ?? null,
      stage,
      bugcheck:
        bugcheck === undefined
          ? null
          : {
              code: bugcheck.code ?? null,
              name: bugcheck.name,
              parameters: [...bugcheck.parameters],
              module: bugcheck.module ?? null,
              at: bugcheck.at ?? null,
              stack: [...(bugcheck.stack ?? [])],
            },
      files: [...found.files],
      missing: [...found.missing, ...this.notes],
      run,
    };
  }
}

/** No agent is no silent one. */
async function answers(agent: AgentClient | undefined, signal: AbortSignal): Promise<boolean> {
  if (agent === undefined) return true;
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(false), { once: true });
    agent.facts().then(
      () => resolve(true),
      () => resolve(false),
    );
  });
}

/** The error of a run that ended with its machine, and where what is known of it lies. */
export function crashError(record: CrashRecord, folder: string): LabError {
  const { code, problem, remedy } = deathError(record);
  return new LabError(code, {
    problem,
    remedy,
    detail: [
      `Kept as ${record.id} in ${folder}: ${[...record.files, 'crash.json'].join(', ')}.`,
      ...record.missing.map((one) => `Not collected: ${one}.`),
    ].join('\n'),
  });
}
