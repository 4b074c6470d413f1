// From the editor to the disk: saving by hand and by itself, drafts that outlive the window, and files
// that other programs change meanwhile.
import type { EditedFile, ReportedError, SourceFile } from '../../../contract/rpc.ts';
import { ask, type Lab } from '../lab.ts';
import type { Desk } from './desk.svelte.ts';
import type { Settings } from './settings.svelte.ts';

const AUTOSAVE_ms = 1_000;
/** Longer text is not kept as a draft: it is saved, or it lives in the page. */
const DRAFT_MAX_characters = 90_000;

const isDraft = (value: unknown): value is EditedFile[] =>
  Array.isArray(value) &&
  value.every(
    (one: unknown) => typeof one === 'object' && one !== null && 'path' in one && 'text' in one,
  );

export class Saver {
  error = $state.raw<ReportedError | null>(null);
  saving = $state(false);
  /** Files that changed on disk while they were being edited here: somebody has to choose. */
  conflicts = $state.raw<ReadonlySet<string>>(new Set());
  private readonly lab: Lab;
  private readonly desk: Desk;
  private readonly settings: Settings;
  /** Told while a saving was under way, whose own writing may be what was seen. */
  private readonly toldMeanwhile = new Set<string>();
  private savings = 0;
  private readonly told: (error: ReportedError | null) => void;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `told`: what became of saving that nobody asked for. */
  constructor(
    lab: Lab,
    desk: Desk,
    settings: Settings,
    told: (error: ReportedError | null) => void,
  ) {
    this.told = told;
    this.lab = lab;
    this.desk = desk;
    this.settings = settings;
  }

  get autosave(): boolean {
    return this.settings.get('autosave') !== 'off';
  }

  /** What was typed before the window went away. */
  restoreDrafts(): void {
    const edits: Record<string, readonly EditedFile[]> = {};
    for (const id of this.settings.json('drafts', isNames) ?? []) {
      const draft = this.settings.json(`draft:${id}`, isDraft);
      if (draft !== undefined && draft.length > 0) edits[id] = draft;
    }
    this.desk.edits = edits;
  }

  /** Called with every change of the text. */
  edited(sample: string): void {
    this.keepDraft(sample);
    clearTimeout(this.timer);
    const writable = this.desk.sample?.id === sample && this.desk.sample.origin !== 'ours';
    if (!writable || !this.autosave) return;
    this.timer = setTimeout(() => void this.saveByItself(), AUTOSAVE_ms);
  }

  private async saveByItself(): Promise<void> {
    await this.saveAll();
    // A conflict asks its own question, at the file.
    if (this.error?.code !== 'workspace.file-changed-outside') this.told(this.error);
  }

  private keepDraft(sample: string): void {
    const texts = this.desk.edits[sample] ?? [];
    const draft = texts.length === 0 ? '' : JSON.stringify(texts);
    if (draft.length > DRAFT_MAX_characters) return;
    this.settings.set(`draft:${sample}`, draft);
    const ids = Object.entries(this.desk.edits).flatMap(([id, one]) =>
      one.length > 0 ? [id] : [],
    );
    this.settings.set('drafts', JSON.stringify(ids));
  }

  /** True when everything that is edited is on disk. */
  async saveAll(): Promise<boolean> {
    clearTimeout(this.timer);
    const { sample } = this.desk;
    if (sample === null) return false;
    this.saving = true;
    this.savings += 1;
    const done = new Map<string, { version: string; text: string }>();
    this.error = null;
    for (const { path, text } of this.desk.edited) {
      const version = this.fileOf(path)?.version ?? '';
      const saved = await ask(this.lab.samples.save({ sample: sample.id, path, text, version }));
      if (saved.ok) done.set(path, { version: saved.value.version, text });
      else this.fail(path, saved.error);
    }
    this.saving = false;
    if (this.desk.sample !== sample) return false;
    this.desk.files = this.desk.files.map((file) => {
      const saved = done.get(file.path);
      return saved === undefined ? file : { ...file, ...saved };
    });
    this.readAgain();
    return this.error === null;
  }

  private readAgain(): void {
    const told = [...this.toldMeanwhile];
    this.toldMeanwhile.clear();
    if (told.length > 0) void this.changedOutside(told);
  }

  private fail(path: string, error: ReportedError): void {
    this.error = error;
    if (error.code === 'workspace.file-changed-outside') {
      this.conflicts = new Set([...this.conflicts, path]);
    }
  }

  private fileOf(path: string): SourceFile | undefined {
    return this.desk.files.find((one) => one.path === path);
  }

  /** Another program wrote these: what is not edited here follows at once. */
  async changedOutside(paths: readonly string[]): Promise<void> {
    const { sample } = this.desk;
    if (sample === null) return;
    const began = this.savings;
    const read = this.saving ? null : await ask(this.lab.samples.files({ sample: sample.id }));
    if (this.desk.sample !== sample) return;
    // What was read beside a saving may be older, or newer, than what that saving left.
    if (read === null || this.saving || began !== this.savings) {
      for (const path of paths) this.toldMeanwhile.add(path);
      if (!this.saving) this.readAgain();
      return;
    }
    if (!read.ok) return;
    const before = new Map(this.desk.files.map((one) => [one.path, one]));
    const dirty = new Set(this.desk.edited.map((one) => one.path));
    const other = read.value.filter(
      (file) => paths.includes(file.path) && before.get(file.path)?.version !== file.version,
    );
    const contested = other.filter((file) => dirty.has(file.path)).map((file) => file.path);
    this.conflicts = new Set([...this.conflicts, ...contested]);
    this.desk.files = this.desk.files.map((file) =>
      dirty.has(file.path) ? file : (read.value.find((one) => one.path === file.path) ?? file),
    );
    if (other.length > contested.length) void this.desk.predict('edit');
  }

  /** `mine` keeps the text of the editor, and the next saving overwrites what is on disk. */
  async settle(path: string, keep: 'mine' | 'disk', revert: (path: string) => void): Promise<void> {
    const { sample } = this.desk;
    if (sample === null) return;
    const read = await ask(this.lab.samples.files({ sample: sample.id }));
    if (!read.ok) {
      this.error = read.error;
      return;
    }
    const disk = read.value.find((one) => one.path === path);
    if (disk === undefined) return;
    this.conflicts = new Set([...this.conflicts].filter((one) => one !== path));
    this.error = null;
    this.desk.files = this.desk.files.map((file) => (file.path === path ? disk : file));
    if (keep === 'disk') revert(path);
    else await this.saveAll();
  }
}

const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');
