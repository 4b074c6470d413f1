// Goal: the test of the tutorials can fail: a command that is not run, a line that is not printed and an
// excerpt that is not in the source are all found.
import { describe, expect, test } from 'vitest';
import { firstMissing, isExcerptOf, readTutorial } from './tutorials.ts';

test('blocks are read by their language and marks', () => {
  const markdown = [
    ['```sh tested exit=3', 'npx fltlab simulate x', 'npx fltlab kd x -c "g; kn"', '```'],
    ['words', '```text', 'one', '', '  two …', '```', '```c a/b.c', 'int i;', '```'],
    ['```sh', 'npx fltlab serve', '```', ''],
  ];
  expect(readTutorial(markdown.flat().join('\n'))).toEqual({
    scenes: [
      {
        commands: [
          ['fltlab', 'simulate', 'x'],
          ['fltlab', 'kd', 'x', '-c', 'g; kn'],
        ],
        exitCode: 3,
        quoted: ['one', '  two …'],
      },
    ],
    excerpts: [{ file: 'a/b.c', lines: ['int i;'] }],
    untested: 1,
  });
});

describe('quoted lines', () => {
  const output = 'a (1)\nb 0x1000 c  \n  d\na (2)\n';
  test.each([
    [['a (1)', 'b 0x1000 c', '  d'], undefined],
    [['a (1)', 'b … c', 'a (2)'], undefined],
    [['a (2)', '  d'], '  d'],
    [['d'], 'd'],
    [['b 0x1001 c'], 'b 0x1001 c'],
    [['a (1)', 'a (1)'], 'a (1)'],
  ])('%j: missing %j', (quoted, missing) => {
    expect(firstMissing(quoted, output)).toBe(missing);
  });
});

test.each([
  [['if (a) {', '    b();', '}'], true],
  [['    b();'], true],
  [['if (a) {', '}'], false],
  [['b('], false],
])('%j is an excerpt: %j', (lines, expected) => {
  expect(isExcerptOf(lines, '  if (a) {\n\n      b();\n  }\n')).toBe(expected);
});
