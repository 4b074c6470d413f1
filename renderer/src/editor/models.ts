// The texts of all drivers that were looked at: one model a file, with its undo history, shared by every
// editor that shows it, and what is said about its lines.
import type { FileCoverage } from '../../../contract/prediction.ts';
import type { EditedFile, SourceFile } from '../../../contract/rpc.ts';
import { coverageDecorations, findingDecorations, markersOf, type Model } from './marks.ts';
import { monaco } from './monaco.ts';
import type { Problem } from './problems.ts';

interface OpenFile {
  readonly path: string;
  readonly model: Model;
  /** What is on disk, with the line ends that the model gives it. */
  original: string;
  version: string;
  decorations: string[];
  coverage: string[];
}

export const MARKER_OWNER = 'fltlab';

const languageOf = (file: SourceFile): string => {
  if (/\.[ch]$/i.test(file.path)) return 'c';
  if (/\.inf$/i.test(file.path)) return 'inf';
  return /\.json$/i.test(file.path) ? 'json' : 'plaintext';
};

export class Models {
  private readonly samples = new Map<string, Map<string, OpenFile>>();
  private files = new Map<string, OpenFile>();
  private sample = '';
  private readonly onedit: (sample: string, edited: EditedFile[]) => void;

  constructor(onedit: (sample: string, edited: EditedFile[]) => void) {
    this.onedit = onedit;
  }

  /** What is on disk now; `drafts` are texts that were edited before this page was there. */
  open(sample: string, given: readonly SourceFile[], drafts: readonly EditedFile[]): void {
    const known = this.samples.get(sample) ?? new Map<string, OpenFile>();
    this.samples.set(sample, known);
    this.sample = sample;
    this.files = known;
    for (const file of given) {
      if (file.refused !== undefined) continue;
      const before = known.get(file.path);
      if (before === undefined) known.set(file.path, this.create(sample, file, drafts));
      else if (before.version !== file.version) this.follow(before, file);
    }
  }

  get(path: string): Model | undefined {
    return this.files.get(path)?.model;
  }

  /** The file that a model holds, for what is registered once for all of them. */
  pathOf(model: Model): { readonly sample: string; readonly path: string } | undefined {
    for (const [sample, files] of this.samples) {
      for (const file of files.values())
        if (file.model === model) return { sample, path: file.path };
    }
    return undefined;
  }

  mark(
    problems: readonly Problem[],
    /** Null leaves what is marked already. */
    coverage: readonly FileCoverage[] | null,
    breakpoints: ReadonlySet<string>,
  ): void {
    for (const file of this.files.values()) {
      const here = problems.filter((one) => one.file === file.path);
      monaco.editor.setModelMarkers(file.model, MARKER_OWNER, markersOf(file.model, here));
      file.decorations = file.model.deltaDecorations(file.decorations, [
        ...findingDecorations(file.model, here),
        ...breakpointsIn(file, breakpoints),
      ]);
      if (coverage === null) continue;
      const counts = coverage.find((one) => one.file === file.path)?.lines ?? [];
      file.coverage = file.model.deltaDecorations(
        file.coverage,
        coverageDecorations(file.model, counts),
      );
    }
  }

  /** One edit, so that Ctrl+Z brings the changes back. */
  revert(path: string): void {
    const file = this.files.get(path);
    if (file !== undefined) replace(file.model, file.original);
  }

  dispose(): void {
    for (const files of this.samples.values())
      for (const { model } of files.values()) model.dispose();
  }

  private create(sample: string, file: SourceFile, drafts: readonly EditedFile[]): OpenFile {
    const uri = monaco.Uri.from({ scheme: 'sample', path: `/${sample}/${file.path}` });
    const model = monaco.editor.createModel(file.text, languageOf(file), uri);
    const original = model.getValue();
    const draft = drafts.find((one) => one.path === file.path);
    if (draft !== undefined) replace(model, draft.text);
    model.onDidChangeContent(() => this.onedit(sample, this.edited(sample)));
    return {
      path: file.path,
      model,
      original,
      version: file.version,
      decorations: [],
      coverage: [],
    };
  }

  /** The disk has another text: what was not edited follows, and what was saved is no longer edited. */
  private follow(file: OpenFile, { text, version }: SourceFile): void {
    const dirty = file.model.getValue() !== file.original;
    const eol = file.model.getEOL();
    file.version = version;
    file.original = text.replaceAll(/\r\n|\r|\n/g, eol);
    if (!dirty && file.model.getValue() !== file.original) replace(file.model, file.original);
    this.onedit(this.sample, this.edited(this.sample));
  }

  private edited(sample: string): EditedFile[] {
    return [...(this.samples.get(sample)?.values() ?? [])].flatMap(({ path, model, original }) => {
      const text = model.getValue();
      return text === original ? [] : [{ path, text }];
    });
  }
}

function replace(model: Model, text: string): void {
  model.pushStackElement();
  model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null);
  model.pushStackElement();
}

function breakpointsIn(
  { path, model }: OpenFile,
  breakpoints: ReadonlySet<string>,
): monaco.editor.IModelDeltaDecoration[] {
  return [...breakpoints].flatMap((one) => {
    const [file, line] = [one.slice(0, one.lastIndexOf(':')), Number(one.split(':').at(-1))];
    if (file !== path || line < 1 || line > model.getLineCount()) return [];
    return [
      {
        range: new monaco.Range(line, 1, line, 1),
        options: {
          glyphMarginClassName: 'breakpoint',
          glyphMarginHoverMessage: { value: 'A breakpoint of the simulated debugger (F9)' },
        },
      },
    ];
  });
}
