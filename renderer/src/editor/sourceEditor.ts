// One editor over the files of the samples. Text is kept in memory, one model a file, with its undo
// history and its view, also while another sample is shown; nothing is written to disk.
import type { FileCoverage } from '../../../contract/prediction.ts';
import type { SourceFile } from '../../../contract/rpc.ts';
import { monaco } from './monaco.ts';
import type { Problem } from './problems.ts';

type Model = monaco.editor.ITextModel;

interface OpenFile {
  readonly path: string;
  readonly model: Model;
  /** What is on disk, with the line ends that the model gives it. */
  readonly original: string;
  view: monaco.editor.ICodeEditorViewState | null;
  decorations: string[];
}

export interface EditorHandlers {
  /** All files of the sample whose text is not what is on disk. */
  onedit(sample: string, edited: readonly SourceFile[]): void;
  onrun(): void;
  onnextproblem(): void;
}

export interface SourceEditor {
  open(sample: string, files: readonly SourceFile[]): void;
  show(path: string): void;
  /** Brings a place of the shown file into sight and puts the cursor there. */
  reveal(line: number, column?: number): void;
  focus(): void;
  /** Opens what is said at the cursor. */
  explain(): void;
  mark(problems: readonly Problem[], coverage: readonly FileCoverage[]): void;
  revert(path: string): void;
  dispose(): void;
}

const MARKER_OWNER = 'fltlab';

const options: monaco.editor.IStandaloneEditorConstructionOptions = {
  model: null,
  automaticLayout: true,
  fontFamily: "'JetBrains Mono', ui-monospace, monospace",
  fontSize: 12,
  lineHeight: 20,
  fontLigatures: false,
  minimap: { enabled: false },
  stickyScroll: { enabled: false },
  scrollBeyondLastLine: false,
  lineNumbersMinChars: 4,
  lineDecorationsWidth: 14,
  folding: false,
  fixedOverflowWidgets: true,
  renderLineHighlight: 'line',
  occurrencesHighlight: 'off',
  wordBasedSuggestions: 'currentDocument',
  tabSize: 4,
  overviewRulerBorder: false,
};

export function createSourceEditor(host: HTMLElement, handlers: EditorHandlers): SourceEditor {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const theme = (): void => monaco.editor.setTheme(dark.matches ? 'fltlab-dark' : 'fltlab-light');
  theme();
  dark.addEventListener('change', theme);
  const editor = monaco.editor.create(host, options);
  const samples = new Map<string, Map<string, OpenFile>>();
  let files = new Map<string, OpenFile>();
  let shown: OpenFile | undefined;
  addCommands(editor, handlers, () => shown && revert(shown));

  const openFile = (sample: string, { path, text }: SourceFile): OpenFile => {
    const uri = monaco.Uri.from({ scheme: 'sample', path: `/${sample}/${path}` });
    const model = monaco.editor.createModel(text, /\.[ch]$/.test(path) ? 'c' : undefined, uri);
    model.onDidChangeContent(() => handlers.onedit(sample, editedOf(samples.get(sample))));
    return { path, model, original: model.getValue(), view: null, decorations: [] };
  };

  return {
    open: (sample, given) => {
      const known = samples.get(sample) ?? new Map<string, OpenFile>();
      for (const file of given) {
        if (!known.has(file.path)) known.set(file.path, openFile(sample, file));
      }
      samples.set(sample, known);
      files = known;
    },
    show: (path) => {
      const next = files.get(path);
      if (next === undefined || next === shown) return;
      if (shown !== undefined) shown.view = editor.saveViewState();
      shown = next;
      editor.setModel(next.model);
      editor.restoreViewState(next.view);
      editor.updateOptions({
        ariaLabel: `${path}, C source. Ctrl+M lets Tab leave the editor, F8 goes to the next problem.`,
      });
    },
    reveal: (line, column = 1) => {
      editor.setPosition({ lineNumber: line, column });
      editor.revealLineInCenter(line, monaco.editor.ScrollType.Immediate);
    },
    focus: () => editor.focus(),
    explain: () => editor.trigger('fltlab', 'editor.action.showHover', {}),
    mark: (problems, coverage) => {
      for (const file of files.values()) markFile(file, problems, coverage);
    },
    revert: (path) => {
      const file = files.get(path);
      if (file !== undefined) revert(file);
    },
    dispose: () => {
      dark.removeEventListener('change', theme);
      editor.dispose();
      for (const known of samples.values()) for (const { model } of known.values()) model.dispose();
    },
  };
}

function addCommands(
  editor: monaco.editor.IStandaloneCodeEditor,
  handlers: EditorHandlers,
  revertShown: () => void,
): void {
  const { KeyCode, KeyMod } = monaco;
  // These keys mean something else in the editor by default.
  editor.addCommand(KeyMod.CtrlCmd | KeyCode.Enter, () => handlers.onrun());
  editor.addCommand(KeyCode.F8, () => handlers.onnextproblem());
  editor.addAction({
    id: 'fltlab.revert',
    label: 'Revert This File to What Is on Disk',
    run: revertShown,
  });
}

function editedOf(files: ReadonlyMap<string, OpenFile> | undefined): SourceFile[] {
  return [...(files?.values() ?? [])].flatMap(({ path, model, original }) => {
    const text = model.getValue();
    return text === original ? [] : [{ path, text }];
  });
}

/** One edit, so that Ctrl+Z brings the changes back. */
function revert({ model, original }: OpenFile): void {
  model.pushStackElement();
  model.pushEditOperations([], [{ range: model.getFullModelRange(), text: original }], () => null);
  model.pushStackElement();
}

function markFile(
  file: OpenFile,
  problems: readonly Problem[],
  coverage: readonly FileCoverage[],
): void {
  const { model, path } = file;
  const lines = model.getLineCount();
  // What is said about a line may come later than the edit that removed it.
  const here = problems.filter((one) => one.file === path && one.line > 0 && one.line <= lines);
  monaco.editor.setModelMarkers(
    model,
    MARKER_OWNER,
    here.map((one) => markerOf(one, model)),
  );
  const counts = coverage.find((one) => one.file === path)?.lines ?? [];
  file.decorations = model.deltaDecorations(file.decorations, [
    ...counts.filter(([line]) => line <= lines).map(coverageDecoration),
    ...here.filter((one) => one.kind === 'finding').map((one) => findingDecoration(one, model)),
  ]);
}

function markerOf(problem: Problem, model: Model): monaco.editor.IMarkerData {
  const { MarkerSeverity } = monaco;
  const severities = {
    error: MarkerSeverity.Error,
    finding: MarkerSeverity.Error,
    warning: MarkerSeverity.Warning,
    note: MarkerSeverity.Info,
  };
  const rules = problem.rules.length > 0 ? `\nRules: ${problem.rules.join(' ')}` : '';
  return {
    severity: severities[problem.kind],
    message: `${problem.message}${rules}`,
    source: problem.source,
    ...rangeOf(problem, model),
  };
}

/** The range that was told, else the word at the place, else the text of the line. */
function rangeOf({ line, column, end }: Problem, model: Model): monaco.IRange {
  const startLineNumber = line;
  if (column === undefined) {
    const first = model.getLineFirstNonWhitespaceColumn(line) || 1;
    const endColumn = Math.max(model.getLineMaxColumn(line), first + 1);
    return { startLineNumber, startColumn: first, endLineNumber: line, endColumn };
  }
  if (end !== undefined) {
    const { line: endLineNumber, column: endColumn } = end;
    return { startLineNumber, startColumn: column, endLineNumber, endColumn };
  }
  const startColumn = Math.min(column, model.getLineMaxColumn(line));
  const word = model.getWordAtPosition({ lineNumber: line, column: startColumn });
  const endColumn = Math.max(word?.endColumn ?? 0, startColumn + 1);
  return { startLineNumber, startColumn, endLineNumber: line, endColumn };
}

function coverageDecoration([line, count]: readonly [number, number]): Decoration {
  return {
    range: new monaco.Range(line, 1, line, 1),
    options: {
      linesDecorationsClassName: count > 0 ? 'line-covered' : 'line-uncovered',
      linesDecorationsTooltip:
        count > 0 ? `ran ${count} ${count === 1 ? 'time' : 'times'}` : 'did not run',
    },
  };
}

type Decoration = monaco.editor.IModelDeltaDecoration;

function findingDecoration({ line, source }: Problem, model: Model): Decoration {
  return {
    range: new monaco.Range(line, 1, line, model.getLineMaxColumn(line)),
    options: {
      isWholeLine: true,
      className: 'line-finding',
      after: { content: `  ${source}`, inlineClassName: 'finding-note' },
      stickiness: monaco.editor.TrackedRangeStickiness.NeverGrowsWhenTypingAtEdges,
    },
  };
}
