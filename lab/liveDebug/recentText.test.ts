// Goal: a reader gets every character once and in order; one that lags is told how many it missed.
import { expect, test } from 'vitest';
import { RecentText } from './recentText.ts';

const filled = (...chunks: readonly string[]): RecentText => {
  const text = new RecentText(10);
  for (const chunk of chunks) text.push(Buffer.from(chunk));
  return text;
};

test.each<[string, RecentText, number, number, object]>([
  ['from the start', filled('abc', 'def'), 0, 99, { text: 'abcdef', next: 6, skipped: 0 }],
  ['in the middle of a chunk', filled('abc', 'def'), 2, 99, { text: 'cdef', next: 6, skipped: 0 }],
  ['no more than asked for', filled('abc', 'def'), 1, 3, { text: 'bcd', next: 4, skipped: 0 }],
  ['nothing new', filled('abc'), 3, 99, { text: '', next: 3, skipped: 0 }],
  ['of another session, beyond the end', filled('abc'), 9, 9, { text: '', next: 3, skipped: 0 }],
  [
    'what is gone is counted',
    filled('12345', '67890', 'abcde'),
    2,
    99,
    { text: '67890abcde', next: 15, skipped: 3 },
  ],
])('%s', (_what, text, from, count, expected) => {
  expect(text.read(from, count)).toEqual(expected);
});

test('a character that is cut between two chunks stays whole', () => {
  const text = new RecentText();
  const bytes = Buffer.from('ü→');
  for (const byte of bytes) text.push(Buffer.from([byte]));
  expect(text.read(0, 99).text).toBe('ü→');
});
