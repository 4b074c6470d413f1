// Goal: a key press is the command that its tooltip names, on any keyboard.
import { expect, test } from 'vitest';
import { isPressed, shownKeys, type Pressed } from './keys.ts';

const press = (key: string, code: string, held: Partial<Pressed> = {}): Pressed => ({
  ...{ key, code, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false },
  ...held,
});

test.each<[string, Pressed, boolean]>([
  ['F5', press('F5', 'F5'), true],
  ['F5', press('F5', 'F5', { shiftKey: true }), false],
  ['Ctrl+Enter', press('Enter', 'Enter', { ctrlKey: true }), true],
  ['Ctrl+Enter', press('Enter', 'Enter', { metaKey: true }), true],
  ['Ctrl+Enter', press('Enter', 'Enter'), false],
  ['Ctrl+Shift+B', press('B', 'KeyB', { ctrlKey: true, shiftKey: true }), true],
  ['Ctrl+Shift+1', press('!', 'Digit1', { ctrlKey: true, shiftKey: true }), true],
  ['Alt+V', press('√', 'KeyV', { altKey: true }), true],
  ['Alt+V', press('v', 'KeyV', { altKey: true, ctrlKey: true }), false],
])('%s', (keys, pressed, is) => {
  expect(isPressed(keys, pressed)).toBe(is);
});

test('a Mac shows its own signs', () => {
  expect(shownKeys('Ctrl+Shift+B', true)).toBe('⌘⇧B');
  expect(shownKeys('Ctrl+Shift+B', false)).toBe('Ctrl+Shift+B');
});
