// Goal: the lists of exports are well formed, and say of a few names what their pages say.
import { describe, expect, test } from 'vitest';
import {
  definitionFile,
  exportsOf,
  exportsText,
  kernelModules,
  parseExports,
  type KernelModule,
} from './exports.ts';

test('a line is a name, DATA and a release, the last two as they are needed', () => {
  const text = '# comment\n\nA\nB DATA\nC win7   # why\nD DATA win8?\n';
  expect(parseExports(text)).toEqual([
    { name: 'A', data: false, sinceIsCertain: true },
    { name: 'B', data: true, sinceIsCertain: true },
    { name: 'C', data: false, since: 'win7', sinceIsCertain: true },
    { name: 'D', data: true, since: 'win8', sinceIsCertain: false },
  ]);
});

test.each(['A win95', 'A win7 win8', 'A B C', '1A', 'A-B'])('"%s" is no line of a list', (line) => {
  expect(() => parseExports(line)).toThrow();
});

test('a definition file names the module and marks variables', () => {
  expect(definitionFile('FLTMGR.SYS', parseExports('FltClose\nCount DATA win7'))).toBe(
    'LIBRARY "FLTMGR.SYS"\r\nEXPORTS\r\n  FltClose\r\n  Count DATA\r\n',
  );
});

const modules = Object.keys(kernelModules) as readonly KernelModule[];

describe.each(modules)('%s', (module) => {
  test('is in ordinal order, each name once', () => {
    const names = parseExports(exportsText(module)).map(({ name }) => name);
    expect(names).toEqual([...new Set(names)].sort((a, b) => (a < b ? -1 : 1)));
  });
});

test('no name is in two modules: an import would depend on the order of linking', () => {
  const names = modules.flatMap((module) => [...exportsOf(module).keys()]);
  expect(names.length).toBe(new Set(names).size);
});

const known = [
  ['FLTMGR.SYS', 'FltRegisterFilter', undefined, true],
  ['FLTMGR.SYS', 'FltCreateFileEx2', 'vista', true],
  ['FLTMGR.SYS', 'FltGetNewSystemBufferAddress', 'win7', true],
  ['FLTMGR.SYS', 'FltIsIoRedirectionAllowed', 'win7', true],
  ['FLTMGR.SYS', 'FltCreateSectionForDataScan', 'win8', true],
  ['FLTMGR.SYS', 'FltAddOpenReparseEntry', 'win10-1607', true],
  ['FLTMGR.SYS', 'FltFlushBuffers2', 'win10-2004', false],
  ['FLTMGR.SYS', 'FltVetoBypassIo', 'win11', true],
  ['ntoskrnl.exe', 'ExAllocatePoolWithTag', undefined, true],
  ['ntoskrnl.exe', '__C_specific_handler', undefined, true],
  ['ntoskrnl.exe', 'ExAllocatePool2', 'win10-2004', true],
  ['HAL.dll', 'KeQueryPerformanceCounter', undefined, true],
] as const;

test.each(known)('%s: %s since %s', (module, name, since, sinceIsCertain) => {
  expect(exportsOf(module).get(name)).toEqual({
    name,
    data: false,
    ...(since === undefined ? {} : { since }),
    sinceIsCertain,
  });
});

test.each(['PsProcessType', 'IoFileObjectType', 'MmUserProbeAddress', 'SeExports'])(
  '%s is a variable',
  (name) => {
    expect(exportsOf('ntoskrnl.exe').get(name)?.data).toBe(true);
  },
);
