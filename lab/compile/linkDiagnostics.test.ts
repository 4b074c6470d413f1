import { expect, test } from 'vitest';
import { onlyDuplicates, parseLinkOutput, toDiagnostics } from './linkDiagnostics.ts';

const isUnit = (path: string): boolean => path.startsWith('src/');
const duplicate = (name: string, ...objects: string[]): string =>
  [
    `wasm-ld: error: duplicate symbol: ${name}`,
    ...objects.map((one) => `>>> defined in ${one}`),
  ].join('\n');

test('a variable that two units define is a warning, as MSVC merges it', () => {
  const messages = parseLinkOutput(duplicate('Globals', 'src/a.c.o', 'src/b.c.o'));
  expect(onlyDuplicates(messages)).toBe(true);
  expect(toDiagnostics(messages, isUnit)).toEqual([
    expect.objectContaining({
      severity: 'warning',
      file: 'src/b.c',
      message: expect.stringContaining('Globals is defined in src/a.c and in src/b.c') as string,
    }),
  ]);
});

test('a routine of the runtime that a driver replaces is nothing to say', () => {
  const messages = parseLinkOutput(duplicate('wcschr', 'src/a.c.o', '$runtime/crt.c.o'));
  expect(toDiagnostics(messages, isUnit)).toEqual([]);
});

test('a function of two types is a warning with both', () => {
  const said = [
    'wasm-ld: warning: function signature mismatch: Helper',
    '>>> defined as (i32) -> i32 in src/a.c.o',
    '>>> defined as (i32, i32) -> i32 in src/b.c.o',
  ].join('\n');
  expect(toDiagnostics(parseLinkOutput(said), isUnit)).toEqual([
    expect.objectContaining({
      severity: 'warning',
      message:
        'Helper is declared with different types: (i32) -> i32 in src/a.c, ' +
        '(i32, i32) -> i32 in src/b.c; calling it traps',
    }),
  ]);
});

test('anything else is an error in its own words', () => {
  const messages = parseLinkOutput('wasm-ld: error: unknown file type: x.o\nnoise');
  expect(onlyDuplicates(messages)).toBe(false);
  expect(toDiagnostics(messages, isUnit)).toEqual([
    expect.objectContaining({ severity: 'error', message: 'unknown file type: x.o', file: '' }),
  ]);
});
