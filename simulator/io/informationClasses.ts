// FILE_INFORMATION_CLASS as NtQueryInformationFile and NtSetInformationFile check it: the least length
// of the buffer and the access that the handle needs. A class that is not in a table is
// STATUS_INVALID_INFO_CLASS.
// Lengths are those of 32-bit Windows, whose layouts the model uses throughout.
import { AccessMask, FileInformationClass as C } from '../../contract/windows/index.ts';
import { NotModelledSignal } from '../kernel/kernel.ts';
import { isAtLeast } from '../windows/profiles.ts';
import type { Profile } from '../windows/profile.ts';

export interface ClassRule {
  readonly length: number;
  readonly access: number;
}

interface ClassEntry extends ClassRule {
  /** The version that brought it; all when left out. */
  readonly since?: Profile['version'];
}

const { FILE_READ_ATTRIBUTES, FILE_WRITE_ATTRIBUTES, FILE_WRITE_DATA, FILE_READ_EA, DELETE } =
  AccessMask;
const { FILE_WRITE_EA } = AccessMask;

const query: ReadonlyMap<number, ClassEntry> = new Map([
  [C.FileBasicInformation, { length: 40, access: FILE_READ_ATTRIBUTES }],
  [C.FileStandardInformation, { length: 24, access: 0 }],
  [C.FileInternalInformation, { length: 8, access: 0 }],
  [C.FileEaInformation, { length: 4, access: 0 }],
  [C.FileAccessInformation, { length: 4, access: 0 }],
  [C.FileNameInformation, { length: 8, access: 0 }],
  [C.FilePositionInformation, { length: 8, access: 0 }],
  [C.FileFullEaInformation, { length: 12, access: FILE_READ_EA }],
  [C.FileModeInformation, { length: 4, access: 0 }],
  [C.FileAlignmentInformation, { length: 4, access: 0 }],
  [C.FileAllInformation, { length: 104, access: FILE_READ_ATTRIBUTES }],
  [C.FileAlternateNameInformation, { length: 8, access: 0 }],
  [C.FileStreamInformation, { length: 32, access: 0 }],
  [C.FileCompressionInformation, { length: 16, access: 0 }],
  [C.FileNetworkOpenInformation, { length: 56, access: FILE_READ_ATTRIBUTES }],
  [C.FileAttributeTagInformation, { length: 8, access: FILE_READ_ATTRIBUTES }],
  [C.FileHardLinkInformation, { length: 8, access: 0, since: '6.0' }],
  [C.FileNormalizedNameInformation, { length: 8, access: 0, since: '6.0' }],
  [C.FileStandardLinkInformation, { length: 12, access: 0, since: '6.1' }],
  [C.FileIdInformation, { length: 24, access: 0, since: '6.3' }],
  [C.FileStatInformation, { length: 72, access: FILE_READ_ATTRIBUTES, since: '10.0' }],
  [C.FileCaseSensitiveInformation, { length: 4, access: FILE_READ_ATTRIBUTES, since: '10.0' }],
  [C.FileIsRemoteDeviceInformation, { length: 1, access: 0, since: '6.3' }],
  [C.FileIoPriorityHintInformation, { length: 4, access: 0, since: '6.0' }],
] satisfies [number, ClassEntry][]);

const set: ReadonlyMap<number, ClassEntry> = new Map([
  [C.FileBasicInformation, { length: 40, access: FILE_WRITE_ATTRIBUTES }],
  [C.FileRenameInformation, { length: 16, access: DELETE }],
  [C.FileLinkInformation, { length: 16, access: 0 }],
  [C.FileDispositionInformation, { length: 1, access: DELETE }],
  [C.FilePositionInformation, { length: 8, access: 0 }],
  [C.FileFullEaInformation, { length: 12, access: FILE_WRITE_EA }],
  [C.FileModeInformation, { length: 4, access: 0 }],
  [C.FileAllocationInformation, { length: 8, access: FILE_WRITE_DATA }],
  [C.FileEndOfFileInformation, { length: 8, access: FILE_WRITE_DATA }],
  [C.FileValidDataLengthInformation, { length: 8, access: FILE_WRITE_DATA }],
  [C.FileDispositionInformationEx, { length: 4, access: DELETE, since: '10.0' }],
  [C.FileRenameInformationEx, { length: 16, access: DELETE, since: '10.0' }],
  [C.FileLinkInformationEx, { length: 16, access: 0, since: '10.0' }],
  [C.FileCaseSensitiveInformation, { length: 4, access: FILE_WRITE_ATTRIBUTES, since: '10.0' }],
] satisfies [number, ClassEntry][]);

const directory: ReadonlyMap<number, ClassEntry> = new Map([
  [C.FileDirectoryInformation, { length: 72, access: 0 }],
  [C.FileFullDirectoryInformation, { length: 72, access: 0 }],
  [C.FileBothDirectoryInformation, { length: 96, access: 0 }],
  [C.FileNamesInformation, { length: 16, access: 0 }],
  [C.FileIdBothDirectoryInformation, { length: 112, access: 0 }],
  [C.FileIdFullDirectoryInformation, { length: 88, access: 0 }],
  // Of an index of NTFS's own, each; of a directory there is no such list.
  [C.FileObjectIdInformation, { length: 72, access: 0 }],
  [C.FileQuotaInformation, { length: 56, access: 0 }],
  [C.FileReparsePointInformation, { length: 16, access: 0 }],
  [C.FileIdExtdDirectoryInformation, { length: 96, access: 0, since: '6.3' }],
  [C.FileIdExtdBothDirectoryInformation, { length: 120, access: 0, since: '10.0' }],
] satisfies [number, ClassEntry][]);

/** Classes of NtQueryInformationByName. */
const byName: ReadonlyMap<number, ClassEntry> = new Map([
  [C.FileStatInformation, { length: 72, access: 0, since: '10.0' }],
] satisfies [number, ClassEntry][]);

const tables = { query, set, directory, 'by-name': byName } as const;

/** The highest class that any of the profiles knows. */
const HIGHEST_CLASS = 80;
/** FileStatLxInformation and FileCaseSensitiveInformation can be asked for by name too. */
const alsoByName: readonly number[] = [70, 71];
/** Classes that Windows refuses for this use as well; numbers without a name are not yet named. */
const invalid: Readonly<Record<keyof typeof tables, ReadonlySet<number>>> = {
  query: new Set([0, 1, 2, 3, 10, 11, 12, 13, 19, 20, 30, 31, 36, 37, 38, 39, 40, 64, 65, 72]),
  set: new Set([
    0, 1, 2, 3, 5, 6, 7, 8, 9, 12, 17, 18, 21, 22, 28, 34, 35, 37, 38, 46, 48, 54, 59, 68,
  ]),
  'by-name': new Set(
    Array.from({ length: HIGHEST_CLASS + 1 }, (_, one) => one).filter(
      (one) => !alsoByName.includes(one),
    ),
  ),
  directory: new Set([0, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22]),
};

/**
 * The rule of a class on this Windows version; undefined for an invalid class. A class that Windows
 * knows and the model does not is refused by name.
 */
export function classRule(
  table: keyof typeof tables,
  informationClass: number,
  profile: Profile,
): ClassRule | undefined {
  const entry = tables[table].get(informationClass);
  if (entry === undefined) {
    if (informationClass > HIGHEST_CLASS || invalid[table].has(informationClass)) return undefined;
    throw new NotModelledSignal(`file information class ${informationClass} (${table})`);
  }
  if (entry.since !== undefined && !isAtLeast(profile, entry.since)) return undefined;
  return entry;
}
