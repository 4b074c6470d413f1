// Keys as people read them ("Ctrl+Shift+B"), and whether a key press is one of them.

export interface Pressed {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** "Ctrl" is the Command key on a Mac. */
export function isPressed(keys: string, pressed: Pressed): boolean {
  const parts = keys.split('+');
  const wanted = parts.at(-1) ?? '';
  const has = (name: string): boolean => parts.slice(0, -1).includes(name);
  if (has('Ctrl') !== (pressed.ctrlKey || pressed.metaKey)) return false;
  if (has('Alt') !== pressed.altKey) return false;
  if (has('Shift') !== pressed.shiftKey) return false;
  return pressed.key.toLowerCase() === wanted.toLowerCase() || pressed.code === codeOf(wanted);
}

/** The place on the keyboard, because Shift and Alt change what a key writes. */
function codeOf(key: string): string {
  if (/^[A-Z]$/.test(key)) return `Key${key}`;
  if (/^[0-9]$/.test(key)) return `Digit${key}`;
  return { '`': 'Backquote', '\\': 'Backslash', ',': 'Comma', '.': 'Period' }[key] ?? key;
}

const symbols: Readonly<Record<string, string>> = { Ctrl: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↩' };

export function shownKeys(keys: string, mac: boolean): string {
  if (!mac) return keys;
  return keys
    .split('+')
    .map((part) => symbols[part] ?? part)
    .join('');
}
