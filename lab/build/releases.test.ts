// Goal: an image never asks for a later Windows than the profile it was built for.
import { expect, test } from 'vitest';
import { profileNames } from '../../contract/profiles.ts';
import { isRelease, releases, subsystemOf, versionDefines, winntOf } from './releases.ts';

test('releases are listed by age', () => {
  const builds = Object.values(releases);
  expect(builds).toEqual([...builds].sort((a, b) => a - b));
});

test('a word of a list is a release or it is not', () => {
  expect([isRelease('win10-1607'), isRelease('win12'), isRelease('toString')]).toEqual([
    true,
    false,
    false,
  ]);
});

const rows = [
  [0x05010300, '5.02'],
  [0x05020000, '5.02'],
  [0x06000100, '6.00'],
  [0x06010000, '6.01'],
  // Windows 8 has no profile; Windows 7's number is the nearest that it loads.
  [0x06020000, '6.01'],
  [0x06030000, '6.03'],
  [0x0a00000b, '10.00'],
  [0x0b000000, '10.00'],
] as const;

test.each(rows)('NTDDI_VERSION 0x%x asks for subsystem %s', (ntddi, subsystem) => {
  expect(subsystemOf(ntddi)).toBe(subsystem);
});

test('each profile asks for its own', () => {
  for (const name of profileNames) {
    const { ntddi, subsystem } = versionDefines[name];
    expect(subsystemOf(ntddi), name).toBe(subsystem);
  }
});

test('_WIN32_WINNT is the upper half', () => {
  expect(winntOf(0x0a00000b)).toBe(0x0a00);
});
