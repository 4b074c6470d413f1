// Goal: masks match as FsRtlIsNameInExpression does, DOS wildcards included.
import { expect, test } from 'vitest';
import { nameMatches } from './wildcards.ts';

const rows: readonly (readonly [string, string, boolean])[] = [
  ['*', 'ANYTHING.TXT', true],
  ['*', '.', true],
  ['FILE*', 'FILEABC1', true],
  ['FILE*', 'DIR1', false],
  ['*.TXT', 'A.TXT', true],
  ['*.TXT', 'A.TXT.BAK', false],
  ['*.*', 'NODOT', false], // Win32 writes "<.*" for this; the native mask is literal
  ['?', 'A', true],
  ['?', 'AB', false],
  ['??', 'A', false],
  ['A*B*C', 'AXXBYYC', true],
  ['A*B*C', 'AXXBYY', false],
  ['N.TMP', 'N.TMP', true],
  ['>>', 'A', true], // DOS_QM matches nothing at the end
  ['>>', 'ABC', false],
  ['>>>.TXT', 'A.TXT', true], // and nothing before a dot
  ['<.TXT', 'A.B.TXT', true], // DOS_STAR reaches to the last dot
  ['<.B', 'A.B.C', false],
  ['<', 'NODOT', true],
  ['A"', 'A', true], // DOS_DOT matches nothing at the end
  ['A"B', 'A.B', true],
  ['', '', true],
  ['', 'A', false],
];

test.each(rows)('mask %j, name %j: %s', (mask, name, matches) => {
  expect(nameMatches(mask, name)).toBe(matches);
});
