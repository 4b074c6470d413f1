// Where the fields of the structures lie that the loader reads and writes (x86, ILP32). Offsets from the
// public headers as compiled for 32 bits; those of FltMgr structures are confirmed by the transcripts
// that the lab grew from.

/** FLT_CALLBACK_DATA, 0x2c bytes. */
export const CallbackDataLayout = {
  Flags: 0x0,
  Thread: 0x4,
  Iopb: 0x8,
  Status: 0xc,
  Information: 0x10,
  TagData: 0x14,
  /** FilterContext[4], the same place as QueueLinks and QueueContext[2]. */
  FilterContext: 0x18,
  RequestorMode: 0x28,
  length: 0x2c,
} as const;

/** FLT_IO_PARAMETER_BLOCK. */
export const IopbLayout = {
  IrpFlags: 0x0,
  MajorFunction: 0x4,
  MinorFunction: 0x5,
  OperationFlags: 0x6,
  Reserved: 0x7,
  TargetFileObject: 0x8,
  TargetInstance: 0xc,
  Parameters: 0x10,
  length: 0x2c,
} as const;

/** FLT_RELATED_OBJECTS. */
export const RelatedObjectsLayout = {
  Size: 0x0,
  TransactionContext: 0x2,
  Filter: 0x4,
  Volume: 0x8,
  Instance: 0xc,
  FileObject: 0x10,
  Transaction: 0x14,
  length: 0x18,
} as const;

/** FLT_REGISTRATION; older versions are shorter. */
export const RegistrationLayout = {
  Size: 0x0,
  Version: 0x2,
  Flags: 0x4,
  ContextRegistration: 0x8,
  OperationRegistration: 0xc,
  FilterUnloadCallback: 0x10,
  InstanceSetupCallback: 0x14,
  InstanceQueryTeardownCallback: 0x18,
  InstanceTeardownStartCallback: 0x1c,
  InstanceTeardownCompleteCallback: 0x20,
  GenerateFileNameCallback: 0x24,
  NormalizeNameComponentCallback: 0x28,
  NormalizeContextCleanupCallback: 0x2c,
  TransactionNotificationCallback: 0x30,
  NormalizeNameComponentExCallback: 0x34,
  SectionNotificationCallback: 0x38,
  length: 0x3c,
} as const;

/** FLT_OPERATION_REGISTRATION. */
export const OperationRegistrationLayout = {
  MajorFunction: 0x0,
  Flags: 0x4,
  PreOperation: 0x8,
  PostOperation: 0xc,
  length: 0x14,
} as const;

/** FLT_CONTEXT_REGISTRATION. */
export const ContextRegistrationLayout = {
  ContextType: 0x0,
  Flags: 0x2,
  ContextCleanupCallback: 0x4,
  Size: 0x8,
  PoolTag: 0xc,
  ContextAllocateCallback: 0x10,
  ContextFreeCallback: 0x14,
  Reserved1: 0x18,
  length: 0x1c,
} as const;

/** FILE_OBJECT. */
export const FileObjectLayout = {
  Type: 0x0,
  Size: 0x2,
  DeviceObject: 0x4,
  Vpb: 0x8,
  FsContext: 0xc,
  FsContext2: 0x10,
  SectionObjectPointer: 0x14,
  FinalStatus: 0x1c,
  RelatedFileObject: 0x20,
  DeletePending: 0x25,
  ReadAccess: 0x26,
  WriteAccess: 0x27,
  DeleteAccess: 0x28,
  SharedRead: 0x29,
  SharedWrite: 0x2a,
  SharedDelete: 0x2b,
  Flags: 0x2c,
  FileName: 0x30,
  CurrentByteOffset: 0x38,
  length: 0x80,
} as const;

/** UNICODE_STRING and STRING. */
export const StringLayout = { Length: 0x0, MaximumLength: 0x2, Buffer: 0x4, length: 0x8 } as const;

/** DRIVER_OBJECT. */
export const DriverObjectLayout = {
  Type: 0x0,
  Size: 0x2,
  DeviceObject: 0x4,
  Flags: 0x8,
  DriverName: 0x1c,
  DriverUnload: 0x34,
  length: 0xa8,
} as const;

/** MDL without its page array. */
export const MdlLayout = {
  Next: 0x0,
  Size: 0x4,
  MdlFlags: 0x6,
  Process: 0x8,
  MappedSystemVa: 0xc,
  StartVa: 0x10,
  ByteCount: 0x14,
  ByteOffset: 0x18,
  length: 0x1c,
} as const;

/** IO_SECURITY_CONTEXT. */
export const SecurityContextLayout = {
  SecurityQos: 0x0,
  AccessState: 0x4,
  DesiredAccess: 0x8,
  FullCreateOptions: 0xc,
  length: 0x10,
} as const;

/** FLT_FILE_NAME_INFORMATION. */
export const FileNameInformationLayout = {
  Size: 0x0,
  NamesParsed: 0x2,
  Format: 0x4,
  Name: 0x8,
  Volume: 0x10,
  Share: 0x18,
  Extension: 0x20,
  Stream: 0x28,
  FinalComponent: 0x30,
  ParentDir: 0x38,
  length: 0x40,
} as const;

/** DISPATCHER_HEADER, and so the beginning of KEVENT, KMUTANT, KSEMAPHORE. */
export const DispatcherLayout = { Type: 0x0, Size: 0x2, SignalState: 0x4, length: 0x10 } as const;
