// Paths of the target: the plain ones in both forms, and those that would be another file than they seem.
import { expect, test } from 'vitest';
import { AssertionError } from '../../contract/assert.ts';
import {
  baseNameOf,
  joinWindows,
  objectionToName,
  parentOf,
  sftpPath,
  windowsPath,
} from './windowsPath.ts';

test.each([
  ['C:\\FltLab\\agent', 'C:\\FltLab\\agent', '/C:/FltLab/agent'],
  ['c:/FltLab/x y.sys', 'C:\\FltLab\\x y.sys', '/C:/FltLab/x y.sys'],
  ['D:\\', 'D:\\', '/D:/'],
  ['C:\\a\\', 'C:\\a', '/C:/a'],
  ['C:\\Größe\\日本', 'C:\\Größe\\日本', '/C:/Größe/日本'],
])('%s', (written, plain, sftp) => {
  const path = windowsPath(written);
  expect([path, sftpPath(path)]).toEqual([plain, sftp]);
});

test.each([
  'FltLab',
  '\\FltLab',
  'C:FltLab',
  '\\\\server\\share\\x',
  '\\\\?\\C:\\x',
  'C:\\a\\..\\b',
  'C:\\a\\\\b',
  'C:\\a\\.\\b',
  'C:\\a:stream',
  'C:\\a*',
  'C:\\a\nb',
  'C:\\dot.',
  'C:\\blank ',
  'C:\\nul.txt',
  'C:\\x\\COM1',
])('refused: %j', (written) => {
  expect(() => windowsPath(written)).toThrow(AssertionError);
});

test.each([
  ['ordinary.sys', true],
  ['.fltlab-part', true],
  ['console', true],
  ['com10', true],
  ['', false],
  ['..', false],
  ['a/b', false],
  ['a\\b', false],
  ['aux', false],
  ['Con.tar.gz', false],
  ['lpt¹', false],
  ['CONIN$', false],
  ['nul .txt', false],
  ['x'.repeat(256), false],
])('a name: %j', (name, fine) => {
  expect(objectionToName(name) === undefined).toBe(fine);
});

test('parts of a path', () => {
  const file = joinWindows(windowsPath('C:\\FltLab'), 'drivers/dirnotify');
  expect([file, parentOf(file), baseNameOf(file)]).toEqual([
    'C:\\FltLab\\drivers\\dirnotify',
    'C:\\FltLab\\drivers',
    'dirnotify',
  ]);
  expect(parentOf(windowsPath('C:\\x'))).toBe('C:\\');
  expect(() => joinWindows(file, '..\\..\\x')).toThrow(AssertionError);
});
