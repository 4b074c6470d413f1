// ntifs.h: disposition and rename flags, reparse tags, security information, bug checks (bugcodes.h).

export const FileDispositionFlag = {
  FILE_DISPOSITION_DELETE: 0x1,
  FILE_DISPOSITION_POSIX_SEMANTICS: 0x2,
  FILE_DISPOSITION_FORCE_IMAGE_SECTION_CHECK: 0x4,
  FILE_DISPOSITION_ON_CLOSE: 0x8,
  FILE_DISPOSITION_IGNORE_READONLY_ATTRIBUTE: 0x10,
} as const;

export const FileRenameFlag = {
  FILE_RENAME_REPLACE_IF_EXISTS: 0x1,
  FILE_RENAME_POSIX_SEMANTICS: 0x2,
  FILE_RENAME_IGNORE_READONLY_ATTRIBUTE: 0x40,
} as const;

export const ReparseTag = {
  IO_REPARSE_TAG_MOUNT_POINT: 0xa0000003,
  IO_REPARSE_TAG_HSM: 0xc0000004,
  IO_REPARSE_TAG_SIS: 0x80000007,
  IO_REPARSE_TAG_DFS: 0x8000000a,
  IO_REPARSE_TAG_FILTER_MANAGER: 0x8000000b,
  IO_REPARSE_TAG_SYMLINK: 0xa000000c,
  IO_REPARSE_TAG_DEDUP: 0x80000013,
  IO_REPARSE_TAG_NFS: 0x80000014,
} as const;

/** FSCTL_…, as CTL_CODE makes them. */
export const FsControlCode = {
  FSCTL_REQUEST_OPLOCK_LEVEL_1: 0x90000,
  FSCTL_REQUEST_OPLOCK_LEVEL_2: 0x90004,
  FSCTL_REQUEST_BATCH_OPLOCK: 0x90008,
  FSCTL_OPLOCK_BREAK_ACKNOWLEDGE: 0x9000c,
  FSCTL_OPBATCH_ACK_CLOSE_PENDING: 0x90010,
  FSCTL_OPLOCK_BREAK_NOTIFY: 0x90014,
  FSCTL_OPLOCK_BREAK_ACK_NO_2: 0x90050,
  FSCTL_REQUEST_FILTER_OPLOCK: 0x9005c,
  FSCTL_SET_REPARSE_POINT: 0x900a4,
  FSCTL_GET_REPARSE_POINT: 0x900a8,
  FSCTL_DELETE_REPARSE_POINT: 0x900ac,
  FSCTL_SET_SPARSE: 0x900c4,
  FSCTL_SET_ZERO_DATA: 0x980c8,
  FSCTL_QUERY_ALLOCATED_RANGES: 0x940cf,
  FSCTL_REQUEST_OPLOCK: 0x90240,
} as const;

const fsControlNames = new Map<number, string>(
  Object.entries(FsControlCode).map(([name, value]) => [value, name]),
);

/** "FSCTL_SET_SPARSE", or "0x90018" for a code that is not listed. */
export const fsControlName = (code: number): string =>
  fsControlNames.get(code) ?? `0x${code.toString(16)}`;

/** FS_FILTER_SECTION_SYNC_TYPE. */
export const SectionSyncType = { SyncTypeOther: 0, SyncTypeCreateSection: 1 } as const;

export const SecurityInformation = {
  OWNER_SECURITY_INFORMATION: 0x1,
  GROUP_SECURITY_INFORMATION: 0x2,
  DACL_SECURITY_INFORMATION: 0x4,
  SACL_SECURITY_INFORMATION: 0x8,
} as const;

export const BugCheck = {
  APC_INDEX_MISMATCH: 0x1,
  IRQL_NOT_LESS_OR_EQUAL: 0xa,
  KMODE_EXCEPTION_NOT_HANDLED: 0x1e,
  NTFS_FILE_SYSTEM: 0x24,
  NO_MORE_IRP_STACK_LOCATIONS: 0x35,
  PAGE_FAULT_IN_NONPAGED_AREA: 0x50,
  SYSTEM_THREAD_EXCEPTION_NOT_HANDLED: 0x7e,
  UNEXPECTED_KERNEL_MODE_TRAP: 0x7f,
  KERNEL_MODE_EXCEPTION_NOT_HANDLED: 0x8e,
  BAD_POOL_CALLER: 0xc2,
  DRIVER_VERIFIER_DETECTED_VIOLATION: 0xc4,
  PAGE_FAULT_IN_FREED_SPECIAL_POOL: 0xcc,
  PAGE_FAULT_BEYOND_END_OF_ALLOCATION: 0xcd,
  DRIVER_IRQL_NOT_LESS_OR_EQUAL: 0xd1,
  RESOURCE_NOT_OWNED: 0xe3,
  FLTMGR_FILE_SYSTEM: 0xf5,
  DRIVER_OVERRAN_STACK_BUFFER: 0xf7,
  DRIVER_RETURNED_STATUS_REPARSE_FOR_VOLUME_OPEN: 0xf9,
} as const;

const bugCheckNames = new Map<number, string>(
  Object.entries(BugCheck).map(([name, value]) => [value, name]),
);

/** "FLTMGR_FILE_SYSTEM", or "BUGCHECK_0x…" for a code that is not listed. */
export const bugCheckName = (code: number): string =>
  bugCheckNames.get(code) ?? `BUGCHECK_0x${code.toString(16).toUpperCase()}`;
