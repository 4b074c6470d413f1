// The eye on a machine while a run uses it: its console, logged from the first byte, and whether anything
// still answers. What kills the run is told through one signal, whose reason says so; who waits for an
// answer of the machine listens to that signal and waits no longer.
import { setTimeout as pause } from 'node:timers/promises';
import type { DebugItem } from '../../contract/debugStream.ts';
import { LabError } from '../../contract/errors/labError.ts';
import type { Finding } from '../../contract/finding.ts';
import type { RunStage } from '../../contract/runStages.ts';
import type { VmState } from '../../contract/vm.ts';
import { answerFor, findingOfStop, type DebugSession } from '../kd/index.ts';
import { judge, type Death } from './judge.ts';

export type TraceLine = Extract<DebugItem, { kind: 'trace' }>;

export interface Pulse {
  /** Does the machine answer? Resolves with false no later than `signal` fires. */
  readonly machine: (signal: AbortSignal) => Promise<boolean>;
  /** Does the agent? Left out where none was started. */
  readonly agent?: ((signal: AbortSignal) => Promise<boolean>) | undefined;
}

export interface WatchOptions {
  readonly driver: string;
  /** Undefined for a target that lives in no machine of the lab. */
  readonly state?: ((signal: AbortSignal) => Promise<VmState>) | undefined;
  readonly pace?: Partial<Pace>;
}

export interface Pace {
  readonly beat_ms: number;
  /** Nothing for so long is silence: a machine that is merely busy answers sooner. */
  readonly silence_ms: number;
  /** What died may still say why on its console. */
  readonly lastWords_ms: number;
}

const usualPace: Pace = { beat_ms: 2_000, silence_ms: 30_000, lastWords_ms: 3_000 };

export class MachineWatch {
  readonly lines: TraceLine[] = [];
  readonly findings: Finding[] = [];
  /** Set by the pipeline: between the load and the unload of the driver, and where it is. */
  loaded = false;
  stage: RunStage = 'connect';
  private readonly options: WatchOptions;
  private readonly pace: Pace;
  private readonly dead = new AbortController();
  private readonly ended = new AbortController();
  private console: DebugSession | undefined;
  private armed = false;
  private pulse: Pulse | undefined;
  private exception: string | undefined;
  private told: Death | undefined;
  private dying: Promise<void> | undefined;

  constructor(options: WatchOptions) {
    this.options = options;
    this.pace = { ...usualPace, ...options.pace };
  }

  /** Fires when the machine has died; its reason is a LabError that says whose that is. */
  get signal(): AbortSignal {
    return this.dead.signal;
  }

  get death(): Death | undefined {
    return this.told;
  }

  get session(): DebugSession | undefined {
    return this.console;
  }

  /** How much was read beside the run, and what of it did not arrive whole. */
  get stream(): { readonly bytes: number; readonly lost: Record<string, number> } | undefined {
    if (this.console === undefined) return undefined;
    const { bytes, losses } = this.console;
    const lost = Object.entries(losses).filter(([, count]) => count > 0);
    return { bytes, lost: Object.fromEntries(lost) };
  }

  /** What was said before the machine was put back is logged and judged by nobody. */
  attach(session: DebugSession): void {
    this.console = session;
    session.onItem((item) => this.hear(item));
  }

  /** From now on what the console says, and silence, are matters of this run. */
  arm(pulse: Pulse): void {
    this.pulse = pulse;
    if (this.armed) return;
    this.armed = true;
    void this.listen();
  }

  /** The driver is gone and the machine may do what it likes. */
  disarm(): void {
    this.armed = false;
    this.ended.abort();
  }

  /**
   * A request to the machine failed: is the machine dead? Resolves when that is known, at the latest
   * after the time of a silence. True: `death` says how.
   */
  async examine(): Promise<boolean> {
    if (this.told !== undefined) return true;
    if (!this.armed || this.pulse === undefined) return false;
    const until_ms = performance.now() + this.pace.silence_ms;
    while (this.told === undefined && performance.now() < until_ms) {
      const state = await this.stopped();
      if (state !== undefined) {
        await this.die({ kind: 'stopped', state });
        break;
      }
      if (await this.beat(this.pulse.machine)) {
        await this.lastWords();
        return this.told !== undefined;
      }
      await this.wait(this.pace.beat_ms / 4);
    }
    if (this.told === undefined) await this.die(this.silent('machine', this.pace.silence_ms));
    return true;
  }

  async close(): Promise<void> {
    this.disarm();
    await this.console?.close();
  }

  private hear(item: DebugItem): void {
    if (!this.armed) return;
    switch (item.kind) {
      case 'trace':
        this.lines.push(item);
        return;
      case 'verifier-stop':
        return this.answer(item);
      case 'bugcheck':
        return void this.die({ kind: 'bugcheck', crash: item.crash });
      case 'exception':
        this.exception = `exception ${item.code.toString(16)}, ${item.chance} chance`;
        // A plain line has nobody at its end who would let the machine go on.
        if (!this.console?.canBeAsked) this.stopForDebugger();
        return;
      case 'breakpoint':
        this.exception = `breakpoint ${item.number}`;
        return;
      case 'prompt':
        if (item.open) this.stopForDebugger();
        return;
      default:
        return;
    }
  }

  private answer(stop: Extract<DebugItem, { kind: 'verifier-stop' }>): void {
    const { driver } = this.options;
    const finding = findingOfStop(stop, driver);
    if (finding !== undefined) this.findings.push(finding);
    const answer = answerFor(stop, driver);
    if (answer !== undefined) this.console?.write(`${answer}\n`);
  }

  private stopForDebugger(): void {
    void this.die({ kind: 'debugger', told: this.exception ?? 'a prompt that nobody asked for' });
  }

  private async listen(): Promise<void> {
    let machine_ms = performance.now();
    let agent_ms = machine_ms;
    while (this.told === undefined && this.armed) {
      await this.wait(this.pace.beat_ms);
      const { pulse } = this;
      if (pulse === undefined || !this.armed) return;
      const alive = await this.beat(pulse.machine);
      const agentAlive = alive && (pulse.agent === undefined || (await this.beat(pulse.agent)));
      const now_ms = performance.now();
      if (alive) machine_ms = now_ms;
      // A machine that is silent has a silent agent; it is not the agent's then.
      if (agentAlive || !alive) agent_ms = now_ms;
      const state = alive ? undefined : await this.stopped();
      if (state !== undefined) await this.die({ kind: 'stopped', state });
      else if (now_ms - machine_ms > this.pace.silence_ms)
        await this.die(this.silent('machine', now_ms - machine_ms));
      else if (now_ms - agent_ms > this.pace.silence_ms)
        await this.die(this.silent('agent', now_ms - agent_ms));
    }
  }

  private silent(of: 'machine' | 'agent', silent_ms: number): Death {
    return { kind: 'silence', of, silent_ms: Math.round(silent_ms) };
  }

  private async stopped(): Promise<StoppedState | undefined> {
    const { state } = this.options;
    if (state === undefined) return undefined;
    const now = await state(this.limit()).catch(() => undefined);
    return now === 'running' || now === 'changing' ? undefined : now;
  }

  private async beat(ask: (signal: AbortSignal) => Promise<boolean>): Promise<boolean> {
    // A pulse that cannot be taken is none.
    return ask(this.limit()).catch(() => false);
  }

  private limit(): AbortSignal {
    return AbortSignal.any([AbortSignal.timeout(this.pace.silence_ms / 3), this.ended.signal]);
  }

  private wait(wait_ms: number): Promise<void> {
    const signal = AbortSignal.any([this.ended.signal, this.dead.signal]);
    return pause(wait_ms, undefined, { signal }).catch(() => undefined);
  }

  /** A bugcheck is told in words before and after everything else falls silent: they count most. */
  private async lastWords(): Promise<void> {
    if (this.console !== undefined) await this.wait(this.pace.lastWords_ms);
  }

  private die(death: Death): Promise<void> {
    if (this.told?.kind === 'bugcheck' || !this.armed) return Promise.resolve();
    if (death.kind === 'bugcheck') {
      this.told = death;
      this.tell();
      return Promise.resolve();
    }
    this.dying ??= this.dieAfterLastWords(death);
    return this.dying;
  }

  private async dieAfterLastWords(death: Death): Promise<void> {
    await this.lastWords();
    // What the console said meanwhile has been told already.
    if (this.told !== undefined || !this.armed) return;
    this.told = death;
    this.tell();
  }

  private tell(): void {
    const { told, loaded, stage } = this;
    if (told === undefined) return;
    const { driver } = this.options;
    const verdict = judge({ death: told, driver, loaded, stage });
    this.dead.abort(deathError(verdict));
  }
}

type StoppedState = Extract<Death, { kind: 'stopped' }>['state'];

const codes = {
  'your driver': 'run.crashed',
  'your lab': 'run.machine-failed',
  'our bug': 'run.agent-silent',
} as const;

const remedies = {
  'your driver': 'Read the crash: its stack and the log of the console are kept with it.',
  'your lab': 'Look at the machine and its console; then repeat the run.',
  'our bug': 'Report it with the log of the run; then repeat it.',
} as const;

export const deathError = ({
  title,
  whose,
  because,
}: Pick<ReturnType<typeof judge>, 'title' | 'whose' | 'because'>): LabError =>
  new LabError(codes[whose], {
    problem: `The machine died under the run: ${title} (${because}).`,
    remedy: remedies[whose],
  });
