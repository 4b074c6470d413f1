// FLT_PARAMETERS in memory, by kind of operation: one row a field, for writing and for reading back
// what a callback changed. The offsets come from the headers by name.
import { assert } from '../../contract/assert.ts';
import { fltMajorName, IrpMajor, IrpMinor } from '../../contract/windows/index.ts';
import type { FltParameters, Operation } from '../filter-manager/index.ts';
import type { IrpParameters } from '../io/irp.ts';
import { NotModelledSignal, type Kernel } from '../kernel/kernel.ts';
import { isAtLeast } from '../windows/profiles.ts';
import { offsetOf, SecurityContextLayout, StringLayout, type FieldName } from './layout.ts';
import type { ObjectImages } from './objectImages.ts';
import { writeUnicodeString } from './unicodeString.ts';

type Width = 1 | 2 | 4 | 8;
type Path = FieldName<'FLT_PARAMETERS'>;
/** The field in FLT_PARAMETERS, its width in bytes, the field of the decoded operation. */
type Scalar = readonly [path: Path, width: Width, field: string];

interface KindLayout {
  readonly scalars: readonly Scalar[];
  /** Where the operation's buffer and its MDL are named; absent where it has none. */
  readonly buffer?: Path;
  readonly mdl?: Path;
}

const named: Readonly<Record<IrpParameters['kind'], KindLayout>> = {
  none: { scalars: [] },
  create: {
    scalars: [
      ['Create.Options', 4, 'options'],
      ['Create.FileAttributes', 2, 'fileAttributes'],
      ['Create.ShareAccess', 2, 'shareAccess'],
      ['Create.AllocationSize', 8, 'allocationSize'],
    ],
  },
  read: {
    scalars: [
      ['Read.Length', 4, 'length'],
      ['Read.Key', 4, 'key'],
      ['Read.ByteOffset', 8, 'byteOffset'],
    ],
    buffer: 'Read.ReadBuffer',
    mdl: 'Read.MdlAddress',
  },
  write: {
    scalars: [
      ['Write.Length', 4, 'length'],
      ['Write.Key', 4, 'key'],
      ['Write.ByteOffset', 8, 'byteOffset'],
    ],
    buffer: 'Write.WriteBuffer',
    mdl: 'Write.MdlAddress',
  },
  'notify-directory': {
    scalars: [
      ['DirectoryControl.NotifyDirectory.Length', 4, 'length'],
      ['DirectoryControl.NotifyDirectory.CompletionFilter', 4, 'completionFilter'],
    ],
    buffer: 'DirectoryControl.NotifyDirectory.DirectoryBuffer',
    mdl: 'DirectoryControl.NotifyDirectory.MdlAddress',
  },
  'query-directory': {
    scalars: [
      ['DirectoryControl.QueryDirectory.Length', 4, 'length'],
      ['DirectoryControl.QueryDirectory.FileInformationClass', 4, 'fileInformationClass'],
      ['DirectoryControl.QueryDirectory.FileIndex', 4, 'fileIndex'],
    ],
    buffer: 'DirectoryControl.QueryDirectory.DirectoryBuffer',
    mdl: 'DirectoryControl.QueryDirectory.MdlAddress',
  },
  'query-information': {
    scalars: [
      ['QueryFileInformation.Length', 4, 'length'],
      ['QueryFileInformation.FileInformationClass', 4, 'fileInformationClass'],
    ],
    buffer: 'QueryFileInformation.InfoBuffer',
  },
  'set-information': {
    scalars: [
      ['SetFileInformation.Length', 4, 'length'],
      ['SetFileInformation.FileInformationClass', 4, 'fileInformationClass'],
      ['SetFileInformation.ReplaceIfExists', 1, 'replaceIfExists'],
    ],
    buffer: 'SetFileInformation.InfoBuffer',
  },
  'query-security': {
    scalars: [
      ['QuerySecurity.SecurityInformation', 4, 'securityInformation'],
      ['QuerySecurity.Length', 4, 'length'],
    ],
    buffer: 'QuerySecurity.SecurityBuffer',
    mdl: 'QuerySecurity.MdlAddress',
  },
  'set-security': {
    scalars: [['SetSecurity.SecurityInformation', 4, 'securityInformation']],
  },
  'fs-control': {
    scalars: [
      ['FileSystemControl.Neither.OutputBufferLength', 4, 'outputBufferLength'],
      ['FileSystemControl.Neither.InputBufferLength', 4, 'inputBufferLength'],
      ['FileSystemControl.Neither.FsControlCode', 4, 'fsControlCode'],
    ],
    buffer: 'FileSystemControl.Neither.OutputBuffer',
    mdl: 'FileSystemControl.Neither.OutputMdlAddress',
  },
  'query-ea': {
    scalars: [
      ['QueryEa.Length', 4, 'length'],
      ['QueryEa.EaIndex', 4, 'eaIndex'],
    ],
    buffer: 'QueryEa.EaBuffer',
    mdl: 'QueryEa.MdlAddress',
  },
  'set-ea': {
    scalars: [['SetEa.Length', 4, 'length']],
    buffer: 'SetEa.EaBuffer',
    mdl: 'SetEa.MdlAddress',
  },
  'acquire-section': {
    scalars: [
      ['AcquireForSectionSynchronization.SyncType', 4, 'syncType'],
      ['AcquireForSectionSynchronization.PageProtection', 4, 'pageProtection'],
    ],
  },
  'acquire-mod-write': { scalars: [] },
  lock: {
    scalars: [
      ['LockControl.Key', 4, 'key'],
      ['LockControl.ByteOffset', 8, 'byteOffset'],
      ['LockControl.FailImmediately', 1, 'failImmediately'],
      ['LockControl.ExclusiveLock', 1, 'exclusive'],
    ],
  },
  'device-control': {
    scalars: [
      ['DeviceIoControl.Neither.OutputBufferLength', 4, 'outputBufferLength'],
      ['DeviceIoControl.Neither.InputBufferLength', 4, 'inputBufferLength'],
      ['DeviceIoControl.Neither.IoControlCode', 4, 'ioControlCode'],
      ['DeviceIoControl.Neither.InputBuffer', 4, 'inputBuffer'],
    ],
    buffer: 'DeviceIoControl.Neither.OutputBuffer',
    mdl: 'DeviceIoControl.Neither.OutputMdlAddress',
  },
  'fast-io-check-if-possible': {
    scalars: [
      ['FastIoCheckIfPossible.FileOffset', 8, 'byteOffset'],
      ['FastIoCheckIfPossible.Length', 4, 'length'],
      ['FastIoCheckIfPossible.LockKey', 4, 'key'],
      ['FastIoCheckIfPossible.CheckForReadOperation', 1, 'checkForRead'],
    ],
  },
  'network-query-open': {
    scalars: [['NetworkQueryOpen.Irp', 4, 'irp']],
    buffer: 'NetworkQueryOpen.NetworkInformation',
  },
  'query-open': {
    scalars: [
      ['QueryOpen.Irp', 4, 'irp'],
      ['QueryOpen.Length', 4, 'lengthAddress'],
      ['QueryOpen.FileInformationClass', 4, 'fileInformationClass'],
    ],
    buffer: 'QueryOpen.FileInformation',
  },
  'mdl-read': {
    scalars: [
      ['MdlRead.FileOffset', 8, 'byteOffset'],
      ['MdlRead.Length', 4, 'length'],
      ['MdlRead.Key', 4, 'key'],
    ],
    buffer: 'MdlRead.MdlChain',
  },
  'mdl-read-complete': { scalars: [], mdl: 'MdlReadComplete.MdlChain' },
  'prepare-mdl-write': {
    scalars: [
      ['PrepareMdlWrite.FileOffset', 8, 'byteOffset'],
      ['PrepareMdlWrite.Length', 4, 'length'],
      ['PrepareMdlWrite.Key', 4, 'key'],
    ],
    buffer: 'PrepareMdlWrite.MdlChain',
  },
  'mdl-write-complete': {
    scalars: [['MdlWriteComplete.FileOffset', 8, 'byteOffset']],
    mdl: 'MdlWriteComplete.MdlChain',
  },
};

interface PlacedLayout {
  readonly scalars: readonly (readonly [offset: number, width: Width, field: string])[];
  readonly buffer: number | undefined;
  readonly mdl: number | undefined;
}

const place = (path: Path): number => offsetOf('FLT_PARAMETERS', path);
const placeOptional = (path: Path | undefined): number | undefined => path && place(path);

/** The same with offsets, looked up once. */
const layouts: ReadonlyMap<string, PlacedLayout> = new Map(
  Object.entries(named).map(([kind, { scalars, buffer, mdl }]) => [
    kind,
    {
      scalars: scalars.map(([path, width, field]) => [place(path), width, field] as const),
      buffer: placeOptional(buffer),
      mdl: placeOptional(mdl),
    },
  ]),
);

function layoutOf(operation: IrpParameters): PlacedLayout {
  const layout = layouts.get(operation.kind);
  assert(layout !== undefined, `the layout of ${operation.kind} is known`);
  return layout;
}

/** Pointers to what the model keeps decoded. */
const Pointer = {
  securityContext: place('Create.SecurityContext'),
  eaLength: place('Create.EaLength'),
  eaBuffer: place('Create.EaBuffer'),
  eaList: place('QueryEa.EaList'),
  eaListLength: place('QueryEa.EaListLength'),
  fileName: place('DirectoryControl.QueryDirectory.FileName'),
  parentOfTarget: place('SetFileInformation.ParentOfTarget'),
  lockLength: place('LockControl.Length'),
  endingOffset: place('AcquireForModifiedPageWriter.EndingOffset'),
  sectionOutput: place('AcquireForSectionSynchronization.OutputInformation'),
} as const;

/** FS_FILTER_SECTION_SYNC_OUTPUT. */
const SECTION_OUTPUT_BYTES = 16;
const METHOD_MASK = 3;
const BUFFERED_SYSTEM_BUFFER = place('FileSystemControl.Buffered.SystemBuffer');

/** METHOD_BUFFERED controls name their one system buffer where the others name the input buffer. */
function bufferOffset(operation: IrpParameters): number | undefined {
  const { buffer } = layoutOf(operation);
  if (operation.kind !== 'fs-control') return buffer;
  const buffered = (operation.fsControlCode & METHOD_MASK) === 0;
  return buffered ? BUFFERED_SYSTEM_BUFFER : buffer;
}

export class ParameterImages {
  private readonly kernel: Kernel;
  private readonly objects: ObjectImages;

  constructor(kernel: Kernel, objects: ObjectImages) {
    this.kernel = kernel;
    this.objects = objects;
  }

  /** Writes all of FLT_PARAMETERS at `address`. */
  write(address: number, length: number, parameters: FltParameters, owner: Operation): void {
    const { memory } = this.objects;
    memory.clear(address, length);
    const { operation, buffer, mdl } = parameters;
    const fields = operation as unknown as Readonly<Record<string, number | boolean>>;
    const layout = layoutOf(operation);
    for (const scalar of layout.scalars) {
      this.put(address + scalar[0], scalar[1], fields[scalar[2]] ?? 0);
    }
    this.writePointers(address, operation, owner);
    const at = bufferOffset(operation);
    if (at !== undefined) memory.write32(address + at, buffer);
    if (layout.mdl !== undefined) memory.write32(address + layout.mdl, this.objects.showMdl(mdl));
  }

  private put(address: number, width: Width, value: number | boolean): void {
    const { memory } = this.objects;
    const number = Number(value);
    if (width === 1) memory.write8(address, number);
    else if (width === 2) memory.write16(address, number);
    else if (width === 4) memory.write32(address, number);
    else memory.write64Number(address, number);
  }

  private take(address: number, width: Width): number {
    const { memory } = this.objects;
    if (width === 1) return memory.read8(address);
    if (width === 2) return memory.read16(address);
    if (width === 4) return memory.read32(address);
    return Number(BigInt.asIntN(64, memory.read64(address)));
  }

  /** What the parameters point to and the model keeps decoded. */
  private writePointers(address: number, operation: IrpParameters, owner: Operation): void {
    const { memory } = this.objects;
    if (operation.kind === 'create') {
      const context = this.side(owner, 'SecurityContext', SecurityContextLayout.length);
      memory.write32(context + SecurityContextLayout.DesiredAccess, operation.desiredAccess);
      memory.write32(context + SecurityContextLayout.FullCreateOptions, operation.options);
      memory.write32(address + Pointer.securityContext, context);
      if (operation.ea.length === 0) return;
      const ea = this.side(owner, 'EaBuffer', operation.ea.length);
      memory.bytes(ea, operation.ea.length).set(operation.ea);
      memory.write32(address + Pointer.eaLength, operation.ea.length);
      memory.write32(address + Pointer.eaBuffer, ea);
    } else if (operation.kind === 'query-ea' && operation.eaList.length > 0) {
      const { length } = operation.eaList;
      const list = this.side(owner, 'EaList', length);
      memory.bytes(list, length).set(operation.eaList);
      memory.write32(address + Pointer.eaList, list);
      memory.write32(address + Pointer.eaListLength, length);
    } else if (operation.kind === 'query-directory' && operation.fileName !== null) {
      const bytes = operation.fileName.length * 2;
      const name = this.side(owner, 'FileName', StringLayout.length + bytes);
      writeUnicodeString(this.objects, name, name + StringLayout.length, bytes);
      memory.writeWide(name + StringLayout.length, operation.fileName);
      memory.write32(address + Pointer.fileName, name);
    } else if (operation.kind === 'set-information') {
      const parent = this.objects.showFile(operation.parentOfTarget);
      memory.write32(address + Pointer.parentOfTarget, parent);
    } else if (operation.kind === 'acquire-mod-write') {
      const offset = this.side(owner, 'EndingOffset', 8);
      memory.write64(offset, BigInt(operation.endingOffset));
      memory.write32(address + Pointer.endingOffset, offset);
    } else if (operation.kind === 'acquire-section') {
      // Models: R-SECTION-22.
      if (!isAtLeast(this.kernel.profile, '10.0') || operation.syncType === 0) return;
      const output = this.side(owner, 'OutputInformation', SECTION_OUTPUT_BYTES);
      memory.write32(output, SECTION_OUTPUT_BYTES);
      memory.write32(address + Pointer.sectionOutput, output);
    } else if (operation.kind === 'lock') {
      const length = this.side(owner, 'LockLength', 8);
      memory.write64(length, BigInt(operation.length));
      memory.write32(address + Pointer.lockLength, length);
    }
  }

  private side(owner: Operation, use: string, length: number): number {
    let address = owner.sideBlocks.get(use);
    if (address === undefined) {
      address = this.kernel.pool.allocate('nonpaged', length, 'FMsb', 'system');
      owner.sideBlocks.set(use, address);
    }
    return address;
  }

  /** What a driver's own parameters point to. */
  readPointers(address: number, operation: IrpParameters): IrpParameters {
    const { memory } = this.objects;
    const pointer = (at: number): number => memory.read32(address + at);
    if (operation.kind === 'query-directory') {
      const name = pointer(Pointer.fileName);
      if (name === 0) return operation;
      const bytes = memory.read16(name + StringLayout.Length);
      const fileName = memory.readWide(memory.read32(name + StringLayout.Buffer), bytes >>> 1);
      return { ...operation, fileName };
    }
    if (operation.kind === 'set-information') {
      const parentOfTarget = this.objects.fileAt(pointer(Pointer.parentOfTarget)) ?? null;
      return { ...operation, parentOfTarget };
    }
    if (operation.kind === 'query-ea') {
      const length = pointer(Pointer.eaListLength);
      return { ...operation, eaList: memory.bytes(pointer(Pointer.eaList), length).slice() };
    }
    return operation;
  }

  /** The parameters as they stand at `address`, for an operation that `before` describes. */
  read(address: number, before: FltParameters): FltParameters {
    const { memory } = this.objects;
    const operation = { ...before.operation };
    const fields = operation as unknown as Record<string, number | boolean>;
    const layout = layoutOf(operation);
    for (const [offset, width, field] of layout.scalars) {
      const value = this.take(address + offset, width);
      fields[field] = typeof fields[field] === 'boolean' ? value !== 0 : value;
    }
    if (operation.kind === 'create') {
      const context = memory.read32(address + Pointer.securityContext);
      operation.desiredAccess = memory.read32(context + SecurityContextLayout.DesiredAccess);
    }
    const at = bufferOffset(operation);
    const mdlAddress = layout.mdl === undefined ? 0 : memory.read32(address + layout.mdl);
    const mdl = layout.mdl === undefined ? before.mdl : this.objects.mdlAt(mdlAddress);
    assert(operation.kind === before.operation.kind, 'a callback cannot change the kind');
    return {
      operation,
      buffer: at === undefined ? before.buffer : memory.read32(address + at),
      mdl,
    };
  }
}

const counted = { length: 0, fileInformationClass: 0 } as const;

/** What the parameters of a major function are, all zero. */
const newByMajor = new Map<number, (minor: number) => IrpParameters | null>([
  [IrpMajor.IRP_MJ_READ, () => ({ kind: 'read', length: 0, key: 0, byteOffset: 0 })],
  [IrpMajor.IRP_MJ_WRITE, () => ({ kind: 'write', length: 0, key: 0, byteOffset: 0 })],
  [IrpMajor.IRP_MJ_QUERY_INFORMATION, () => ({ kind: 'query-information', ...counted })],
  [
    IrpMajor.IRP_MJ_SET_INFORMATION,
    () => ({ kind: 'set-information', ...counted, parentOfTarget: null, replaceIfExists: false }),
  ],
  [
    IrpMajor.IRP_MJ_DIRECTORY_CONTROL,
    (minor) =>
      minor === IrpMinor.IRP_MN_QUERY_DIRECTORY
        ? { kind: 'query-directory', ...counted, fileName: null, fileIndex: 0 }
        : minor === IrpMinor.IRP_MN_NOTIFY_CHANGE_DIRECTORY
          ? { kind: 'notify-directory', length: 0, completionFilter: 0 }
          : null,
  ],
  [
    IrpMajor.IRP_MJ_FILE_SYSTEM_CONTROL,
    (minor) =>
      minor === IrpMinor.IRP_MN_USER_FS_REQUEST
        ? { kind: 'fs-control', outputBufferLength: 0, inputBufferLength: 0, fsControlCode: 0 }
        : null,
  ],
  [
    IrpMajor.IRP_MJ_QUERY_EA,
    () => ({ kind: 'query-ea', length: 0, eaList: new Uint8Array(0), eaIndex: 0 }),
  ],
  [IrpMajor.IRP_MJ_SET_EA, () => ({ kind: 'set-ea', length: 0 })],
  [IrpMajor.IRP_MJ_FLUSH_BUFFERS, () => ({ kind: 'none' })],
]);

/** The parameters that a filter's own callback data has; refused by name where it cannot have any. */
export function newParameters(major: number, minor: number): IrpParameters {
  const made = newByMajor.get(major)?.(minor) ?? null;
  if (made !== null) return made;
  throw new NotModelledSignal(`${fltMajorName(major)}, minor ${minor}, by own callback data`);
}
