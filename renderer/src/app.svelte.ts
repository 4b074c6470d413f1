// The workbench as one object: what is worked on, the runs, the comparison, the layout, and what can be
// done with them. Components find it in their context.
import { getContext, setContext } from 'svelte';
import type { ReportedError, RunJob, RunSummary, TargetSummary } from '../../contract/rpc.ts';
import { commandOf } from './commands/commands.ts';
import { isPressed, shownKeys } from './commands/keys.ts';
import { onOpenRun } from './desktop.ts';
import { chooseFile } from './files.ts';
import { ask, type Lab, type LabLine } from './lab.ts';
import { Kd } from './panel/kd.svelte.ts';
import { LiveDebug } from './panel/liveDebug.svelte.ts';
import { Comparing } from './state/comparison.svelte.ts';
import { Desk } from './state/desk.svelte.ts';
import { Layout, type RightTab } from './state/layout.svelte.ts';
import { Runs } from './state/runs.svelte.ts';
import { Saver } from './state/saver.svelte.ts';
import { Settings } from './state/settings.svelte.ts';

/** What the editor lets others do with it. */
export interface EditorHandle {
  focus(): void;
  format(): void;
  revertShown(): void;
  nextProblem(): void;
  toggleBreakpoint(): void;
}

export type Dialog = 'palette' | 'copy' | 'folder' | 'find' | 'trust' | 'local-run';
export const themes = ['system', 'light', 'dark', 'contrast'] as const;
export type Theme = (typeof themes)[number];

export class App {
  readonly lab: Lab;
  readonly settings: Settings;
  readonly layout: Layout;
  readonly desk: Desk;
  readonly runs: Runs;
  readonly comparing: Comparing;
  readonly saver: Saver;
  readonly kd: Kd;
  readonly liveDebug: LiveDebug;
  targets = $state.raw<readonly TargetSummary[]>([]);
  target = $state('');
  dialog = $state<Dialog | null>(null);
  /** What was told last and is still worth reading; Esc or the next one takes it away. */
  notice = $state.raw<ReportedError | null>(null);
  split = $state(false);
  hints = $state(false);
  editor = $state.raw<EditorHandle | null>(null);
  private notSaved: ReportedError | null = null;
  /** Set by the comparison while it is on show. */
  stepDifference: ((backwards: boolean) => void) | null = null;

  constructor(line: LabLine, settings: Settings) {
    this.lab = line.lab;
    this.settings = settings;
    this.layout = new Layout(settings);
    this.desk = new Desk(line.lab);
    this.comparing = new Comparing(line.lab);
    this.saver = new Saver(line.lab, this.desk, settings, (error) => this.savedByItself(error));
    this.kd = new Kd(this.desk);
    this.liveDebug = new LiveDebug(line.lab);
    this.runs = new Runs(line.lab, (job) => this.ended(job));
    this.runs.follow(line);
    onOpenRun((file) => void this.importFile(file));
  }

  static async create(line: LabLine): Promise<App> {
    return new App(line, await Settings.load(line.lab));
  }

  async start(): Promise<void> {
    this.hints = this.settings.get('hints') !== 'off';
    this.split = this.settings.get('split') === 'on';
    this.saver.restoreDrafts();
    void this.readTargets();
    const last = this.settings.get('sample');
    this.layout.restore(last ?? 'dirnotify');
    await this.desk.load(last);
    await this.showRecorded();
  }

  get theme(): Theme {
    const kept = this.settings.get('theme');
    return themes.find((one) => one === kept) ?? 'system';
  }

  nextTheme(): void {
    const next = themes[(themes.indexOf(this.theme) + 1) % themes.length] ?? 'system';
    this.settings.set('theme', next);
  }

  async readTargets(): Promise<void> {
    const listed = await ask(this.lab.targets.list());
    if (!listed.ok) return;
    this.targets = listed.value;
    const kept = this.settings.get('target');
    const names = listed.value.map((one) => one.name);
    if (!names.includes(this.target))
      this.target = names.find((one) => one === kept) ?? names[0] ?? '';
  }

  chooseTarget(name: string): void {
    this.target = name;
    this.settings.set('target', name);
  }

  async openSample(id: string): Promise<void> {
    const sample = this.desk.samples.find((one) => one.id === id);
    if (sample === undefined) return;
    this.layout.restore(sample.id);
    this.settings.set('sample', sample.id);
    await this.desk.open(sample);
    await this.showRecorded();
  }

  /** With a run recorded by this code on Wine there is something to compare before the first own run. */
  async showRecorded(): Promise<void> {
    const { sample } = this.desk;
    if (sample === null) return;
    const found = await ask(this.lab.runs.recorded({ sample: sample.id }));
    const [run] = found.ok ? found.value : [];
    if (run === undefined) return;
    const where = run.targetKind === 'wine' ? 'Wine' : run.target;
    const label = `A run recorded with FltLab on ${where}, ${run.startedAt.slice(0, 10)}, as it came with the sample`;
    await this.comparing.openRun(run.id, label);
  }

  simulate(): void {
    void this.desk.predict();
  }

  build(): void {
    this.layout.showPanel('build');
    void this.desk.predict();
  }

  runOnTarget(): void {
    if (this.target === '') {
      this.layout.showSide('targets');
      this.notice = {
        code: 'target.not-found',
        whose: 'usage',
        problem: 'There is no target to run on yet.',
        remedy: 'Add one here: Wine is prepared on this machine by one button.',
      };
      return;
    }
    this.runOnTargets([this.target]);
  }

  runOnTargets(targets: readonly string[]): void {
    void this.startRun(targets);
  }

  private async startRun(targets: readonly string[]): Promise<void> {
    const { sample, variant, workload, seed } = this.desk;
    if (sample === null || targets.length === 0) return;
    if (!sample.trusted) {
      this.dialog = 'trust';
      return;
    }
    if (this.desk.edited.length > 0 && !(await this.saver.saveAll())) {
      this.notice = this.saver.error;
      return;
    }
    this.layout.showPanel('output');
    const asked = { sample: sample.id, variant, workload, targets: [...targets], seed };
    const started = await ask(this.lab.runs.start(asked));
    this.notice = started.ok ? null : started.error;
  }

  async rerun(run: RunSummary): Promise<void> {
    const sample = this.desk.samples.find((one) => one.manifest.name === run.sample);
    if (sample === undefined) return;
    const { variant, workload, target } = run;
    const asked = { sample: sample.id, variant, workload, targets: [target], seed: 0 };
    const started = await ask(this.lab.runs.start(asked));
    this.notice = started.ok ? null : started.error;
    if (started.ok) this.layout.showPanel('output');
  }

  private ended(job: RunJob): void {
    void this.readTargets();
    if (job.run === null || job.sample !== this.desk.sample?.id) return;
    this.layout.showRight('comparison');
    void this.comparing.openRun(job.run);
  }

  async saveAll(): Promise<void> {
    if (this.desk.edited.length === 0) return;
    this.notice = (await this.saver.saveAll()) ? null : this.saver.error;
  }

  /** What is told stays until it is read, or until the text is on disk after all. */
  private savedByItself(error: ReportedError | null): void {
    if (error !== null) this.notice = error;
    else if (this.notice !== null && this.notice === this.notSaved) this.notice = null;
    this.notSaved = error;
  }

  importRun(): void {
    void this.importChosen();
  }

  private async importChosen(): Promise<void> {
    const file = await chooseFile('.fltlab-run');
    if (file === null) return;
    await this.importFile(file);
  }

  async importFile(file: { readonly name: string; readonly base64: string }): Promise<void> {
    const imported = await ask(this.lab.runs.import(file));
    this.notice = imported.ok ? null : imported.error;
    this.layout.showSide('runs');
    await this.runs.list();
    if (imported.ok) await this.showRun(imported.value);
  }

  async showRun(run: RunSummary): Promise<void> {
    this.layout.showRight('comparison');
    await this.comparing.openRun(run.id, run.origin === null ? '' : `Imported from ${run.origin}`);
  }

  showRight(tab: RightTab): void {
    this.layout.showRight(tab);
    document.getElementById(`right-${tab}`)?.focus();
  }

  focusEditor(): void {
    this.layout.showPane('source');
    // A pane that was just brought forward can be focused once it is laid out.
    requestAnimationFrame(() => this.editor?.focus());
  }

  nextProblem(): void {
    this.layout.showPane('source');
    this.editor?.nextProblem();
  }

  nextDifference(backwards: boolean): void {
    this.layout.showRight('comparison');
    this.stepDifference?.(backwards);
  }

  toggleBreakpoint(): void {
    this.editor?.toggleBreakpoint();
  }

  toggleSplit(): void {
    this.split = !this.split;
    this.settings.set('split', this.split ? 'on' : '');
  }

  endHints(): void {
    this.hints = false;
    this.settings.set('hints', 'off');
  }

  ask(dialog: Dialog): void {
    this.dialog = dialog;
  }

  do(id: string): void {
    commandOf(id)?.run(this);
  }

  /** "Simulate (Ctrl+Enter)": the tooltip of whatever does this. */
  tip(id: string): string {
    const command = commandOf(id);
    if (command === undefined) return '';
    return command.keys === undefined
      ? command.title
      : `${command.title} (${shownKeys(command.keys, isMac)})`;
  }
}

export const isMac = /Mac/.test(navigator.platform);
export { isPressed };

const KEY = Symbol('app');
export const provideApp = (app: App): App => setContext(KEY, app);
export const useApp = (): App => getContext<App>(KEY);
