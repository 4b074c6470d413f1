// Goal: a routine that the headers declare as an import is one that Windows exports, from the module
// that the headers name; a slip would stop a driver at its load, or let one load that Windows refuses.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kernelModules, parseExports } from '../../lab/build/exports.ts';
import { projectRoot } from '../programs.ts';

const REGION = /^FLTLAB_IMPORTS_(FLTMGR|NTOSKRNL)\n(.*?)^FLTLAB_IMPORTS_END/gms;
const DECLARED = /(?:NTAPI|FLTAPI|FASTCALL|__cdecl) (\w+)\(/g;

const folder = join(projectRoot, 'simulator/include');
const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.h'))
  .map((file) => readFileSync(join(folder, file), 'utf8'));

const exportsOf = (...modules: readonly (keyof typeof kernelModules)[]): ReadonlySet<string> =>
  new Set(
    modules.flatMap((module) =>
      parseExports(readFileSync(join(projectRoot, kernelModules[module]), 'utf8')).map(
        ({ name }) => name,
      ),
    ),
  );

const exported = {
  FLTMGR: exportsOf('FLTMGR.SYS'),
  NTOSKRNL: exportsOf('ntoskrnl.exe', 'HAL.dll'),
};

/** Not in the lists, which are those of x64 up to what documents tell. */
const notListed: Readonly<Record<string, string>> = {
  KfLowerIrql: 'exported on x86; inline on x64',
  KeInitializeSpinLock: 'exported on x86; inline on x64',
  KeQueryInterruptTime: 'exported on x86; read from a shared page on x64',
  KeQuerySystemTime: 'exported on x86; read from a shared page on x64',
  KeQueryTickCount: 'exported on x86; read from a shared page on x64',
  ExAllocateFromNPagedLookasideList: 'inline in the kit; a call here, so that allocations are seen',
  ExFreeToNPagedLookasideList: 'inline in the kit; a call here, so that allocations are seen',
  ExAllocateFromLookasideListEx: 'inline in the kit; a call here, so that allocations are seen',
  ExFreeToLookasideListEx: 'inline in the kit; a call here, so that allocations are seen',
  ExAcquirePushLockExclusiveEx: 'behind the documented macro ExAcquirePushLockExclusive',
  ExAcquirePushLockSharedEx: 'behind the documented macro ExAcquirePushLockShared',
  ExReleasePushLockExclusiveEx: 'behind the documented macro ExReleasePushLockExclusive',
  ExReleasePushLockSharedEx: 'behind the documented macro ExReleasePushLockShared',
  ExReleasePushLockEx: 'behind the documented macro ExReleasePushLock',
  IoVolumeDeviceToGuidPath: 'documented for Windows 8.1 and later',
};

describe.each(['FLTMGR', 'NTOSKRNL'] as const)('what is declared as imported from %s', (module) => {
  const declared = texts.flatMap((text) =>
    Array.from(text.matchAll(REGION))
      .filter(([, name]) => name === module)
      .flatMap(([, , body]) =>
        Array.from((body ?? '').matchAll(DECLARED), ([, name]) => name ?? ''),
      ),
  );

  test('is there', () => {
    expect(declared.length).toBeGreaterThan(150);
  });
  test('is exported by it', () => {
    const unknown = declared.filter(
      (name) => !exported[module].has(name) && notListed[name] === undefined,
    );
    expect(unknown).toEqual([]);
  });
  test('is declared once', () => {
    expect(declared.filter((name, index) => declared.indexOf(name) !== index)).toEqual([]);
  });
});

test('no exception is out of date', () => {
  expect(Object.keys(notListed).filter((name) => exported.NTOSKRNL.has(name))).toEqual([]);
});
