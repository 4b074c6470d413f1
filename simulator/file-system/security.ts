// Discretionary access control, decoded: who may do what with a file.
//
// Differs: the model has no tokens. Every caller is the same user: owner of every file, member of the
// groups below. Privileges are those of the process that asks.
import { AccessAlias, AccessMask, NtStatus } from '../../contract/windows/index.ts';
import type { AccessEntry } from '../io/irp.ts';

/** SIDs that an entry may name and that apply to the caller. */
const callerSids: ReadonlySet<string> = new Set([
  'OWNER',
  'S-1-3-4', // owner rights
  'S-1-1-0', // everyone
  'S-1-5-11', // authenticated users
  'S-1-5-32-544', // administrators
  'S-1-5-32-545', // users
]);

const InheritanceFlag = {
  OBJECT_INHERIT_ACE: 0x1,
  CONTAINER_INHERIT_ACE: 0x2,
  NO_PROPAGATE_INHERIT_ACE: 0x4,
  INHERIT_ONLY_ACE: 0x8,
  INHERITED_ACE: 0x10,
} as const;
const ANY_INHERITANCE = 0xf;

export type Dacl = readonly AccessEntry[];

/** What a volume's root is formatted with: full access for everyone, inherited by everything. */
export const everyoneFull: Dacl = [
  {
    sid: 'S-1-1-0',
    type: 'allow',
    mask: AccessAlias.FILE_ALL_ACCESS,
    flags: InheritanceFlag.OBJECT_INHERIT_ACE | InheritanceFlag.CONTAINER_INHERIT_ACE,
  },
];

/** The default DACL of the caller's token: where nothing is inherited. */
const tokenDefault: Dacl = [
  { sid: 'OWNER', type: 'allow', mask: AccessAlias.FILE_ALL_ACCESS, flags: 0 },
];

/** SeAssignSecurity, the DACL of a new object. Models the inheritance of access-control entries. */
export function inheritedDacl(parent: Dacl, isDirectory: boolean): Dacl {
  const inherited: AccessEntry[] = [];
  for (const entry of parent) inherited.push(...inheritedEntry(entry, isDirectory));
  return inherited.length === 0 ? tokenDefault : inherited;
}

function inheritedEntry(entry: AccessEntry, isDirectory: boolean): AccessEntry[] {
  const forFiles = (entry.flags & InheritanceFlag.OBJECT_INHERIT_ACE) !== 0;
  const forDirectories = (entry.flags & InheritanceFlag.CONTAINER_INHERIT_ACE) !== 0;
  const stops = (entry.flags & InheritanceFlag.NO_PROPAGATE_INHERIT_ACE) !== 0;
  const mark = InheritanceFlag.INHERITED_ACE;
  if (!isDirectory) return forFiles ? [{ ...entry, flags: mark }] : [];
  const onwards = stops ? 0 : entry.flags & ANY_INHERITANCE & ~InheritanceFlag.INHERIT_ONLY_ACE;
  if (forDirectories) return [{ ...entry, flags: onwards | mark }];
  if (!forFiles || stops) return [];
  // Meant for files only: the directory hands it on without obeying it.
  return [{ ...entry, flags: onwards | InheritanceFlag.INHERIT_ONLY_ACE | mark }];
}

/** Rights that the caller has by a DACL; an owner may always read and change it. */
export function rightsBy(dacl: Dacl): number {
  let allowed = AccessMask.READ_CONTROL | AccessMask.WRITE_DAC;
  let decided = allowed;
  for (const { sid, type, mask, flags } of dacl) {
    if (!callerSids.has(sid) || (flags & InheritanceFlag.INHERIT_ONLY_ACE) !== 0) continue;
    const rights = mapGeneric(mask) & ~decided;
    if (type === 'allow') allowed |= rights;
    decided |= rights;
  }
  return allowed >>> 0;
}

/** The generic mapping of files. */
export function mapGeneric(mask: number): number {
  let mapped = mask & 0x0fffffff;
  if (mask & AccessMask.GENERIC_ALL) mapped |= AccessAlias.FILE_ALL_ACCESS;
  if (mask & AccessMask.GENERIC_EXECUTE) mapped |= AccessAlias.FILE_GENERIC_EXECUTE;
  if (mask & AccessMask.GENERIC_WRITE) mapped |= AccessAlias.FILE_GENERIC_WRITE;
  if ((mask & AccessMask.GENERIC_READ) !== 0) mapped |= AccessAlias.FILE_GENERIC_READ;
  return mapped >>> 0;
}

const BACKUP =
  AccessAlias.FILE_GENERIC_READ | AccessMask.FILE_EXECUTE | AccessMask.ACCESS_SYSTEM_SECURITY;
const RESTORE =
  AccessAlias.FILE_GENERIC_WRITE |
  AccessMask.WRITE_DAC |
  AccessMask.WRITE_OWNER |
  AccessMask.DELETE |
  AccessMask.ACCESS_SYSTEM_SECURITY;

/** What each privilege gives; the first two only to who opens with FILE_OPEN_FOR_BACKUP_INTENT. */
const byPrivilege: readonly (readonly [name: string, rights: number, withIntent: boolean])[] = [
  ['SeBackupPrivilege', BACKUP, true],
  ['SeRestorePrivilege', RESTORE, true],
  ['SeSecurityPrivilege', AccessMask.ACCESS_SYSTEM_SECURITY, false],
  ['SeTakeOwnershipPrivilege', AccessMask.WRITE_OWNER, false],
];

export function privilegedRights(privileges: ReadonlySet<string>, backupIntent: boolean): number {
  let all = 0;
  for (const [name, rights, withIntent] of byPrivilege) {
    if (privileges.has(name) && (backupIntent || !withIntent)) all |= rights;
  }
  return all >>> 0;
}

/** Whether the directory lets its users pass to what is below it. */
export const mayBePassed = (dacl: Dacl): boolean =>
  (rightsBy(dacl) & AccessAlias.FILE_TRAVERSE) !== 0;

export interface AccessQuestion {
  /** Generic rights mapped already; MAXIMUM_ALLOWED allowed. */
  readonly desired: number;
  /** Needed besides, but not granted to the handle: what an overwrite does to the file. */
  readonly alsoNeeded: number;
  readonly dacl: Dacl;
  /** Of the directory that holds the name; null for the root. */
  readonly parentDacl: Dacl | null;
  /** Rights that the file's attributes take away (FILE_ATTRIBUTE_READONLY). */
  readonly withheld: number;
  /** What the caller's privileges give him, whatever the DACL says. */
  readonly privileged?: number;
  /** A kernel-mode request is checked only when it asks for it (SL_FORCE_ACCESS_CHECK). */
  readonly unchecked: boolean;
}

export type AccessAnswer = { readonly granted: number } | { readonly status: NtStatus };

/**
 * SeAccessCheck and what NTFS adds: FILE_LIST_DIRECTORY of the parent lets its attributes be read,
 * FILE_DELETE_CHILD lets the file be deleted. MAXIMUM_ALLOWED grants whatever there is (R-IO-8).
 */
export function checkAccess(question: AccessQuestion): AccessAnswer {
  const { desired, alsoNeeded, withheld, unchecked } = question;
  const wanted = (desired & ~AccessMask.MAXIMUM_ALLOWED) >>> 0;
  const audits = ((question.privileged ?? 0) & AccessMask.ACCESS_SYSTEM_SECURITY) !== 0;
  if (!unchecked && !audits && (wanted & AccessMask.ACCESS_SYSTEM_SECURITY) !== 0) {
    return { status: NtStatus.STATUS_PRIVILEGE_NOT_HELD };
  }
  const rights = unchecked
    ? AccessAlias.FILE_ALL_ACCESS
    : (availableRights(question) | (question.privileged ?? 0)) >>> 0;
  const usable = (rights & ~withheld) >>> 0;
  const checked = unchecked ? wanted & withheld : wanted;
  if ((checked & ~usable) !== 0) return { status: NtStatus.STATUS_ACCESS_DENIED };
  if (!unchecked && (alsoNeeded & ~rights) !== 0) return { status: NtStatus.STATUS_ACCESS_DENIED };
  const isMaximum = (desired & AccessMask.MAXIMUM_ALLOWED) !== 0;
  const granted = (isMaximum ? wanted | usable : wanted) >>> 0;
  // SeAccessCheck refuses a caller that asks for nothing.
  return granted === 0 && !unchecked ? { status: NtStatus.STATUS_ACCESS_DENIED } : { granted };
}

function availableRights({ dacl, parentDacl }: AccessQuestion): number {
  let rights = rightsBy(dacl);
  if (parentDacl !== null) {
    const overParent = rightsBy(parentDacl);
    if (overParent & AccessAlias.FILE_LIST_DIRECTORY) rights |= AccessMask.FILE_READ_ATTRIBUTES;
    if (overParent & AccessMask.FILE_DELETE_CHILD) rights |= AccessMask.DELETE;
  }
  return rights >>> 0;
}
