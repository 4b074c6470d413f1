// The workload language: what named actors do, in the words of the native API. The simulator and the
// agent run the same file. Written by hand as JSON; docs/formats.md teaches it by example.
import { z } from 'zod';
import {
  AccessAlias,
  AccessMask,
  CreateOption,
  Disposition,
  FileAttribute,
  FileInformationClass,
  FileNotifyChange,
  FsControlCode,
  PageProtection,
  ReparseTag,
  SectionAccess,
  SectionAttribute,
} from './windows/index.ts';
import { Stack } from './stack.ts';
import { legacyOplocks, OplockCaching, oplockReplies } from './oplock.ts';
import type { Versioned } from './versioned.ts';
import { portSteps } from './workloadPorts.ts';
import {
  Bytes,
  flags,
  Name,
  Offset,
  oneOf,
  startable,
  step,
  WorkloadPath,
} from './workloadStep.ts';

export { Bytes, Expectation } from './workloadStep.ts';

const shareTable = {
  R: 1,
  W: 2,
  D: 4,
  FILE_SHARE_READ: 1,
  FILE_SHARE_WRITE: 2,
  FILE_SHARE_DELETE: 4,
} as const;

export const Access = flags({ ...AccessMask, ...AccessAlias }, 'FILE_');
export const Share = flags(shareTable, '');
export const Options = flags(CreateOption, 'FILE_');
export const Attributes = flags(FileAttribute, 'FILE_ATTRIBUTE_');
export const NotifyFilter = flags(FileNotifyChange, 'FILE_NOTIFY_CHANGE_');

const Ace = z.strictObject({
  sid: z.string(),
  type: z.enum(['allow', 'deny']).default('allow'),
  mask: Access,
  flags: z.number().int().min(0).max(255).default(0),
});

/** The length of a name is one byte, and so is each of its characters. */
const EaName = z
  .string()
  .max(255)
  .regex(/^[^\0\u0100-\uffff]*$/, 'characters of one byte');
/** Extended attributes; FILE_NEED_EA is flag 0x80. */
const EaList = z
  .array(
    z.strictObject({
      name: EaName,
      value: Bytes,
      flags: z.number().int().min(0).max(255).default(0),
    }),
  )
  .min(1);

/** NtCreateFile. The handle is kept under `as`. */
const Create = step('create', {
  path: WorkloadPath,
  volume: Name.optional(),
  /** OBJECT_ATTRIBUTES.RootDirectory: a handle opened before; `path` is then relative to it. */
  root: Name.optional(),
  access: Access.default(0x120089),
  share: Share.default(7),
  disposition: oneOf(Disposition, 'FILE_').default(1),
  options: Options.default(0),
  attributes: Attributes.default(0),
  allocation: Offset.optional(),
  ea: EaList.optional(),
  /**
   * FILE_OPEN_BY_FILE_ID: the file that this handle has open, or a file id in decimal; `path` is then
   * empty. Needs a `root` on the same volume.
   */
  byId: z.union([Name, z.string().regex(/^[0-9]+$/)]).optional(),
  /** The volume itself ("\\??\\C:"), not its root directory; `path` is then empty. */
  volumeItself: z.literal(true).optional(),
  caseSensitive: z.boolean().optional(),
  ...startable,
});
const Close = step('close', { handle: Name });
/** DuplicateHandle with the same access: another handle to the same file object. */
const Duplicate = step('duplicate', { handle: Name, as: Name });
/** `null` passes a null pointer, whatever the length says. */
const NoBuffer = z.null().optional();
const Read = step('read', {
  handle: Name,
  length: z.number().int().min(0).max(16_777_216),
  offset: Offset.optional(),
  buffer: NoBuffer,
  ...startable,
});
const Write = step('write', {
  handle: Name,
  data: Bytes,
  offset: Offset.optional(),
  buffer: NoBuffer,
  ...startable,
});
/** NtNotifyChangeDirectoryFile. Pending unless something was buffered. */
const Notify = step('notify', {
  handle: Name,
  filter: NotifyFilter,
  tree: z.boolean().default(false),
  length: z.number().int().min(0).max(16_777_216),
  /** `null` passes no IO_STATUS_BLOCK at all. */
  iosb: z.null().optional(),
  ...startable,
});
/** NtCancelIoFile for a handle, NtCancelIoFileEx for one request. */
const Cancel = step('cancel', { handle: Name.optional(), request: Name.optional() });
/** Waits until a request has completed; STATUS_TIMEOUT when the limit passes first. */
const Wait = step('wait', {
  request: Name,
  limit_ms: z.number().int().min(0).max(600_000).default(5_000),
});
/** The new name is passed without any path: it is one in the directory of the old one. */
const SimpleName = z.literal(true).optional();
/**
 * FileRenameInformation, or FileRenameInformationEx where `flags` is given. A `to` that begins with
 * ":" is passed as it stands: it renames a stream of the same file.
 */
const Rename = step('rename', {
  handle: Name,
  to: WorkloadPath,
  root: Name.optional(),
  simple: SimpleName,
  replace: z.boolean().default(false),
  flags: z.number().int().nonnegative().optional(),
  ...startable,
});
const Link = step('link', {
  handle: Name,
  to: WorkloadPath,
  root: Name.optional(),
  simple: SimpleName,
  replace: z.boolean().default(false),
  /** FileLinkInformationEx. */
  flags: z.number().int().nonnegative().optional(),
  ...startable,
});
/** FileDispositionInformation, or FileDispositionInformationEx where `flags` is given. */
const SetDisposition = step('set-disposition', {
  handle: Name,
  delete: z.boolean().default(true),
  flags: z.number().int().nonnegative().optional(),
  ...startable,
});
/** FileBasicInformation; what is left out stays (0). Times in 100 ns since 1601, as decimal text. */
const SetBasic = step('set-basic', {
  handle: Name,
  attributes: Attributes.optional(),
  creationTime: Offset.optional(),
  lastAccessTime: Offset.optional(),
  lastWriteTime: Offset.optional(),
  changeTime: Offset.optional(),
});
const SetEndOfFile = step('set-end-of-file', { handle: Name, size: Offset, ...startable });
const SetAllocation = step('set-allocation', { handle: Name, size: Offset, ...startable });
/** NtSetSecurityObject: a new DACL, or the one that is there written again (`same`). */
const SetSecurity = step('set-security', {
  handle: Name,
  dacl: z.union([z.literal('same'), z.array(Ace)]),
});
/** NtSetInformationFile with any class and raw bytes. */
const SetInformation = step('set-information', {
  handle: Name,
  class: oneOf(FileInformationClass, 'File'),
  data: Bytes,
});
/** NtQueryInformationFile. */
const QueryInformation = step('query-information', {
  handle: Name,
  class: oneOf(FileInformationClass, 'File'),
  length: z.number().int().min(0).max(1_048_576).default(4_096),
});
/**
 * Attributes by name, without a handle: NtQueryAttributesFile ("basic"), NtQueryFullAttributesFile
 * ("full"), or NtQueryInformationByName ("by-name", Windows 10 and later) with a class of its own.
 */
const QueryAttributes = step('query-attributes', {
  path: WorkloadPath,
  volume: Name.optional(),
  root: Name.optional(),
  how: z.enum(['basic', 'full', 'by-name']).default('full'),
  class: oneOf(FileInformationClass, 'File').default(FileInformationClass.FileStatInformation),
});
/** NtQueryDirectoryFile. */
const QueryDirectory = step('query-directory', {
  handle: Name,
  class: oneOf(FileInformationClass, 'File').default(3),
  mask: z.string().nullable().default(null),
  single: z.boolean().default(false),
  restart: z.boolean().default(false),
  length: z.number().int().min(0).max(1_048_576).default(4_096),
});
/** NtQueryEaFile. */
const QueryEa = step('query-ea', {
  handle: Name,
  length: z.number().int().min(0).max(1_048_576).default(4_096),
  single: z.boolean().default(false),
  restart: z.boolean().default(false),
  /** Names to look for; all of them when left out. */
  list: z.array(EaName).min(1).optional(),
  /** Where to begin; 1 is the first. */
  index: z.number().int().min(0).optional(),
});
/** NtSetEaFile. An empty value takes the attribute away. */
const SetEa = step('set-ea', { handle: Name, eas: EaList });
const ReparseTags = oneOf(ReparseTag, 'IO_REPARSE_TAG_');
/** Sixteen bytes, as they lie in memory. */
const Guid = z.string().regex(/^[0-9a-fA-F]{32}$/, '32 hex digits');
/**
 * FSCTL_SET_REPARSE_POINT. A mount point or symbolic link leads to `to`, a path below the root of the
 * volume, or relative to the link; any other tag has `data`, and a `guid` where it is not Microsoft's.
 */
const SetReparse = step('set-reparse', {
  handle: Name,
  tag: ReparseTags,
  to: WorkloadPath.optional(),
  relative: z.boolean().default(false),
  data: Bytes.optional(),
  guid: Guid.optional(),
});
/** FSCTL_GET_REPARSE_POINT. */
const GetReparse = step('get-reparse', {
  handle: Name,
  length: z.number().int().min(0).max(65_536).default(16_384),
});
/** FSCTL_DELETE_REPARSE_POINT. */
const DeleteReparse = step('delete-reparse', {
  handle: Name,
  tag: ReparseTags,
  guid: Guid.optional(),
  /** Bytes of the input buffer, where it is not the whole header: cut, or padded with zeros. */
  length: z.number().int().min(0).max(65_536).optional(),
});
/** NtFsControlFile with any code. */
const FsControl = step('fsctl', {
  handle: Name,
  code: oneOf(FsControlCode, 'FSCTL_'),
  data: Bytes.optional(),
  /** Bytes of the output buffer. */
  length: z.number().int().min(0).max(1_048_576).default(0),
  ...startable,
});
const Range = {
  handle: Name,
  offset: Offset,
  length: Offset,
  key: z.number().int().min(0).max(0xffffffff).default(0),
} as const;
/** NtLockFile. Without `failImmediately` it stays pending while another lock is in its way. */
const Lock = step('lock', {
  ...Range,
  exclusive: z.boolean().default(false),
  failImmediately: z.boolean().default(false),
  ...startable,
});
/** NtUnlockFile: a range exactly as it was locked. */
const Unlock = step('unlock', Range);
const Caching = flags(OplockCaching, 'OPLOCK_LEVEL_');
/**
 * FSCTL_REQUEST_OPLOCK_LEVEL_1 and its like, or FSCTL_REQUEST_OPLOCK for "CACHE_READ|CACHE_HANDLE". The
 * request stays pending while the oplock is held, and completes when it is broken.
 */
const RequestOplock = step('request-oplock', {
  handle: Name,
  level: z.union([z.enum(legacyOplocks), Caching]),
  as: Name.optional(),
});
/**
 * What the holder of an oplock does when it is broken, in a thread of its own: accepts the level that
 * is offered ("acknowledge"), or another one, or none; closes the handle, or says that it will. `as`
 * names the request that an acknowledgment may leave pending.
 */
const OnBreak = step('on-break', {
  request: Name,
  reply: z.union([z.enum(oplockReplies), Caching]).default('acknowledge'),
  as: Name.optional(),
});
const Flush = step('flush', { handle: Name, ...startable });
/** NtDeleteFile. */
const Delete = step('delete', {
  path: WorkloadPath,
  volume: Name.optional(),
  root: Name.optional(),
});
const Protection = oneOf(PageProtection, 'PAGE_');
/** NtCreateSection on an open file. The section is a handle, closed as any other. */
const CreateSection = step('create-section', {
  handle: Name,
  protection: Protection,
  /** SEC_COMMIT maps data, SEC_IMAGE a program. */
  attributes: flags(SectionAttribute, 'SEC_').default(SectionAttribute.SEC_COMMIT),
  access: flags(SectionAccess, 'SECTION_').default(SectionAccess.SECTION_ALL_ACCESS),
  /** As large as the file when left out. */
  size: Offset.optional(),
  as: Name,
});
/** NtMapViewOfSection into the actor's own process; the view is kept under `as`. */
const MapView = step('map-view', {
  /** A section. */
  handle: Name,
  protection: Protection.default(PageProtection.PAGE_READONLY),
  offset: z.number().int().nonnegative().default(0),
  /** To the end of the section when left out or 0. */
  size: z.number().int().nonnegative().default(0),
  /** `null` passes no process handle at all. */
  process: z.null().optional(),
  /** The base address that is asked for: so many bytes behind the beginning of an earlier view. */
  address: z.strictObject({ view: Name, offset: z.number().int().default(0) }).optional(),
  as: Name,
});
const UnmapView = step('unmap-view', { view: Name });
const inView = { view: Name, offset: z.number().int().nonnegative().default(0) } as const;
/** Reads mapped memory; a page that cannot be brought in gives STATUS_PARTIAL_COPY. */
const ReadView = step('read-view', {
  ...inView,
  length: z.number().int().min(0).max(16_777_216),
});
const WriteView = step('write-view', { ...inView, data: Bytes });
/** NtFlushVirtualMemory over the whole view. */
const FlushView = step('flush-view', { view: Name });
/** "fltmc detach": takes a filter off a volume. In the simulator only. */
const Detach = step('detach', { filter: Name, volume: Name.optional() });
/** Each of `actors` waits here until all have arrived; needed only where `order` is "free". */
const Barrier = z.strictObject({
  do: z.literal('barrier'),
  id: Name.optional(),
  note: z.string().optional(),
  actors: z.array(Name).min(2),
});

export const simpleSteps = [
  Create,
  Close,
  Duplicate,
  Read,
  Write,
  Notify,
  Cancel,
  Wait,
  Rename,
  Link,
  SetDisposition,
  SetBasic,
  SetEndOfFile,
  SetAllocation,
  SetSecurity,
  SetInformation,
  QueryInformation,
  QueryAttributes,
  QueryDirectory,
  SetReparse,
  GetReparse,
  DeleteReparse,
  FsControl,
  QueryEa,
  SetEa,
  Lock,
  Unlock,
  RequestOplock,
  OnBreak,
  Flush,
  Delete,
  CreateSection,
  MapView,
  UnmapView,
  ReadView,
  WriteView,
  FlushView,
  ...portSteps,
  Detach,
  Barrier,
] as const;

export const SimpleStep = z.discriminatedUnion('do', [...simpleSteps]);
export type SimpleStep = z.output<typeof SimpleStep>;

/**
 * Repeats its steps; "{i}" in any text of them is the count, from `from` on. The steps are kept as
 * written and parsed when they are expanded, because "{i}" may stand in a name.
 */
const Repeat = z.strictObject({
  do: z.literal('repeat'),
  times: z.number().int().min(1).max(1_000_000),
  from: z.number().int().min(0).default(0),
  note: z.string().optional(),
  steps: z.array(z.record(z.string(), z.unknown())).min(1),
});
export type RepeatStep = z.output<typeof Repeat>;
export type WorkloadStep = SimpleStep | RepeatStep;

const SetUpItem = z.union([
  z.strictObject({
    mkdir: WorkloadPath,
    volume: Name.optional(),
    attributes: Attributes.optional(),
  }),
  z.strictObject({
    file: WorkloadPath,
    volume: Name.optional(),
    data: Bytes.optional(),
    attributes: Attributes.optional(),
  }),
]);
export type SetUpItem = z.infer<typeof SetUpItem>;

const Actor = z.strictObject({
  /** Actors of one process name share a process; the actor's own name when left out. */
  process: Name.optional(),
  /**
   * What its token holds beside SeChangeNotifyPrivilege, in the simulator. A target runs the actor
   * with the token that its agent has.
   */
  privileges: z
    .array(
      z.enum([
        'SeBackupPrivilege',
        'SeCreateSymbolicLinkPrivilege',
        'SeManageVolumePrivilege',
        'SeRestorePrivilege',
        'SeSecurityPrivilege',
        'SeTakeOwnershipPrivilege',
      ]),
    )
    .optional(),
  /** What its token lacks of what everybody has. */
  lacks: z.array(z.literal('SeChangeNotifyPrivilege')).optional(),
  note: z.string().optional(),
});

export const WorkloadSchema = z.strictObject({
  workload: z.literal(1),
  name: Name,
  title: z.string().default(''),
  /** Volumes by name, the default one first. Each has a root that the workload may touch. */
  volumes: z.array(Name).min(1).default(['C']),
  /** Done before the driver is started, untraced. */
  setup: z.array(SetUpItem).default([]),
  /** In the simulator: what stands on the volumes. A target has the stack that it has. */
  stack: Stack.optional(),
  actors: z.record(Name, Actor).default({ main: {} }),
  /**
   * "written": a step begins when the one written before it has returned, whoever does it.
   * "free": actors run side by side, each in its own written order, and meet at barriers.
   */
  order: z.enum(['written', 'free']).default('written'),
  steps: z.array(z.discriminatedUnion('do', [...simpleSteps, Repeat])).min(1),
});
export type Workload = z.output<typeof WorkloadSchema>;

export const workloadFormat: Versioned<typeof WorkloadSchema> = {
  kind: 'workload',
  current: 1,
  schema: WorkloadSchema,
  upgrades: [],
};
