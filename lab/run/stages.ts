// The stages of a run: each has a name, a time, progress, and a way to undo what it did. The target is
// left as it was found, whether the run ends well, fails, or is cancelled at any stage.
import type { RunStage } from '../../contract/run.ts';
import { throwIfCancelled } from '../data/cancellation.ts';
import { UndoStack } from '../data/undoStack.ts';

export type StageProgress = (stage: RunStage, text: string) => void;

export class Stages {
  readonly timings: [RunStage, number][] = [];
  private readonly undos = new UndoStack();
  private signal: AbortSignal;
  private readonly report: StageProgress;
  private readonly now: () => number;

  constructor(
    signal: AbortSignal,
    report: StageProgress,
    now: () => number = () => performance.now(),
  ) {
    this.signal = signal;
    this.report = report;
    this.now = now;
  }

  /** Runs one stage; cancelled before it or in it, the run ends with 'run.cancelled'. */
  async run<T>(
    stage: RunStage,
    text: string,
    work: (progress: (text: string) => void) => Promise<T>,
  ): Promise<T> {
    throwIfCancelled(this.signal, `the stage "${stage}"`);
    this.report(stage, text);
    const started = this.now();
    try {
      const result = await work((detail) => this.report(stage, detail));
      // A stage that does not look at the signal has still been asked to stop.
      throwIfCancelled(this.signal, `the stage "${stage}"`);
      return result;
    } finally {
      this.timings.push([stage, this.now() - started]);
    }
  }

  /** What ended the work so far is dealt with: from here on only `signal` counts. */
  goOnUnder(signal: AbortSignal): void {
    this.signal = signal;
  }

  /** Registers how to take something back; `what` names it if that fails. */
  undo(what: string, undo: (signal: AbortSignal) => Promise<void>): void {
    this.undos.push(what, undo);
  }

  /** Takes everything back, the last first. Returns what could not be, in words. */
  async unwind(): Promise<readonly string[]> {
    const failures = await this.undos.unwind();
    return failures.map(({ what, error }) => `${what}: ${error.message}`);
  }
}
