// The comparison on show: which two sides, and what the lab said about them.
import type { OpenComparison, ReportedError, SideRef } from '../../../contract/rpc.ts';
import { ask, type Lab } from '../lab.ts';

export interface Choice {
  readonly title: string;
  readonly ref: SideRef;
}

export class Comparing {
  left = $state.raw<Choice | null>(null);
  right = $state.raw<Choice | null>(null);
  opened = $state.raw<OpenComparison | null>(null);
  error = $state.raw<ReportedError | null>(null);
  working = $state(false);
  onlySpeaking = $state(false);
  /** What stands above a comparison that came by itself: whose run it is. */
  label = $state('');
  private readonly lab: Lab;
  private asked = 0;

  constructor(lab: Lab) {
    this.lab = lab;
  }

  async open(left: Choice, right: Choice, label = ''): Promise<void> {
    this.left = left;
    this.right = right;
    this.label = label;
    this.asked += 1;
    const mine = this.asked;
    this.working = true;
    const opened = await ask(this.lab.comparisons.open({ left: left.ref, right: right.ref }));
    if (mine !== this.asked) return;
    this.working = false;
    this.error = opened.ok ? null : opened.error;
    this.opened = opened.ok ? opened.value : null;
  }

  /** A kept run against what was predicted for it when it was made. */
  openRun(run: string, label = ''): Promise<void> {
    return this.open(
      { title: 'predicted', ref: { kind: 'predicted', run } },
      { title: 'observed', ref: { kind: 'observed', run } },
      label,
    );
  }
}
