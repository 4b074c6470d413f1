// Goal: who may do what, decided by access-control entries alone.
import { expect, test } from 'vitest';
import { AccessAlias, AccessMask, NtStatus } from '../../contract/windows/index.ts';
import type { AccessEntry } from '../io/irp.ts';
import { checkAccess, inheritedDacl, type Dacl } from './security.ts';

const ace = (sid: string, mask: number, flags = 0, type: AccessEntry['type'] = 'allow') => ({
  sid,
  type,
  mask,
  flags,
});
const full: Dacl = [ace('S-1-1-0', AccessAlias.FILE_ALL_ACCESS)];
const nobody: Dacl = [];
const strangers: Dacl = [ace('S-1-5-21-1-2-3-1001', AccessAlias.FILE_ALL_ACCESS)];
const denied: Dacl = [ace('S-1-1-0', AccessMask.FILE_WRITE_DATA, 0, 'deny'), ...full];
const late: Dacl = [...full, ace('S-1-1-0', AccessMask.FILE_WRITE_DATA, 0, 'deny')];
const maximum = AccessMask.MAXIMUM_ALLOWED;
const DENIED = NtStatus.STATUS_ACCESS_DENIED;

interface Row {
  readonly title: string;
  readonly desired: number;
  readonly dacl: Dacl;
  readonly parent?: Dacl;
  readonly withheld?: number;
  readonly unchecked?: boolean;
  readonly alsoNeeded?: number;
  readonly answer: object;
}

const rows: readonly Row[] = [
  { title: 'allowed', desired: 0x3, dacl: full, answer: { granted: 0x3 } },
  {
    title: 'an entry for somebody else',
    desired: 0x1,
    dacl: strangers,
    answer: { status: DENIED },
  },
  {
    title: 'the owner may read the DACL',
    desired: 0x20000,
    dacl: nobody,
    answer: { granted: 0x20000 },
  },
  {
    title: 'the owner may write the DACL',
    desired: 0x40000,
    dacl: nobody,
    answer: { granted: 0x40000 },
  },
  { title: 'a denial first', desired: 0x2, dacl: denied, answer: { status: DENIED } },
  { title: 'a denial too late', desired: 0x2, dacl: late, answer: { granted: 0x2 } },
  { title: 'everything there is', desired: maximum, dacl: full, answer: { granted: 0x1f01ff } },
  {
    title: 'everything but what is denied',
    desired: maximum,
    dacl: denied,
    answer: { granted: 0x1f01fd },
  },
  {
    title: 'everything but what read-only takes',
    desired: maximum,
    dacl: full,
    withheld: 0x6,
    answer: { granted: 0x1f01f9 },
  },
  { title: 'read-only', desired: 0x2, dacl: full, withheld: 0x6, answer: { status: DENIED } },
  {
    title: 'read-only, for the kernel too',
    desired: 0x2,
    dacl: full,
    withheld: 0x6,
    unchecked: true,
    answer: { status: DENIED },
  },
  {
    title: 'the kernel is not asked',
    desired: 0x3,
    dacl: nobody,
    unchecked: true,
    answer: { granted: 0x3 },
  },
  {
    title: 'the parent lets attributes be read',
    desired: 0x80,
    dacl: nobody,
    parent: [ace('S-1-1-0', AccessAlias.FILE_LIST_DIRECTORY)],
    answer: { granted: 0x80 },
  },
  {
    title: 'the parent lets its children be deleted',
    desired: 0x10000,
    dacl: nobody,
    parent: [ace('S-1-1-0', AccessMask.FILE_DELETE_CHILD)],
    answer: { granted: 0x10000 },
  },
  {
    title: 'what is needed besides is not granted',
    desired: 0x1,
    dacl: full,
    alsoNeeded: 0x2,
    answer: { granted: 0x1 },
  },
  {
    title: 'what is needed besides is missing',
    desired: 0x1,
    dacl: denied,
    alsoNeeded: 0x2,
    answer: { status: DENIED },
  },
  { title: 'nothing at all', desired: 0, dacl: full, answer: { status: DENIED } },
  {
    title: 'audit entries need a privilege',
    desired: 0x1000000,
    dacl: full,
    answer: { status: NtStatus.STATUS_PRIVILEGE_NOT_HELD },
  },
];

test.each(rows)('$title', ({ desired, dacl, parent, withheld, unchecked, alsoNeeded, answer }) => {
  const question = {
    desired,
    alsoNeeded: alsoNeeded ?? 0,
    dacl,
    parentDacl: parent ?? null,
    withheld: withheld ?? 0,
    unchecked: unchecked ?? false,
  };
  expect(checkAccess(question)).toEqual(answer);
});

const OI = 0x1;
const CI = 0x2;
const NP = 0x4;
const IO = 0x8;
const ID = 0x10;

const inheritance: readonly (readonly [string, number, boolean, readonly number[]])[] = [
  ['for files: a file', OI, false, [ID]],
  ['for files: a directory hands it on', OI, true, [OI | IO | ID]],
  ['for directories: a file', CI, false, []],
  ['for directories: a directory', CI, true, [CI | ID]],
  ['for both', OI | CI, true, [OI | CI | ID]],
  ['for both, one level', OI | CI | NP, true, [ID]],
  ['for files, one level: a directory', OI | NP, true, []],
  ['inherit only takes effect below', CI | IO, true, [CI | ID]],
];

test.each(inheritance)('inheritance, %s', (_title, flags, isDirectory, expected) => {
  const dacl = inheritedDacl([ace('S-1-5-11', 0x1, flags)], isDirectory);
  const inherited = dacl.filter(({ sid }) => sid === 'S-1-5-11');
  expect(inherited.map((entry) => entry.flags)).toEqual(expected);
  // Where nothing is inherited the token's default stands in, so nothing is ever open to all.
  expect(dacl.length).toBe(1);
});
