import { expect, test } from 'vitest';
import { formatDiagnostic, parseDiagnostics, type Diagnostic } from './diagnostics.ts';

const table: [said: string, expected: Partial<Diagnostic>][] = [
  [
    "src/a.c:3:46:{3:46-3:47}: error: use of undeclared identifier 'y' [Semantic Issue]",
    {
      file: 'src/a.c',
      line: 3,
      column: 46,
      endLine: 3,
      endColumn: 47,
      severity: 'error',
      message: "use of undeclared identifier 'y'",
      category: 'Semantic Issue',
    },
  ],
  [
    'src/a.c:5:54:{5:50-5:51}{5:54-5:55}: error: too many arguments [Semantic Issue]',
    { column: 54, endColumn: 55 },
  ],
  [
    "a.c:4:47:{4:45-4:46}: error: no member named 'c' in 'struct A' [Semantic Issue]",
    { column: 47, message: "no member named 'c' in 'struct A'" },
  ],
  ["a.c:3:34: error: expected ';' after expression [Parse Issue]", { line: 3, column: 34 }],
  [
    'a.c:5:37:{5:35-5:40}: warning: using the result [-Wparentheses,Semantic Issue]',
    { severity: 'warning', flag: '-Wparentheses', endColumn: 40, message: 'using the result' },
  ],
  [
    'a.c:3:28: error: call to undeclared function [-Werror,-Wimplicit,Semantic Issue]',
    { severity: 'error', flag: '-Wimplicit', category: 'Semantic Issue' },
  ],
  [
    "a.c:1:10:{1:10-1:18}: fatal error: 'nono.h' file not found [Lexical Issue]",
    { severity: 'error', message: "'nono.h' file not found", endColumn: 18 },
  ],
  ['a.c:2:5: note: expanded from macro [x]', { severity: 'note', message: 'expanded from macro' }],
  ["error: unknown argument: '-x'", { file: '', line: 0, severity: 'error' }],
];

test.each(table)('%s', (said, expected) => {
  expect(parseDiagnostics(said)).toEqual([expect.objectContaining(expected)]);
});

test('source lines, carets and include stacks are stepped over; fix-its belong to what they fix', () => {
  const said = [
    'In file included from src/a.c:1:',
    "src/h.h:2:16: error: use of undeclared identifier 'retrun' [Semantic Issue]",
    '    2 | x:1:2: error: not a diagnostic',
    '      |                ^~~~~~',
    'fix-it:"src/h.h":{2:16-2:22}:"return"',
    'fix-it:"src/h.h":{2:22-2:22}:" \\"q\\"\\n"',
    'src/a.c:4:1: warning: other [-Wx]',
    '1 warning and 1 error generated.',
  ].join('\n');
  expect(parseDiagnostics(said)).toEqual([
    expect.objectContaining({
      file: 'src/h.h',
      fixes: [
        { line: 2, column: 16, endLine: 2, endColumn: 22, text: 'return' },
        { line: 2, column: 22, endLine: 2, endColumn: 22, text: ' "q"\n' },
      ],
    }),
    expect.objectContaining({ file: 'src/a.c', flag: '-Wx' }),
  ]);
});

test('one line for people', () => {
  const [warning] = parseDiagnostics('a.c:4:1: warning: other [-Wx,Semantic Issue]');
  expect(warning && formatDiagnostic(warning)).toBe('a.c:4:1: warning: other [-Wx]');
});
