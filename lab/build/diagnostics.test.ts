// Goal: what clang and lld-link print becomes rows that an editor can show.
import { expect, test } from 'vitest';
import { formatDiagnostic, parseClang, parseLld, withinFolder } from './diagnostics.ts';

const folder = process.platform === 'win32' ? 'C:\\samples\\dir' : '/samples/dir';

const clangRows = [
  [
    'a warning with its flag',
    "filter.c:12:3: warning: unused variable 'x' [-Wunused-variable]",
    [
      {
        file: 'filter.c',
        line: 12,
        column: 3,
        severity: 'warning',
        message: "unused variable 'x'",
        flag: '-Wunused-variable',
      },
    ],
  ],
  [
    'a warning that is an error',
    'a.c:1:2: error: bad [-Werror,-Wimplicit-function-declaration]',
    [
      {
        file: 'a.c',
        line: 1,
        column: 2,
        severity: 'error',
        message: 'bad',
        flag: '-Wimplicit-function-declaration',
      },
    ],
  ],
  [
    'a missing header',
    "a.c:1:10: fatal error: 'nosuch.h' file not found",
    [
      {
        file: 'a.c',
        line: 1,
        column: 10,
        severity: 'error',
        message: "'nosuch.h' file not found",
      },
    ],
  ],
  [
    'a note below its error, and the context above it',
    'In file included from a.c:1:\n./src\\b.h:2:3: error: e\nb.h:1:1: note: n\n1 error generated.',
    [
      { file: 'src\\b.h', line: 2, column: 3, severity: 'error', message: 'e' },
      { file: 'b.h', line: 1, column: 1, severity: 'note', message: 'n' },
    ],
  ],
  [
    'a drive letter is part of the file',
    'D:\\x\\a.c:4:5: error: e',
    [{ file: 'D:\\x\\a.c', line: 4, column: 5, severity: 'error', message: 'e' }],
  ],
  [
    'brackets that are no flag stay in the message',
    "a.c:1:1: error: array 'b' of type 'int[3]' [3]",
    [
      {
        file: 'a.c',
        line: 1,
        column: 1,
        severity: 'error',
        message: "array 'b' of type 'int[3]' [3]",
      },
    ],
  ],
  [
    'the program itself',
    "clang-19: error: unknown argument: '-fno-such'",
    [{ severity: 'error', message: "unknown argument: '-fno-such'" }],
  ],
  ['what is no diagnostic', 'Stack dump:\n0. Program arguments: clang', []],
] as const;

test.each(clangRows)('clang: %s', (_title, output, expected) => {
  expect(parseClang(output, folder)).toEqual(expected);
});

const lldRows = [
  [
    'an undefined routine and who uses it',
    'lld-link-19: error: undefined symbol: FltNothing\n>>> referenced by obj/a.obj:(DriverEntry)\n',
    [
      { severity: 'error', message: 'FltNothing', flag: 'undefined-symbol' },
      { file: 'a.c', severity: 'note', message: 'used in DriverEntry' },
    ],
  ],
  [
    'an undefined variable',
    'lld-link: error: undefined symbol: __declspec(dllimport) SomeCount',
    [{ severity: 'error', message: 'SomeCount', flag: 'undefined-symbol' }],
  ],
  [
    'the entry point',
    'lld-link: error: <root>: undefined symbol: DriverEntry',
    [{ severity: 'error', message: 'DriverEntry', flag: 'undefined-symbol' }],
  ],
  [
    'two definitions',
    '/usr/bin/lld-link-19: error: duplicate symbol: Filter\n>>> defined at a.obj',
    [{ severity: 'error', message: 'duplicate symbol: Filter' }],
  ],
  [
    'a warning',
    'lld-link: warning: ignoring section',
    [{ severity: 'warning', message: 'ignoring section' }],
  ],
] as const;

test.each(lldRows)('lld: %s', (_title, output, expected) => {
  const sourceOf = (object: string): string | undefined =>
    object === 'obj/a.obj' ? 'a.c' : undefined;
  expect(parseLld(output, sourceOf)).toEqual(expected);
});

test('files of the folder are named from it, others whole', () => {
  expect(withinFolder('./src/a.c', folder)).toBe('src/a.c');
  if (process.platform !== 'win32') {
    expect(withinFolder('/samples/dir/src/a.c', folder)).toBe('src/a.c');
    expect(withinFolder('/usr/include/ddk/wdm.h', folder)).toBe('/usr/include/ddk/wdm.h');
    expect(withinFolder('/samples/dirtwo/a.c', folder)).toBe('/samples/dirtwo/a.c');
  }
});

test('a diagnostic prints as a terminal can follow it', () => {
  const [warning] = parseClang('a.c:1:2: warning: w [-Wx]', folder);
  const [symbol] = parseLld('lld-link: error: undefined symbol: S', () => undefined);
  expect([warning, symbol].map((each) => each && formatDiagnostic(each))).toEqual([
    'a.c:1:2: warning: w [-Wx]',
    'error: undefined symbol: S',
  ]);
});
