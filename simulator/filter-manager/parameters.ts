// Between an IRP and FLT_PARAMETERS: what the Filter Manager takes out of a stack location, what it
// puts back, and the fields by the names that fltKernel.h gives them.
import { FileObjectFlag, IrpFlag } from '../../contract/windows/index.ts';
import type { FileObject } from '../io/fileObject.ts';
import { currentStackLocation, type Irp, type IrpParameters } from '../io/irp.ts';
import type { FltParameters, IoParameterBlock } from './callbackData.ts';

/** FLTFL_CALLBACK_DATA_SYSTEM_BUFFER: buffered I/O with a system buffer there (R-FLT-16). */
export const hasSystemBuffer = (irp: Irp): boolean =>
  (irp.flags & IrpFlag.IRP_BUFFERED_IO) !== 0 && irp.systemBuffer !== 0;

/** The working parameter block of an IRP that has arrived at the frame's device. */
export function iopbFromIrp(irp: Irp): IoParameterBlock {
  const location = currentStackLocation(irp);
  return {
    irpFlags: irp.flags,
    majorFunction: location.majorFunction,
    minorFunction: location.minorFunction,
    operationFlags: location.flags,
    targetFileObject: location.fileObject,
    targetInstance: null,
    parameters: {
      operation: location.parameters,
      buffer: hasSystemBuffer(irp) ? irp.systemBuffer : irp.userBuffer,
      mdl: irp.mdl,
    },
  };
}

/** Puts the block into the IRP's next stack location, for the driver below. */
export function putIntoIrp(iopb: IoParameterBlock, irp: Irp): void {
  const next = irp.stack[irp.currentLocation - 2];
  if (next === undefined) return; // IoCallDriver meets the missing location itself: bugcheck 0x35.
  next.majorFunction = iopb.majorFunction;
  next.minorFunction = iopb.minorFunction;
  next.flags = iopb.operationFlags;
  next.fileObject = iopb.targetFileObject;
  next.parameters = iopb.parameters.operation;
  irp.flags = iopb.irpFlags;
  irp.mdl = iopb.parameters.mdl;
  if (hasSystemBuffer(irp)) irp.systemBuffer = iopb.parameters.buffer;
  else irp.userBuffer = iopb.parameters.buffer;
}

export type ShownParameters = Record<string, string | number | null>;
type Shown = ShownParameters;

const address = (value: number): string | null =>
  value === 0 ? null : `0x${value.toString(16).padStart(8, '0')}`;

/** One row per kind of operation: the members of its FLT_PARAMETERS, in the order of the header. */
const shownFields: {
  readonly [Kind in IrpParameters['kind']]: (
    operation: IrpParameters & { kind: Kind },
    parameters: FltParameters,
  ) => Shown;
} = {
  none: () => ({}),
  create: (create) => ({
    DesiredAccess: create.desiredAccess,
    Options: create.options,
    FileAttributes: create.fileAttributes,
    ShareAccess: create.shareAccess,
    EaLength: create.ea.length,
    AllocationSize: create.allocationSize,
  }),
  read: (read, { buffer, mdl }) => ({
    Length: read.length,
    Key: read.key,
    ByteOffset: read.byteOffset,
    ReadBuffer: address(buffer),
    MdlAddress: address(mdl?.address ?? 0),
  }),
  write: (write, { buffer, mdl }) => ({
    Length: write.length,
    Key: write.key,
    ByteOffset: write.byteOffset,
    WriteBuffer: address(buffer),
    MdlAddress: address(mdl?.address ?? 0),
  }),
  'notify-directory': (notify, { buffer, mdl }) => ({
    Length: notify.length,
    CompletionFilter: notify.completionFilter,
    Spare1: 0,
    Spare2: 0,
    DirectoryBuffer: address(buffer),
    MdlAddress: address(mdl?.address ?? 0),
  }),
  'query-directory': (query, { buffer, mdl }) => ({
    Length: query.length,
    FileName: query.fileName,
    FileInformationClass: query.fileInformationClass,
    FileIndex: query.fileIndex,
    DirectoryBuffer: address(buffer),
    MdlAddress: address(mdl?.address ?? 0),
  }),
  'query-information': (query, { buffer }) => ({
    Length: query.length,
    FileInformationClass: query.fileInformationClass,
    InfoBuffer: address(buffer),
  }),
  'set-information': (set, { buffer }) => ({
    Length: set.length,
    FileInformationClass: set.fileInformationClass,
    ParentOfTarget: address(set.parentOfTarget?.address ?? 0),
    ReplaceIfExists: set.replaceIfExists ? 1 : 0,
    InfoBuffer: address(buffer),
  }),
  'query-security': (query, { buffer, mdl }) => ({
    SecurityInformation: query.securityInformation,
    Length: query.length,
    SecurityBuffer: address(buffer),
    MdlAddress: address(mdl?.address ?? 0),
  }),
  'set-security': (set) => ({ SecurityInformation: set.securityInformation }),
  'fs-control': (control, { buffer }) => ({
    OutputBufferLength: control.outputBufferLength,
    InputBufferLength: control.inputBufferLength,
    FsControlCode: control.fsControlCode,
    OutputBuffer: address(buffer),
  }),
  'query-ea': (query, { buffer, mdl }) => ({
    Length: query.length,
    EaListLength: query.eaList.length,
    EaIndex: query.eaIndex,
    EaBuffer: address(buffer),
    MdlAddress: address(mdl?.address ?? 0),
  }),
  'set-ea': (set, { buffer, mdl }) => ({
    Length: set.length,
    EaBuffer: address(buffer),
    MdlAddress: address(mdl?.address ?? 0),
  }),
  'acquire-section': ({ syncType, pageProtection }) => ({
    SyncType: syncType,
    PageProtection: pageProtection,
  }),
  'acquire-mod-write': ({ endingOffset }) => ({ EndingOffset: endingOffset }),
  lock: (lock) => ({
    Length: lock.length,
    Key: lock.key,
    ByteOffset: lock.byteOffset,
    FailImmediately: lock.failImmediately ? 1 : 0,
    ExclusiveLock: lock.exclusive ? 1 : 0,
  }),
  'device-control': (control, { buffer }) => ({
    OutputBufferLength: control.outputBufferLength,
    InputBufferLength: control.inputBufferLength,
    IoControlCode: control.ioControlCode,
    InputBuffer: address(control.inputBuffer),
    OutputBuffer: address(buffer),
  }),
  'fast-io-check-if-possible': (check) => ({
    FileOffset: check.byteOffset,
    Length: check.length,
    LockKey: check.key,
    CheckForReadOperation: check.checkForRead ? 1 : 0,
  }),
  'network-query-open': (query, { buffer }) => ({
    Irp: address(query.irp),
    NetworkInformation: address(buffer),
  }),
  'query-open': (query, { buffer }) => ({
    Irp: address(query.irp),
    FileInformation: address(buffer),
    Length: address(query.lengthAddress),
    FileInformationClass: query.fileInformationClass,
  }),
  'mdl-read': mdlTransfer,
  'mdl-read-complete': (_complete, { mdl }) => ({ MdlChain: address(mdl?.address ?? 0) }),
  'prepare-mdl-write': mdlTransfer,
  'mdl-write-complete': (complete, { mdl }) => ({
    FileOffset: complete.byteOffset,
    MdlChain: address(mdl?.address ?? 0),
  }),
};

/** MdlChain is where the caller wants the list to be put. */
function mdlTransfer(
  { byteOffset, length, key }: IrpParameters & { kind: 'mdl-read' | 'prepare-mdl-write' },
  { buffer }: FltParameters,
): Shown {
  return { FileOffset: byteOffset, Length: length, Key: key, MdlChain: address(buffer) };
}

/** Iopb->Parameters by field name, as a trace shows them. */
export function shownParameters(parameters: FltParameters): Shown {
  const { operation } = parameters;
  // The row is chosen by the same kind that it takes; the compiler cannot follow that by itself.
  const show = shownFields[operation.kind] as (one: IrpParameters, all: FltParameters) => Shown;
  return show(operation, parameters);
}

/** "dir\file" from the root of the volume, as far as the file objects tell; "" is the root. */
export function pathOf(file: FileObject): string {
  const own = file.fileName.replace(/^\\/, '');
  const related = file.relatedFileObject === null ? '' : pathOf(file.relatedFileObject);
  if (related === '' || own === '') return related + own;
  return own.startsWith(':') ? related + own : `${related}\\${own}`;
}

/** Whether the handle names the volume itself and no file on it (R-FLT-2, "DASD"). */
export const isVolumeOpen = (file: FileObject | null): boolean =>
  file !== null && (file.flags & FileObjectFlag.FO_VOLUME_OPEN) !== 0;
