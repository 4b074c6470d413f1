// Goal: the newest compiler that can build a driver is found, and what is missing is named with the
// package that has it.
import { expect, test } from 'vitest';
import { requireParts, searchParts, type Machine } from './parts.ts';

const signal = new AbortController().signal;

/** A machine with these programs (name to what --version prints) and these files. */
function machine(programs: Record<string, string>, files: readonly string[]): Machine {
  return {
    find: async (name) => (name in programs ? `/bin/${name}` : undefined),
    run: async (program, args) => {
      const name = program.replace('/bin/', '');
      const stdout = args[0] === '--version' ? (programs[name] ?? '') : '/lib/clang/19\n';
      return { kind: 'exited', code: 0, stdout, stderr: '', truncated: false };
    },
    exists: async (path) => files.includes(path),
    mingwIncludes: ['/a', '/b'],
    wineFltKernels: ['/c/ddk/fltkernel.h', '/d/ddk/fltkernel.h'],
  };
}

const clang = (version: string): string => `Debian clang version ${version} (3~deb12u1)\nTarget: x`;
const lld = (version: string): string => `Debian LLD ${version}\n`;
const headers = ['/b/ddk/ntifs.h', '/d/ddk/fltkernel.h'];

test('all parts are there', async () => {
  const { parts, probe } = await searchParts(
    machine({ 'clang-19': clang('19.1.7'), 'lld-link-19': lld('19.1.7') }, headers),
    signal,
  );
  expect(parts).toEqual({
    clang: { path: '/bin/clang-19', version: '19.1.7' },
    lld: { path: '/bin/lld-link-19', version: '19.1.7' },
    mingwInclude: '/b',
    wineFltKernel: '/d/ddk/fltkernel.h',
    clangInclude: '/lib/clang/19/include',
  });
  expect(probe).toMatchObject({
    available: true,
    version: 'clang 19.1.7, lld 19.1.7',
    missing: [],
  });
});

const rows = [
  [
    'the newest of several',
    { 'clang-19': clang('19.1.7'), 'clang-21': clang('21.0.1'), clang: clang('14.0.6') },
    '/bin/clang-21',
  ],
  ['the one without a suffix', { clang: clang('20.1.0') }, '/bin/clang'],
  ['an old one is not taken', { 'clang-14': clang('14.0.6'), clang: clang('14.0.6') }, undefined],
  ['a program that says something else', { clang: 'Apple clang, no number' }, undefined],
] as const;

test.each(rows)('clang: %s', async (_title, programs, path) => {
  const { probe } = await searchParts(machine(programs, headers), signal);
  expect(probe.found.find(({ part }) => part === 'clang')?.path).toBe(path);
});

test('an old compiler is named with the reason why it is refused', async () => {
  const { probe } = await searchParts(machine({ clang: clang('14.0.6') }, headers), signal);
  expect(probe.version).toBe('clang 14.0.6 (too old), lld missing');
  expect(probe.missing[0]).toEqual({
    part: 'clang',
    need: 'It compiles the driver for Windows.',
    install:
      'On Debian: apt-get install clang-19. /bin/clang is version 14.0.6; 19 is the oldest that works.',
    package: 'clang-19',
  });
});

test('a bare machine is told every package at once', async () => {
  await expect(requireParts(machine({}, []), signal)).rejects.toMatchObject({
    code: 'build.toolchain-missing',
    remedy:
      'Install it, on Debian with: apt-get install clang-19 lld-19 mingw-w64-common libwine-dev',
  });
});
