// Goal: no path of a workload, and no setting, leads outside the folder that the agent may touch.
import { expect, test } from 'vitest';
import { LabError } from '../../contract/errors/labError.ts';
import { isRootPath, joinRoot, relativeName } from './roots.ts';

const roots = new Map([['C', 'C:\\fltlab\\work']]);

const joined: readonly (readonly [string, string])[] = [
  ['', '\\??\\C:\\fltlab\\work'],
  ['a\\b', '\\??\\C:\\fltlab\\work\\a\\b'],
  ['a.', '\\??\\C:\\fltlab\\work\\a.'],
  ['CON', '\\??\\C:\\fltlab\\work\\CON'],
  ['f:stream', '\\??\\C:\\fltlab\\work\\f:stream'],
  ['f::$DATA', '\\??\\C:\\fltlab\\work\\f::$DATA'],
];

test.each(joined)('"%s" becomes %s', (path, expected) => {
  expect(joinRoot(roots, 'C', path)).toBe(expected);
});

const escaping = [
  '..',
  'a\\..\\..\\b',
  '.',
  '\\x',
  '/x',
  'a/../..',
  'C:',
  'D:',
  'a:\\b',
  'a:b\\..',
];

test.each(escaping)('"%s" is refused, joined or relative', (path) => {
  const code = (work: () => unknown): unknown => {
    try {
      return work();
    } catch (error) {
      return error instanceof LabError ? error.code : error;
    }
  };
  expect(code(() => joinRoot(roots, 'C', path))).toBe('workload.path-escapes');
  expect(code(() => relativeName(path))).toBe('workload.path-escapes');
});

test('a volume without a root, and a name that no UNICODE_STRING holds, are refused', () => {
  expect(() => joinRoot(roots, 'E', 'x')).toThrow('"E"');
  expect(() => joinRoot(roots, 'C', 'x'.repeat(32_749))).toThrow('UNICODE_STRING');
  expect(joinRoot(roots, 'C', 'x'.repeat(32_748)).length).toBe(32_767);
});

const candidates: readonly (readonly [string, boolean])[] = [
  ['C:\\fltlab\\work', true],
  ['d:\\x', true],
  ['C:\\', false],
  ['C:', false],
  ['C:\\a\\..\\Windows', false],
  ['C:\\a\\', false],
  ['C:\\a.', false],
  ['C:\\a \\b', false],
  ['C:/a', false],
  ['\\\\server\\share\\a', false],
  ['\\\\?\\C:\\a', false],
  ['relative', false],
  ['C:\\a:b', false],
  ['C:\\a*', false],
];

test.each(candidates)('%s may be a root: %s', (path, expected) => {
  expect(isRootPath(path)).toBe(expected);
});
