// Goal: the tables of imports say the truth about Windows: a name is one that the module exports, and
// no profile offers a routine that its Windows does not have.
// Method: each row is held against the lists that import libraries are made from.
import { describe, expect, test } from 'vitest';
import { profileNames } from '../contract/profiles.ts';
import { exportsOf, releases } from '../lab/build/index.ts';
import { exportTables, type Binding } from '../simulator/driver/index.ts';
import { profileOf } from '../simulator/index.ts';

/** Each version once, oldest first, with the build that its profile plays. */
const versions = profileNames
  .map((name) => profileOf(name))
  .filter(({ version }, index, all) => all[index - 1]?.version !== version);

/** The first version that is played and has what came with `build`; null for all of them. */
function firstWith(build: number): string | null {
  const found = versions.findIndex((one) => one.build >= build);
  return found <= 0 ? null : (versions[found]?.version ?? null);
}

/** On 32-bit Windows several routines that our headers give to the kernel are the HAL's. */
const lists = {
  fltmgr: [exportsOf('FLTMGR.SYS')],
  ntoskrnl: [exportsOf('ntoskrnl.exe'), exportsOf('HAL.dll')],
} as const;

/** Not in the lists, which are those of x64. Reviewed one by one. */
const only32Bit = [
  'KeInitializeSpinLock',
  'KeQuerySystemTime',
  'KeQueryTickCount',
  'KfLowerIrql',
] as const;
const inlineInTheKit = [
  'ExAllocateFromLookasideListEx',
  'ExAllocateFromNPagedLookasideList',
  'ExFreeToLookasideListEx',
  'ExFreeToNPagedLookasideList',
] as const;
/** Documented under the name of the macro only. */
const behindMacros = [
  'ExAcquirePushLockExclusiveEx',
  'ExAcquirePushLockSharedEx',
  'ExReleasePushLockEx',
] as const;
const unlisted = new Set<string>([...only32Bit, ...inlineInTheKit, ...behindMacros]);

describe.each(['fltmgr', 'ntoskrnl'] as const)('%s', (module) => {
  const rows = Object.entries(exportTables[module]);

  test.each(rows)('%s is exported since then', (name, { since }: Binding) => {
    const exported = lists[module].map((list) => list.get(name)).find((one) => one !== undefined);
    expect(exported === undefined, `whether ${name} is in lab/build/exports`).toBe(
      unlisted.has(name),
    );
    if (exported === undefined || !exported.sinceIsCertain) return;
    const build = exported.since === undefined ? 0 : releases[exported.since];
    expect(since).toBe(firstWith(build));
  });
});
