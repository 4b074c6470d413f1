// Goal: which names NTFS takes, which are the same, and how paths come apart.
import { expect, test } from 'vitest';
import { isLegalName, isLegalStreamName, parsePath, upcase } from './names.ts';

const comparisons: readonly (readonly [string, string, boolean])[] = [
  ['readme', 'README', true],
  ['Straße', 'STRASSE', false], // one unit never becomes two
  ['ÿ', 'Ÿ', true],
  ['ς', 'Σ', true],
  ['ı', 'I', false], // dotless i has no upper case here, in no locale
  ['ſ', 'S', false],
  ['\u212a', 'k', false], // the Kelvin sign is nobody's upper case
  ['ᾀ', 'ᾈ', true],
  ['ａ', 'Ａ', true],
  ['ა', 'Ა', false], // came to Unicode later than to NTFS
  ['\ud83d', '\ud83d', true],
  ['\ud83d\ude00', '\ud83d\ude01', false],
];

test.each(comparisons)('%s and %s: the same is %s', (a, b, same) => {
  expect(upcase(a) === upcase(b)).toBe(same);
});

const names: readonly (readonly [string, boolean])[] = [
  ['CON', true],
  ['trailing.', true],
  [' ', true],
  ['\ud83d', true],
  ['x'.repeat(255), true],
  ['x'.repeat(256), false],
  ['', false],
  ['.', false],
  ['..', false],
  ['...', true],
  ['a<b', false],
  ['a*', false],
  ['a?', false],
  ['a"b', false],
  ['a|b', false],
  ['a/b', false],
  ['tab\tname', false],
];

test.each(names)('name %j: legal is %s', (name, legal) => {
  expect(isLegalName(name)).toBe(legal);
});

test.each([
  ['?Stream*', true],
  ['a|b', true],
  ['a/b', false],
  ['a\\b', false],
  ['a:b', false],
  ['x'.repeat(256), false],
])('stream name %j: legal is %s', (name, legal) => {
  expect(isLegalStreamName(name)).toBe(legal);
});

const plain = (...components: string[]) => ({ components, stream: null, trailingBackslash: false });

const paths: readonly (readonly [string, object | null])[] = [
  ['a', plain('a')],
  ['a\\b', plain('a', 'b')],
  ['a\\', { ...plain('a'), trailingBackslash: true }],
  ['a\\\\b', null],
  ['a\\.\\b', null],
  ['a:s', { ...plain('a'), stream: { name: 's', typed: false } }],
  ['a:s:$data', { ...plain('a'), stream: { name: 's', typed: true } }],
  ['a::$DATA', { ...plain('a'), stream: { name: '', typed: true } }],
  [':s', { ...plain(), stream: { name: 's', typed: false } }],
  ['a:', null],
  ['a:s:', null],
  ['a:s:$BITMAP', null],
  ['a:s:$DATA:x', null],
  ['a:s\\b', null],
];

test.each(paths)('path %j', (path, parsed) => {
  expect(parsePath(path)).toEqual(parsed);
});
