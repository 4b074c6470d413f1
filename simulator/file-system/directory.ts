// IRP_MJ_DIRECTORY_CONTROL: listing a directory, and watching it.
import { assert } from '../../contract/assert.ts';
import {
  FileInformationClass as Class,
  FileObjectFlag,
  IrpMinor,
  NtStatus,
  StackLocation,
} from '../../contract/windows/index.ts';
import { currentStackLocation, type Irp } from '../io/irp.ts';
import { NotModelledSignal } from '../kernel/kernel.ts';
import { callerBuffer } from './buffers.ts';
import { fileName } from './directoryEntry.ts';
import { DirectoryScan, type Listed } from './directoryScan.ts';
import type { FileRecord } from './fileRecord.ts';
import { openOf, type Open } from './open.ts';
import { failed, succeeded, type Outcome } from './outcome.ts';
import { mayBePassed } from './security.ts';
import type { FileSystemVolume } from './volume.ts';

/** Where the fields of a directory entry lie; every class begins with the two offsets. */
interface Layout {
  /** Offset of FileName: the length of the fixed part. */
  readonly name: number;
  /** Offset of FileNameLength. */
  readonly nameLength: number;
  /** Times, sizes and attributes, from offset 8 on; FileNamesInformation has none. */
  readonly facts: boolean;
  /** Offset of EaSize. */
  readonly eaSize?: number;
  readonly fileId?: number;
  /** Offset of ReparsePointTag, where it does not stand in the place of EaSize. */
  readonly reparseTag?: number;
}

const layouts: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [Class.FileDirectoryInformation, { name: 64, nameLength: 60, facts: true }],
  [Class.FileFullDirectoryInformation, { name: 68, nameLength: 60, facts: true, eaSize: 64 }],
  [Class.FileBothDirectoryInformation, { name: 94, nameLength: 60, facts: true, eaSize: 64 }],
  [Class.FileNamesInformation, { name: 12, nameLength: 8, facts: false }],
  [
    Class.FileIdBothDirectoryInformation,
    { name: 104, nameLength: 60, facts: true, eaSize: 64, fileId: 96 },
  ],
  [
    Class.FileIdFullDirectoryInformation,
    { name: 80, nameLength: 60, facts: true, eaSize: 64, fileId: 72 },
  ],
  // A file id of 16 bytes, of which NTFS uses the lower half.
  [
    Class.FileIdExtdDirectoryInformation,
    { name: 88, nameLength: 60, facts: true, eaSize: 64, reparseTag: 68, fileId: 72 },
  ],
  [
    Class.FileIdExtdBothDirectoryInformation,
    { name: 114, nameLength: 60, facts: true, eaSize: 64, reparseTag: 68, fileId: 72 },
  ],
]);

/** Layouts that Windows knows and the model does not. */
const refused: ReadonlySet<number> = new Set([Class.FileIdGlobalTxDirectoryInformation]);

const roundUpTo8 = (length: number): number => (length + 7) & ~7;

/**
 * IRP_MN_QUERY_DIRECTORY. Entries start on 8-byte boundaries and the last one is not padded; a name is
 * cut only where it is the first one (STATUS_BUFFER_OVERFLOW). Differs: there are no short names.
 */
export function queryDirectory(volume: FileSystemVolume, irp: Irp): Outcome {
  const { parameters, fileObject, flags } = currentStackLocation(irp);
  assert(parameters.kind === 'query-directory', 'a directory query has its parameters');
  const open = openOf(fileObject);
  if (!open.isMain || open.file.directory === null)
    return failed(NtStatus.STATUS_INVALID_PARAMETER);
  if (open.cleanedUp) return failed(NtStatus.STATUS_FILE_CLOSED);
  const { fileInformationClass, length, fileName: mask } = parameters;
  const layout = layouts.get(fileInformationClass);
  if (layout === undefined) {
    if (!refused.has(fileInformationClass)) return failed(NtStatus.STATUS_INVALID_INFO_CLASS);
    throw new NotModelledSignal(`directory query of class ${fileInformationClass}`);
  }
  if (length < roundUpTo8(layout.name + 2)) return failed(NtStatus.STATUS_INFO_LENGTH_MISMATCH);
  if ((flags & StackLocation.SL_INDEX_SPECIFIED) !== 0) {
    throw new NotModelledSignal('directory query that begins at an index');
  }
  const buffer = callerBuffer(volume.kernel, irp, length);
  if (buffer === null) return failed(NtStatus.STATUS_INVALID_USER_BUFFER);
  const scan = (open.scan ??= new DirectoryScan(open.file, open.entry, mask));
  if ((flags & StackLocation.SL_RESTART_SCAN) !== 0) scan.restart();
  const single = (flags & StackLocation.SL_RETURN_SINGLE_ENTRY) !== 0;
  const isFirst = !scan.begun;
  scan.begun = true;
  return list(scan, layout, buffer, { single, isFirst });
}

function list(
  scan: DirectoryScan,
  layout: Layout,
  buffer: Uint8Array,
  how: { readonly single: boolean; readonly isFirst: boolean },
): Outcome {
  let previous = -1;
  let end = 0;
  for (let next = scan.peek(); next !== undefined; next = scan.peek()) {
    const start = roundUpTo8(end);
    const whole = layout.name + 2 * next.name.length;
    const fits = start + whole <= buffer.length;
    if (!fits && previous >= 0) break;
    const target = buffer.subarray(start, Math.min(start + whole, buffer.length));
    encodeEntry(target, layout, next);
    if (previous >= 0)
      new DataView(buffer.buffer, buffer.byteOffset).setUint32(previous, start - previous, true);
    scan.advance(next);
    previous = start;
    end = start + target.length;
    if (!fits) return { status: NtStatus.STATUS_BUFFER_OVERFLOW, information: end };
    if (how.single) break;
  }
  if (previous >= 0) return succeeded(end);
  // Nothing at all is said once; afterwards it is "no more".
  return failed(how.isFirst ? NtStatus.STATUS_NO_SUCH_FILE : NtStatus.STATUS_NO_MORE_FILES);
}

function encodeEntry(target: Uint8Array, layout: Layout, { name, file }: Listed): void {
  target.fill(0);
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  view.setUint32(layout.nameLength, 2 * name.length, true);
  if (layout.facts) {
    const { creation, lastAccess, lastWrite, change } = file.times;
    [creation, lastAccess, lastWrite, change].forEach((time, index) => {
      view.setBigInt64(8 + 8 * index, time, true);
    });
    view.setBigInt64(40, BigInt(file.main.size), true);
    view.setBigInt64(48, BigInt(file.main.allocation), true);
    view.setUint32(56, file.reportedAttributes, true);
  }
  if (layout.reparseTag !== undefined) {
    const tag = file.reparsePoint === null ? 0 : file.listedEaSize;
    view.setUint32(layout.reparseTag, tag, true);
  }
  if (layout.eaSize !== undefined) {
    const ownTag = layout.reparseTag !== undefined;
    const size = ownTag ? file.extendedAttributes.packed_bytes : file.listedEaSize;
    view.setUint32(layout.eaSize, size, true);
  }
  if (layout.fileId !== undefined) view.setBigUint64(layout.fileId, BigInt(file.id), true);
  for (let at = 0; layout.name + 2 * at + 1 < target.length; at += 1) {
    view.setUint16(layout.name + 2 * at, name.charCodeAt(at), true);
  }
}

/** Every directory between the watched one and the name lets its watcher pass (R-NOTIFY-53). */
function mayReach(volume: FileSystemVolume, open: Open, name: string): boolean {
  const depth = fileName(open.file, open.entry).split('\\').length;
  let directory: FileRecord | undefined = volume.root;
  const parts = name.split('\\').slice(1, -1);
  for (const [index, part] of parts.entries()) {
    directory = directory?.directory?.find(part)?.file;
    if (directory === undefined) return true;
    if (index + 1 >= depth && !mayBePassed(directory.dacl)) return false;
  }
  return true;
}

/**
 * IRP_MN_NOTIFY_CHANGE_DIRECTORY. Returns an outcome where the request is refused at once, else the
 * notify list has it. Models: R-NOTIFY-1, 6, 8 to 10 (grade I for NTFS), 53.
 */
export function notifyChangeDirectory(
  volume: FileSystemVolume,
  irp: Irp,
): Outcome | Promise<NtStatus> {
  const { parameters, fileObject, flags, minorFunction } = currentStackLocation(irp);
  if (minorFunction === IrpMinor.IRP_MN_NOTIFY_CHANGE_DIRECTORY_EX) {
    throw new NotModelledSignal('IRP_MN_NOTIFY_CHANGE_DIRECTORY_EX');
  }
  assert(parameters.kind === 'notify-directory' && fileObject !== null, 'has its parameters');
  const open = openOf(fileObject);
  if (!open.isMain || open.file.directory === null)
    return failed(NtStatus.STATUS_INVALID_PARAMETER);
  if ((fileObject.flags & FileObjectFlag.FO_CLEANUP_COMPLETE) !== 0) {
    return { status: NtStatus.STATUS_NOTIFY_CLEANUP, information: 0 };
  }
  if (open.deletePending) return failed(NtStatus.STATUS_DELETE_PENDING);
  return volume.notify.changeDirectory({
    irp,
    handle: open,
    directoryName: () => fileName(open.file, open.entry),
    completionFilter: parameters.completionFilter,
    watchTree: (flags & StackLocation.SL_WATCH_TREE) !== 0,
    traverseCheck: irp.thread.process.privileges.has('SeChangeNotifyPrivilege')
      ? null
      : (name) => mayReach(volume, open, name),
  });
}
