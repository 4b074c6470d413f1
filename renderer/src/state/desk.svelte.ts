// What is being worked on: one driver with its files and edits, and the prediction of it as it stands.
import type { Prediction } from '../../../contract/prediction.ts';
import type { ProfileName } from '../../../contract/profiles.ts';
import type {
  CallbackSummary,
  EditedFile,
  LostFolder,
  PredictionRef,
  ReportedError,
  SampleSummary,
  SourceDiagnostic,
  SourceFile,
} from '../../../contract/rpc.ts';
import type { TraceEvent } from '../../../contract/trace.ts';
import { ask, type Lab } from '../lab.ts';
import { tooLarge } from '../tooLarge.ts';
import { listProblems, type Problem } from '../editor/problems.ts';

/** A place in the source that is to be shown; a new object each time it is asked for. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column?: number | undefined;
}

/** A prediction that was made, with what belongs to it. */
export interface Shown {
  readonly prediction: Prediction;
  readonly handle: string;
  readonly total: number;
  readonly callbacks: readonly CallbackSummary[];
  readonly took_ms: number;
  readonly cached: boolean;
}

/** Long enough to be a pause in typing, short enough to be felt as at once. */
const PAUSE_ms = 250;

export class Desk {
  samples = $state.raw<readonly SampleSummary[]>([]);
  lost = $state.raw<readonly LostFolder[]>([]);
  sample = $state.raw<SampleSummary | null>(null);
  variant = $state('');
  workload = $state('');
  profile = $state<ProfileName>('win7');
  seed = $state(0);
  files = $state.raw<readonly SourceFile[]>([]);
  shown = $state.raw<Shown | null>(null);
  diagnostics = $state.raw<readonly SourceDiagnostic[]>([]);
  /** Why there is no prediction of the source as it stands. */
  failure = $state.raw<ReportedError | null>(null);
  /** Why nothing can be said at all. */
  error = $state.raw<ReportedError | null>(null);
  working = $state(false);
  place = $state.raw<Place | null>(null);
  /** The event that every view shows. */
  selected = $state.raw<TraceEvent | null>(null);
  /** By sample, so that looking at another one loses nothing. */
  edits = $state.raw<Readonly<Record<string, readonly EditedFile[]>>>({});

  readonly edited: readonly EditedFile[] = $derived(this.edits[this.sample?.id ?? ''] ?? []);
  readonly problems: readonly Problem[] = $derived(
    listProblems(
      this.diagnostics,
      this.failure === null ? (this.shown?.prediction.findings ?? []) : [],
    ),
  );
  readonly stale: boolean = $derived(this.working || this.failure !== null);

  readonly lab: Lab;
  private pause: ReturnType<typeof setTimeout> | undefined;
  private running: AbortController | null = null;

  constructor(lab: Lab) {
    this.lab = lab;
  }

  /** Reads the list anew; opens the first, or `wanted`, when none is open. */
  async load(wanted?: string): Promise<void> {
    const listed = await ask(this.lab.samples.list());
    if (!listed.ok) {
      this.error = listed.error;
      return;
    }
    this.samples = listed.value.samples;
    this.lost = listed.value.lost;
    const again = this.samples.find((one) => one.id === this.sample?.id);
    if (again !== undefined) this.sample = again;
    if (this.sample !== null) return;
    const first = this.samples.find((one) => one.id === wanted) ?? this.samples[0];
    if (first !== undefined) await this.open(first);
  }

  async open(chosen: SampleSummary): Promise<void> {
    this.sample = chosen;
    this.variant = chosen.manifest.variants[0]?.name ?? '';
    this.workload = chosen.workloads[0] ?? '';
    this.shown = null;
    this.failure = null;
    this.error = null;
    this.diagnostics = [];
    this.selected = null;
    this.place = null;
    await this.readFiles();
    if (this.sample === chosen) await this.predict();
  }

  async readFiles(): Promise<void> {
    const { sample } = this;
    if (sample === null) return;
    const read = await ask(this.lab.samples.files({ sample: sample.id }));
    if (this.sample !== sample) return;
    if (read.ok) this.files = read.value;
    else this.error = read.error;
  }

  edit(sample: string, texts: readonly EditedFile[]): void {
    this.edits = { ...this.edits, [sample]: texts };
    if (sample !== this.sample?.id) return;
    clearTimeout(this.pause);
    this.pause = setTimeout(() => void this.predict('edit'), PAUSE_ms);
  }

  /** What a prediction of `profile` is asked for; edits of C source go with it. */
  refFor(profile: ProfileName): PredictionRef | null {
    const { sample, variant, workload, seed } = this;
    if (sample === null) return null;
    const code = new Set([...sample.manifest.sources, ...sample.manifest.includes]);
    const edited = this.edited.filter((one) => code.has(one.path));
    return {
      sample: sample.id,
      variant,
      workload,
      profile,
      seed,
      ...(edited.length === 0 ? {} : { edited: [...edited] }),
    };
  }

  // Results are replaced in place; the one that was asked for last wins, the earlier are cancelled.
  async predict(why: 'edit' | 'asked' = 'asked'): Promise<void> {
    const ref = this.refFor(this.profile);
    if (ref === null) return;
    clearTimeout(this.pause);
    this.running?.abort();
    const mine = new AbortController();
    this.running = mine;
    this.error = tooLarge(this.edited);
    if (this.error !== null) {
      this.working = false;
      return;
    }
    this.working = true;
    const made = await ask(this.lab.prediction.make(ref, { signal: mine.signal }));
    if (mine !== this.running) return;
    this.working = false;
    this.error = made.ok ? null : made.error;
    if (!made.ok) return;
    this.diagnostics = made.value.diagnostics;
    if (made.value.compiled) {
      const { prediction, handle, total, callbacks, took_ms, cached } = made.value;
      this.failure = null;
      this.shown = { prediction, handle, total, callbacks, took_ms, cached };
    } else {
      this.failure = made.value.failure;
    }
    // Whoever types keeps the place.
    if (why === 'edit') return;
    const first = this.problems[0] ?? (this.place === null ? this.shown?.callbacks[0] : undefined);
    if (first !== undefined && first.line > 0) this.show({ file: first.file, line: first.line });
  }

  choose(change: Partial<Pick<Desk, 'variant' | 'workload' | 'profile' | 'seed'>>): void {
    Object.assign(this, change);
    void this.predict();
  }

  show({ file, line, column }: Place): void {
    this.place = { file, line, ...(column === undefined ? {} : { column }) };
  }

  /** One selection, shown everywhere: the source follows where the event has a place in it. */
  select(event: TraceEvent | null): void {
    this.selected = event;
    if (event === null || !('at' in event) || event.at === undefined) return;
    this.show({ file: event.at.file, line: event.at.line });
  }

  nextVariant(): void {
    const variants = this.sample?.manifest.variants ?? [];
    const at = variants.findIndex((one) => one.name === this.variant);
    const next = variants[(at + 1) % Math.max(1, variants.length)];
    if (next !== undefined) this.choose({ variant: next.name });
  }
}
