// xterm.js with what a debugger's text needs: slices with flow control, search, and links from places in
// the source. Drawn as DOM: a screen reader and a test read what a person reads.
import '@xterm/xterm/css/xterm.css';
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Terminal, type ILink } from '@xterm/xterm';
import { TextPump } from './textPump.ts';

export interface TerminalOptions {
  readonly label: string;
  onplace(file: string, line: number): void;
  isFile(file: string): boolean;
  onfind(): void;
  oninput?(text: string): void;
  onresize?(columns: number, rows: number): void;
}

export interface MadeTerminal {
  readonly terminal: Terminal;
  readonly search: SearchAddon;
  /** Resolves when the text is drawn: whoever writes much waits for it. */
  write(text: string): Promise<void>;
  dispose(): void;
}

/** Large enough to be fast, small enough that a frame is never late for long. */
const SLICE_characters = 64 * 1024;
const AHEAD_characters = 8 * 1024 * 1024;
const LINES_KEPT = 50_000;
/** "dirnotify.c:87", "sub/notify.h(12)", "[dirnotify.c @ 87]". */
const PLACE = /([\w./\\-]+\.[ch])(?::|\(| @ )(\d+)/g;

export function createTerminal(host: HTMLElement, options: TerminalOptions): MadeTerminal {
  const terminal = new Terminal({
    convertEol: true,
    fontFamily: "'JetBrains Mono', ui-monospace, monospace",
    fontSize: 12,
    lineHeight: 1.3,
    scrollback: LINES_KEPT,
    screenReaderMode: false,
    disableStdin: options.oninput === undefined,
    cursorInactiveStyle: 'none',
    minimumContrastRatio: 4.5,
  });
  const fit = new FitAddon();
  const search = new SearchAddon();
  terminal.loadAddon(fit);
  terminal.loadAddon(search);
  terminal.open(host);
  terminal.textarea?.setAttribute('aria-label', options.label);
  fit.fit();
  const observer = new ResizeObserver(() => {
    if (host.clientHeight > 20) fit.fit();
  });
  observer.observe(host);
  if (options.oninput !== undefined) terminal.onData((text) => options.oninput?.(text));
  terminal.onResize(({ cols, rows }) => options.onresize?.(cols, rows));
  terminal.attachCustomKeyEventHandler((event) => {
    const find = event.type === 'keydown' && event.key === 'f' && (event.ctrlKey || event.metaKey);
    if (find) {
      event.preventDefault();
      options.onfind();
    }
    return !find;
  });
  terminal.registerLinkProvider({
    provideLinks: (line, told) => told(linksIn(terminal, line, options)),
  });
  const pump = new TextPump({
    draw: (slice) => new Promise((resolve) => terminal.write(slice, resolve)),
    linesKept: LINES_KEPT,
    ahead_characters: AHEAD_characters,
    slice_characters: SLICE_characters,
  });
  // For the bench, which has more text than any driver prints.
  Object.assign(host, { fltlabWrite: (text: string) => pump.push(text) });
  return {
    terminal,
    search,
    write: (text) => pump.push(text),
    dispose: () => {
      observer.disconnect();
      terminal.dispose();
    },
  };
}

function linksIn(terminal: Terminal, line: number, options: TerminalOptions): ILink[] {
  const text = terminal.buffer.active.getLine(line - 1)?.translateToString(true) ?? '';
  return [...text.matchAll(PLACE)].flatMap((match) => {
    const [shown, path = '', number = ''] = match;
    const file = path.replaceAll('\\', '/');
    if (!options.isFile(file)) return [];
    return [
      {
        text: shown,
        range: {
          start: { x: match.index + 1, y: line },
          end: { x: match.index + shown.length, y: line },
        },
        activate: () => options.onplace(file, Number(number)),
      },
    ];
  });
}
