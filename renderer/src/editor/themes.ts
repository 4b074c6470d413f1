// The colours of theme.css, which the editor wants as plain hex, and four more for C. High contrast is the
// editor's own.
import type * as Monaco from 'monaco-editor/editor';

interface Palette {
  readonly base: 'vs' | 'vs-dark';
  readonly ink: string;
  readonly dim: string;
  readonly paper: string;
  readonly raised: string;
  readonly line: string;
  readonly accent: string;
  readonly selection: string;
  readonly current: string;
  readonly bad: string;
  readonly warning: string;
  readonly keyword: string;
  readonly directive: string;
  readonly string: string;
  readonly number: string;
}

/** The colours of theme.css, which the editor wants as plain hex, and four more for C. */
const palettes: Readonly<Record<'light' | 'dark', Palette>> = {
  light: {
    base: 'vs',
    ink: '#1b1f24',
    dim: '#57606c',
    paper: '#ffffff',
    raised: '#f5f6f8',
    line: '#d9dde3',
    accent: '#1f5fa8',
    selection: '#cfe0f4',
    current: '#f5f6f8',
    bad: '#b4340a',
    warning: '#8a6100',
    keyword: '#1f5fa8',
    directive: '#7a3e9d',
    string: '#7a4a00',
    number: '#0b6b5d',
  },
  dark: {
    base: 'vs-dark',
    ink: '#e4e7eb',
    dim: '#9aa4b0',
    paper: '#16191d',
    raised: '#1c2025',
    line: '#30363e',
    accent: '#84b8f5',
    selection: '#2a4464',
    current: '#1c2025',
    bad: '#ff9a6b',
    warning: '#e5c15c',
    keyword: '#84b8f5',
    directive: '#d0a8ee',
    string: '#e3c08a',
    number: '#7fd1c1',
  },
};

export function defineThemes(monaco: typeof Monaco): void {
  for (const [name, colours] of Object.entries(palettes)) {
    defineTheme(monaco, `fltlab-${name}`, colours);
  }
}

export function themeName(theme: string, dark: boolean, contrast: boolean): string {
  if (theme === 'contrast' || (theme === 'system' && contrast))
    return dark ? 'hc-black' : 'hc-light';
  if (theme === 'system') return dark ? 'fltlab-dark' : 'fltlab-light';
  return `fltlab-${theme}`;
}

function defineTheme(monaco: typeof Monaco, name: string, of: Palette): void {
  const bare = (colour: string): string => colour.slice(1);
  monaco.editor.defineTheme(name, {
    base: of.base,
    inherit: true,
    rules: [
      { token: '', foreground: bare(of.ink) },
      { token: 'comment', foreground: bare(of.dim) },
      { token: 'keyword', foreground: bare(of.keyword) },
      { token: 'keyword.directive', foreground: bare(of.directive) },
      { token: 'string', foreground: bare(of.string) },
      { token: 'number', foreground: bare(of.number) },
      { token: 'delimiter', foreground: bare(of.ink) },
      { token: 'annotation', foreground: bare(of.dim) },
    ],
    colors: {
      'editor.background': of.paper,
      'editor.foreground': of.ink,
      'editor.lineHighlightBackground': of.current,
      'editor.lineHighlightBorder': '#00000000',
      'editor.selectionBackground': of.selection,
      'editorLineNumber.foreground': of.dim,
      'editorLineNumber.activeForeground': of.ink,
      'editorCursor.foreground': of.accent,
      'editorError.foreground': of.bad,
      'editorWarning.foreground': of.warning,
      'editorInfo.foreground': of.accent,
      'editorWidget.background': of.raised,
      'editorWidget.foreground': of.ink,
      'editorWidget.border': of.line,
      // Brackets are ink: colour says what is wrong, not how deep it is nested.
      ...Object.fromEntries(
        [1, 2, 3, 4, 5, 6].map((depth) => [`editorBracketHighlight.foreground${depth}`, of.ink]),
      ),
      'editorCodeLens.foreground': of.dim,
      'editorSuggestWidget.background': of.raised,
      'editorSuggestWidget.border': of.line,
      'editorSuggestWidget.foreground': of.ink,
      'editorSuggestWidget.selectedBackground': of.selection,
      'editorSuggestWidget.selectedForeground': of.ink,
      'editorSuggestWidget.highlightForeground': of.accent,
      'editorSuggestWidget.focusHighlightForeground': of.accent,
      'list.focusBackground': of.selection,
      'list.focusForeground': of.ink,
      'quickInput.background': of.raised,
      'input.background': of.paper,
      'input.border': of.line,
      'editorHoverWidget.background': of.raised,
      'editorHoverWidget.border': of.line,
      'editorIndentGuide.background1': of.line,
      'editorIndentGuide.activeBackground1': of.dim,
      'editorOverviewRuler.border': of.line,
      focusBorder: of.accent,
      'scrollbar.shadow': '#00000000',
    },
  });
}
