// One editor: a view of a model, with its own cursor and place in each file.
import type { Model } from './marks.ts';
import { monaco } from './monaco.ts';

export interface SourceEditor {
  show(path: string, model: Model | undefined): void;
  /** Brings a place of the shown file into sight and puts the cursor there. */
  reveal(line: number, column?: number): void;
  focus(): void;
  /** Opens what is said at the cursor. */
  explain(): void;
  format(): void;
  find(text: string): void;
  line(): number;
  dispose(): void;
}

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
  glyphMargin: true,
  folding: false,
  fixedOverflowWidgets: true,
  renderLineHighlight: 'line',
  occurrencesHighlight: 'off',
  wordBasedSuggestions: 'currentDocument',
  codeLens: true,
  guides: { indentation: false },
  codeLensFontFamily: "'JetBrains Mono', ui-monospace, monospace",
  codeLensFontSize: 11,
  tabSize: 4,
  overviewRulerBorder: false,
  maxTokenizationLineLength: 4_000,
};

export function createSourceEditor(
  host: HTMLElement,
  onfocus: () => void,
  onbreakpoint: (line: number) => void,
): SourceEditor {
  const editor = monaco.editor.create(host, options);
  const views = new Map<Model, monaco.editor.ICodeEditorViewState | null>();
  editor.onDidFocusEditorText(onfocus);
  editor.onMouseDown(({ target }) => {
    const gutter = target.type === monaco.editor.MouseTargetType.GUTTER_GLYPH_MARGIN;
    if (gutter && target.position !== null) onbreakpoint(target.position.lineNumber);
  });
  showDocumentation(editor);
  const run = (id: string): void => void editor.getAction(id)?.run();

  return {
    show: (path, model) => {
      const before = editor.getModel();
      if (model === before || model?.isDisposed() === true) return;
      if (before !== null) views.set(before, editor.saveViewState());
      editor.setModel(model ?? null);
      if (model !== undefined) editor.restoreViewState(views.get(model) ?? null);
      editor.updateOptions({
        ariaLabel: `${path}. Ctrl+M lets Tab leave the editor, F8 goes to the next problem.`,
      });
    },
    reveal: (line, column = 1) => {
      editor.setPosition({ lineNumber: line, column });
      editor.revealLineInCenterIfOutsideViewport(line, monaco.editor.ScrollType.Immediate);
    },
    focus: () => editor.focus(),
    explain: () => editor.trigger('fltlab', 'editor.action.showHover', {}),
    format: () => run('editor.action.formatDocument'),
    find: (text) => {
      editor.focus();
      const [match] =
        editor.getModel()?.findMatches(text, true, false, false, null, false, 1) ?? [];
      if (match !== undefined) editor.setSelection(match.range);
      run('actions.find');
    },
    line: () => editor.getPosition()?.lineNumber ?? 0,
    dispose: () => editor.dispose(),
  };
}

/** What the editor keeps of its list of completions, as far as it is asked here. */
interface Suggesting {
  readonly widget: {
    readonly value: { onDidShow(told: () => void): void };
  };
}
let documentationShown = false;

/** The text of a routine stands beside its name from the first time on; whoever closes it keeps it closed. */
function showDocumentation(editor: monaco.editor.IStandaloneCodeEditor): void {
  const id = 'editor.contrib.suggestController';
  const suggesting = editor.getContribution(id) as
    (Suggesting & monaco.editor.IEditorContribution) | null;
  suggesting?.widget.value.onDidShow(() => {
    if (documentationShown) return;
    documentationShown = true;
    editor.trigger('fltlab', 'toggleSuggestionDetails', {});
  });
}
