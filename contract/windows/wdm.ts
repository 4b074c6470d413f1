// wdm.h: major and minor functions, create dispositions and options, IRP and stack-location flags,
// file-object flags, information classes. Names and values verbatim.

export const IrpMajor = {
  IRP_MJ_CREATE: 0x00,
  IRP_MJ_CREATE_NAMED_PIPE: 0x01,
  IRP_MJ_CLOSE: 0x02,
  IRP_MJ_READ: 0x03,
  IRP_MJ_WRITE: 0x04,
  IRP_MJ_QUERY_INFORMATION: 0x05,
  IRP_MJ_SET_INFORMATION: 0x06,
  IRP_MJ_QUERY_EA: 0x07,
  IRP_MJ_SET_EA: 0x08,
  IRP_MJ_FLUSH_BUFFERS: 0x09,
  IRP_MJ_QUERY_VOLUME_INFORMATION: 0x0a,
  IRP_MJ_SET_VOLUME_INFORMATION: 0x0b,
  IRP_MJ_DIRECTORY_CONTROL: 0x0c,
  IRP_MJ_FILE_SYSTEM_CONTROL: 0x0d,
  IRP_MJ_DEVICE_CONTROL: 0x0e,
  IRP_MJ_INTERNAL_DEVICE_CONTROL: 0x0f,
  IRP_MJ_SHUTDOWN: 0x10,
  IRP_MJ_LOCK_CONTROL: 0x11,
  IRP_MJ_CLEANUP: 0x12,
  IRP_MJ_CREATE_MAILSLOT: 0x13,
  IRP_MJ_QUERY_SECURITY: 0x14,
  IRP_MJ_SET_SECURITY: 0x15,
  IRP_MJ_POWER: 0x16,
  IRP_MJ_SYSTEM_CONTROL: 0x17,
  IRP_MJ_DEVICE_CHANGE: 0x18,
  IRP_MJ_QUERY_QUOTA: 0x19,
  IRP_MJ_SET_QUOTA: 0x1a,
  IRP_MJ_PNP: 0x1b,
} as const;

/** Minor functions, by major. */
export const IrpMinor = {
  IRP_MN_QUERY_DIRECTORY: 0x01,
  IRP_MN_NOTIFY_CHANGE_DIRECTORY: 0x02,
  IRP_MN_NOTIFY_CHANGE_DIRECTORY_EX: 0x03,
  IRP_MN_USER_FS_REQUEST: 0x00,
  IRP_MN_MOUNT_VOLUME: 0x01,
  IRP_MN_VERIFY_VOLUME: 0x02,
  IRP_MN_LOAD_FILE_SYSTEM: 0x03,
  IRP_MN_LOCK: 0x01,
  IRP_MN_UNLOCK_SINGLE: 0x02,
  IRP_MN_UNLOCK_ALL: 0x03,
  IRP_MN_UNLOCK_ALL_BY_KEY: 0x04,
  IRP_MN_NORMAL: 0x00,
} as const;

export const Disposition = {
  FILE_SUPERSEDE: 0,
  FILE_OPEN: 1,
  FILE_CREATE: 2,
  FILE_OPEN_IF: 3,
  FILE_OVERWRITE: 4,
  FILE_OVERWRITE_IF: 5,
} as const;

/** IoStatus.Information of a create. */
export const CreateResult = {
  FILE_SUPERSEDED: 0,
  FILE_OPENED: 1,
  FILE_CREATED: 2,
  FILE_OVERWRITTEN: 3,
  FILE_EXISTS: 4,
  FILE_DOES_NOT_EXIST: 5,
} as const;

export const CreateOption = {
  FILE_DIRECTORY_FILE: 0x1,
  FILE_WRITE_THROUGH: 0x2,
  FILE_SEQUENTIAL_ONLY: 0x4,
  FILE_NO_INTERMEDIATE_BUFFERING: 0x8,
  FILE_SYNCHRONOUS_IO_ALERT: 0x10,
  FILE_SYNCHRONOUS_IO_NONALERT: 0x20,
  FILE_NON_DIRECTORY_FILE: 0x40,
  FILE_CREATE_TREE_CONNECTION: 0x80,
  FILE_COMPLETE_IF_OPLOCKED: 0x100,
  FILE_NO_EA_KNOWLEDGE: 0x200,
  FILE_OPEN_REMOTE_INSTANCE: 0x400,
  FILE_RANDOM_ACCESS: 0x800,
  FILE_DELETE_ON_CLOSE: 0x1000,
  FILE_OPEN_BY_FILE_ID: 0x2000,
  FILE_OPEN_FOR_BACKUP_INTENT: 0x4000,
  FILE_NO_COMPRESSION: 0x8000,
  FILE_OPEN_REQUIRING_OPLOCK: 0x10000,
  FILE_DISALLOW_EXCLUSIVE: 0x20000,
  FILE_RESERVE_OPFILTER: 0x100000,
  FILE_OPEN_REPARSE_POINT: 0x200000,
  FILE_OPEN_NO_RECALL: 0x400000,
  FILE_OPEN_FOR_FREE_SPACE_QUERY: 0x800000,
} as const;

/** OBJECT_ATTRIBUTES.Attributes (ntdef.h). */
export const ObjectAttribute = {
  OBJ_INHERIT: 0x2,
  OBJ_CASE_INSENSITIVE: 0x40,
  OBJ_OPENIF: 0x80,
  OBJ_KERNEL_HANDLE: 0x200,
  OBJ_DONT_REPARSE: 0x1000,
} as const;

export const IrpFlag = {
  IRP_NOCACHE: 0x1,
  IRP_PAGING_IO: 0x2,
  IRP_SYNCHRONOUS_API: 0x4,
  IRP_ASSOCIATED_IRP: 0x8,
  IRP_BUFFERED_IO: 0x10,
  IRP_DEALLOCATE_BUFFER: 0x20,
  IRP_INPUT_OPERATION: 0x40,
  IRP_CREATE_OPERATION: 0x80,
  IRP_READ_OPERATION: 0x100,
  IRP_WRITE_OPERATION: 0x200,
  IRP_CLOSE_OPERATION: 0x400,
  IRP_DEFER_IO_COMPLETION: 0x800,
  IRP_OB_QUERY_NAME: 0x1000,
  IRP_HOLD_DEVICE_QUEUE: 0x2000,
} as const;

/** IO_STACK_LOCATION.Flags and .Control. */
export const StackLocation = {
  SL_FORCE_ACCESS_CHECK: 0x1,
  SL_OPEN_PAGING_FILE: 0x2,
  SL_OPEN_TARGET_DIRECTORY: 0x4,
  SL_STOP_ON_SYMLINK: 0x8,
  SL_CASE_SENSITIVE: 0x80,
  SL_WATCH_TREE: 0x1,
  SL_RESTART_SCAN: 0x1,
  SL_RETURN_SINGLE_ENTRY: 0x2,
  SL_INDEX_SPECIFIED: 0x4,
  SL_FAIL_IMMEDIATELY: 0x1,
  SL_EXCLUSIVE_LOCK: 0x2,
  SL_PENDING_RETURNED: 0x1,
  SL_INVOKE_ON_CANCEL: 0x20,
  SL_INVOKE_ON_SUCCESS: 0x40,
  SL_INVOKE_ON_ERROR: 0x80,
} as const;

export const FileObjectFlag = {
  FO_FILE_OPEN: 0x1,
  FO_SYNCHRONOUS_IO: 0x2,
  FO_ALERTABLE_IO: 0x4,
  FO_NO_INTERMEDIATE_BUFFERING: 0x8,
  FO_WRITE_THROUGH: 0x10,
  FO_SEQUENTIAL_ONLY: 0x20,
  FO_CACHE_SUPPORTED: 0x40,
  FO_STREAM_FILE: 0x100,
  FO_DIRECT_DEVICE_OPEN: 0x800,
  FO_FILE_MODIFIED: 0x1000,
  FO_FILE_SIZE_CHANGED: 0x2000,
  FO_CLEANUP_COMPLETE: 0x4000,
  FO_TEMPORARY_FILE: 0x8000,
  FO_DELETE_ON_CLOSE: 0x10000,
  FO_OPENED_CASE_SENSITIVE: 0x20000,
  FO_HANDLE_CREATED: 0x40000,
  FO_FILE_FAST_IO_READ: 0x80000,
  FO_RANDOM_ACCESS: 0x100000,
  FO_FILE_OPEN_CANCELLED: 0x200000,
  FO_VOLUME_OPEN: 0x400000,
} as const;

/** FILE_INFORMATION_CLASS: the ones that a workload may name. */
export const FileInformationClass = {
  FileDirectoryInformation: 1,
  FileFullDirectoryInformation: 2,
  FileBothDirectoryInformation: 3,
  FileBasicInformation: 4,
  FileStandardInformation: 5,
  FileInternalInformation: 6,
  FileEaInformation: 7,
  FileAccessInformation: 8,
  FileNameInformation: 9,
  FileRenameInformation: 10,
  FileLinkInformation: 11,
  FileNamesInformation: 12,
  FileDispositionInformation: 13,
  FilePositionInformation: 14,
  FileFullEaInformation: 15,
  FileModeInformation: 16,
  FileAlignmentInformation: 17,
  FileAllInformation: 18,
  FileAllocationInformation: 19,
  FileEndOfFileInformation: 20,
  FileAlternateNameInformation: 21,
  FileStreamInformation: 22,
  FileCompressionInformation: 28,
  FileNetworkOpenInformation: 34,
  FileAttributeTagInformation: 35,
  FileIdBothDirectoryInformation: 37,
  FileIdFullDirectoryInformation: 38,
  FileValidDataLengthInformation: 39,
  FileHardLinkInformation: 46,
  FileNormalizedNameInformation: 48,
  FileStandardLinkInformation: 54,
  FileIdInformation: 59,
  FileIdExtdDirectoryInformation: 60,
  FileIdExtdBothDirectoryInformation: 63,
  FileDispositionInformationEx: 64,
  FileRenameInformationEx: 65,
  FileStatInformation: 68,
  FileLinkInformationEx: 72,
  FileCaseSensitiveInformation: 71,
} as const;

const majorNames = new Map<number, string>(
  Object.entries(IrpMajor).map(([name, value]) => [value, name]),
);

/** "IRP_MJ_CREATE", or "0xF2"-like for a value that is not an IRP major function. */
export const irpMajorName = (major: number): string =>
  majorNames.get(major) ?? `0x${major.toString(16).toUpperCase().padStart(2, '0')}`;
