// Goal: what a notification's buffer says is read as Windows lays it out, whatever else lies in it.
// Method: buffers as hex, written by hand from R-NOTIFY-24 and 25.
import { expect, test } from 'vitest';
import { decodeNotifyInformation } from './notifyInformation.ts';

const ADDED = 'FILE_ACTION_ADDED';
const foo = '00000000 01000000 06000000 66006f006f00';

const rows: readonly (readonly [string, string, readonly (readonly [string, string])[]])[] = [
  ['nothing', '', []],
  ['one name, not padded: 0x12 bytes', foo, [[ADDED, 'foo']]],
  [
    'rename: the first entry is padded to 4',
    '14000000 04000000 06000000 66006f006f00 0000' + '00000000 05000000 06000000 620061007200',
    [
      ['FILE_ACTION_RENAMED_OLD_NAME', 'foo'],
      ['FILE_ACTION_RENAMED_NEW_NAME', 'bar'],
    ],
  ],
  [
    'padding to 8 is followed, not computed',
    `18000000${foo.slice(8)}000000000000${foo}`,
    [
      [ADDED, 'foo'],
      [ADDED, 'foo'],
    ],
  ],
  ['an action without a name', '00000000 63000000 02000000 6100', [['99', 'a']]],
  ['a lone surrogate', '00000000 01000000 02000000 00d8', [[ADDED, '\ud800']]],
  ['a length beyond the buffer', '00000000 01000000 08000000 66006f006f00', []],
  ['a next entry beyond the buffer', `40000000${foo.slice(8)}`, [[ADDED, 'foo']]],
  ['a next entry that goes nowhere', `04000000${foo.slice(8)}`, [[ADDED, 'foo']]],
  ['half a header', '00000000 0100', []],
];

test.each(rows)('%s', (_title, hex, expected) => {
  const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  const entries = decodeNotifyInformation(bytes).map((one) => [one.action, one.name]);
  expect(entries).toEqual(expected);
});
