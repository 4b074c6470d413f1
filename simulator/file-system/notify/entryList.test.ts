// Goal: the bytes of FILE_NOTIFY_INFORMATION, to the byte (R-NOTIFY-24, 25).
import { expect, test } from 'vitest';
import { FileAction } from '../../../contract/windows/index.ts';
import { EntryList } from './entryList.ts';

const { FILE_ACTION_ADDED, FILE_ACTION_RENAMED_OLD_NAME, FILE_ACTION_RENAMED_NEW_NAME } =
  FileAction;

const rows: readonly (readonly [string, readonly (readonly [number, string])[], string])[] = [
  [
    'one entry is not padded: 0x12 bytes',
    [[FILE_ACTION_ADDED, 'foo']],
    '00000000 01000000 06000000 66006f006f00',
  ],
  [
    'every entry but the last is padded to 4',
    [
      [FILE_ACTION_RENAMED_OLD_NAME, 'foo'],
      [FILE_ACTION_RENAMED_NEW_NAME, 'bar'],
    ],
    '14000000 04000000 06000000 66006f006f00 0000 00000000 05000000 06000000 620061007200',
  ],
  [
    'an even name needs no padding',
    [
      [FILE_ACTION_ADDED, 'ab'],
      [FILE_ACTION_ADDED, 'c'],
    ],
    '10000000 01000000 04000000 61006200 00000000 01000000 02000000 6300',
  ],
  ['a lone surrogate', [[FILE_ACTION_ADDED, '\ud83d']], '00000000 01000000 02000000 3dd8'],
];

test.each(rows)('%s', (_title, entries, hex) => {
  const list = new EntryList();
  for (const [action, name] of entries) list.append(action, name);
  const bytes = new Uint8Array(list.byteLength);
  list.encodeInto(bytes);
  expect(Buffer.from(bytes).toString('hex')).toBe(hex.replaceAll(' ', ''));
});

test('the length is known before an entry is taken in', () => {
  const list = new EntryList();
  list.append(FILE_ACTION_ADDED, 'foo');
  expect([list.byteLength, list.byteLengthWith('bar')]).toEqual([18, 38]);
  list.clear();
  expect([list.byteLength, list.byteLengthWith('bar')]).toEqual([0, 18]);
});
