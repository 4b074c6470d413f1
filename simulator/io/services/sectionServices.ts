// NtCreateSection, NtMapViewOfSection, NtUnmapViewOfSection, NtFlushVirtualMemory.
import {
  AccessMask,
  FileInformationClass,
  IrpFlag,
  IrpMajor,
  ntError,
  NtStatus,
  PageProtection as Page,
  SectionAccess,
  SectionAttribute,
} from '../../../contract/windows/index.ts';
import { NotModelledSignal } from '../../kernel/kernel.ts';
import type { MaybeLater } from '../../kernel/later.ts';
import type { FileObject } from '../fileObject.ts';
import { creatingSection, otherwise, synchronized } from '../fsFilter.ts';
import type { IoCore } from '../ioCore.ts';
import type { IrpParameters } from '../irp.ts';
import { deviceOf } from '../fileObjects.ts';
import { PAGE_BYTES, type SectionObjectPointers } from '../sections/controlArea.ts';
import { readImageHeader, type ImageLayout } from '../sections/imageHeader.ts';
import { pagingIo } from '../sections/paging.ts';
import {
  leaveControlArea,
  useControlArea,
  type Section,
  type View,
} from '../sections/sectionObject.ts';
import { tryFastIo } from './fastServices.ts';
import { because, handleOf, processOf, service, type ServiceContext } from './serviceContext.ts';

export interface CreateSectionArguments {
  readonly file: number;
  readonly desiredAccess: number;
  readonly protection: number;
  /** SEC_COMMIT, SEC_RESERVE or SEC_IMAGE. */
  readonly attributes: number;
  /** Null or 0: as large as the file is. */
  readonly maximumSize: number | null;
}

export interface CreateSectionResult {
  readonly status: NtStatus;
  /** 0 where it failed. */
  readonly handle: number;
}

export interface MapArguments {
  readonly section: number;
  readonly offset: number;
  /** 0: to the end of the section. */
  readonly size: number;
  readonly protection: number;
  /** BaseAddress, where it is not left to the memory manager: bytes behind the base of a view. */
  readonly base?: { readonly view: View | null; readonly offset: number };
}

export interface MapResult {
  readonly status: NtStatus;
  readonly view: View | null;
}

const { FILE_READ_DATA, FILE_WRITE_DATA, FILE_EXECUTE } = AccessMask;
/** What the file handle must have been granted for a section with this protection. */
const fileAccess: ReadonlyMap<number, number> = new Map([
  [Page.PAGE_READONLY, FILE_READ_DATA],
  [Page.PAGE_WRITECOPY, FILE_READ_DATA],
  [Page.PAGE_READWRITE, FILE_READ_DATA | FILE_WRITE_DATA],
  [Page.PAGE_EXECUTE, FILE_EXECUTE],
  [Page.PAGE_EXECUTE_READ, FILE_EXECUTE | FILE_READ_DATA],
  [Page.PAGE_EXECUTE_WRITECOPY, FILE_EXECUTE | FILE_READ_DATA],
  [Page.PAGE_EXECUTE_READWRITE, FILE_EXECUTE | FILE_READ_DATA | FILE_WRITE_DATA],
]);
const writable = Page.PAGE_READWRITE | Page.PAGE_EXECUTE_READWRITE;
const copies = Page.PAGE_WRITECOPY | Page.PAGE_EXECUTE_WRITECOPY;

const failed = (status: NtStatus): CreateSectionResult => ({ status, handle: 0 });

/** Models: R-SECTION-6, 7, 24, 26. */
export const ntCreateSection = (
  context: ServiceContext,
  args: CreateSectionArguments,
): MaybeLater<CreateSectionResult> =>
  service(context, 'NtCreateSection', { handle: args.file }, () => createSection(context, args));

async function createSection(
  context: ServiceContext,
  args: CreateSectionArguments,
): Promise<CreateSectionResult> {
  const { io, handles } = context;
  const access = fileAccess.get(args.protection);
  if (access === undefined) return failed(NtStatus.STATUS_INVALID_PAGE_PROTECTION);
  const found = handleOf(context, args.file, access);
  if (typeof found === 'number') return failed(because(context, found, 'R-SECTION-26'));
  const { file } = found;
  const pointers = file.sectionObjectPointer;
  if (pointers === null) {
    return failed(because(context, NtStatus.STATUS_INVALID_FILE_FOR_SECTION, 'R-SECTION-26'));
  }
  const holder: { section: Section | null } = { section: null };
  const status = await synchronized(
    io.kernel,
    file,
    'section',
    creatingSection(args.protection),
    async () => {
      const made = await makeSection(io, file, pointers, args);
      if (typeof made === 'number') return made;
      holder.section = made;
      return NtStatus.STATUS_SUCCESS;
    },
  );
  if (holder.section === null) return failed(because(context, status, 'R-SECTION-26'));
  // The pair that every monitor shows after the first one (R-SECTION-24, from logs).
  await synchronized(io.kernel, file, 'section', otherwise, async () => NtStatus.STATUS_SUCCESS);
  const handle = handles.insertSection(processOf(context), holder.section, args.desiredAccess);
  return { status: NtStatus.STATUS_SUCCESS, handle };
}

/** Between acquire and release. */
async function makeSection(
  io: IoCore,
  file: FileObject,
  pointers: SectionObjectPointers,
  args: CreateSectionArguments,
): Promise<Section | NtStatus> {
  const fileSize = await queryFileSize(io, file);
  if ('failed' in fileSize) return fileSize.failed;
  const wanted = args.maximumSize ?? 0;
  const { protection } = args;
  if (args.attributes & SectionAttribute.SEC_IMAGE) {
    if (fileSize.size === 0) return NtStatus.STATUS_INVALID_FILE_FOR_SECTION;
    const layout = await readHeaders(io, file, fileSize.size);
    if (typeof layout === 'number') return layout;
    const area = useControlArea(io, file, pointers, layout);
    return { area, size: layout.size, protection, handles: 0 };
  }
  if (wanted === 0 && fileSize.size === 0) return NtStatus.STATUS_MAPPED_FILE_SIZE_ZERO;
  if (wanted > fileSize.size) {
    if ((protection & writable) === 0) return NtStatus.STATUS_SECTION_TOO_BIG;
    const status = await extendFile(io, file, wanted);
    if (ntError(status)) return status;
  }
  const area = useControlArea(io, file, pointers, null);
  return { area, size: wanted === 0 ? fileSize.size : wanted, protection, handles: 0 };
}

const STANDARD_INFORMATION_BYTES = 24;
const END_OF_FILE_OFFSET = 8;

/**
 * FsRtlGetFileSize: fast I/O where the stack offers it, else a request flagged as paging I/O, whose
 * completion needs no APC.
 */
async function queryFileSize(
  io: IoCore,
  file: FileObject,
): Promise<{ readonly size: number } | { readonly failed: NtStatus }> {
  const parameters = {
    kind: 'query-information',
    length: STANDARD_INFORMATION_BYTES,
    fileInformationClass: FileInformationClass.FileStandardInformation,
  } as const;
  const { pool, memory } = io.kernel;
  const buffer = pool.allocate('nonpaged', STANDARD_INFORMATION_BYTES, 'MmIo', 'system');
  const majorFunction = IrpMajor.IRP_MJ_QUERY_INFORMATION;
  const fast = { entry: 'FastIoQueryStandardInfo', file, buffer, mode: 'kernel' } as const;
  const status =
    (await tryFastIo(io, { ...fast, operation: parameters }))?.status ??
    (await exchange(io, file, buffer, { majorFunction, parameters }));
  const bytes = memory.bytes(buffer, STANDARD_INFORMATION_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const size = Number(view.getBigInt64(END_OF_FILE_OFFSET, true));
  pool.free(buffer);
  return ntError(status) ? { failed: status } : { size };
}

/** FsRtlSetFileSize. */
async function extendFile(io: IoCore, file: FileObject, size: number): Promise<NtStatus> {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(size), true);
  const fileInformationClass = FileInformationClass.FileEndOfFileInformation;
  const parameters = {
    kind: 'set-information',
    length: bytes.length,
    fileInformationClass,
    parentOfTarget: null,
    replaceIfExists: false,
  } as const;
  const { pool, memory } = io.kernel;
  const buffer = pool.allocate('nonpaged', bytes.length, 'MmIo', 'system');
  memory.bytes(buffer, bytes.length).set(bytes);
  const majorFunction = IrpMajor.IRP_MJ_SET_INFORMATION;
  const status = await exchange(io, file, buffer, { majorFunction, parameters });
  pool.free(buffer);
  return status;
}

/** A request of the memory manager's own with a system buffer, completed without an APC. */
async function exchange(
  io: IoCore,
  file: FileObject,
  systemBuffer: number,
  request: {
    readonly majorFunction: number;
    readonly parameters: Extract<IrpParameters, { kind: 'query-information' | 'set-information' }>;
  },
): Promise<NtStatus> {
  const { scheduler } = io.kernel;
  const top = deviceOf(file);
  const irp = io.allocateIrp(top, {
    ...request,
    irpFlags: IrpFlag.IRP_PAGING_IO | IrpFlag.IRP_INPUT_OPERATION | IrpFlag.IRP_BUFFERED_IO,
    fileObject: file,
    requestorMode: 'kernel',
    systemBuffer,
    systemBufferLength: request.parameters.length,
  });
  irp.issuer = { fileObject: file, iosb: null, event: null, onDelivered: null };
  file.referenceCount += 1;
  const sent = io.callDriver(top, irp);
  if (typeof sent !== 'number') await sent;
  if (!irp.delivered) {
    irp.deliveredEvent = scheduler.createEvent('notification', false);
    const what = 'the size of a file that is about to be mapped';
    await scheduler.waitForEvent(irp.deliveredEvent, { kind: 'request', what });
  }
  return irp.ioStatus.status;
}

/** As many bytes as one page holds. */
async function readHeaders(
  io: IoCore,
  file: FileObject,
  fileSize: number,
): Promise<ImageLayout | NtStatus> {
  const { pool, memory } = io.kernel;
  const buffer = pool.allocate('nonpaged', PAGE_BYTES, 'MmIm', 'system');
  const transfer = { kind: 'read', file, offset: 0, buffer, length: PAGE_BYTES } as const;
  const { status } = await pagingIo(io, transfer);
  const bytes = memory.bytes(buffer, Math.min(PAGE_BYTES, fileSize)).slice();
  pool.free(buffer);
  return ntError(status) ? status : readImageHeader(bytes);
}

const ALLOCATION_GRANULARITY = 0x10000;

/**
 * Models: DDI ZwMapViewOfSection. Differs: no copy into other processes; a base address is refused by
 * name where it is free.
 */
export const ntMapViewOfSection = (
  context: ServiceContext,
  args: MapArguments,
): MaybeLater<MapResult> =>
  service(context, 'NtMapViewOfSection', { handle: args.section }, async () => {
    const { io, handles } = context;
    const process = processOf(context);
    const refused = (status: NtStatus): MapResult => ({ status, view: null });
    const found = handles.lookUpSection(process, args.section, accessToMap(args.protection));
    if (typeof found === 'number') return refused(found);
    const { section } = found;
    const isImage = section.area.kind === 'image';
    const aligned = [args.offset, args.base?.offset ?? 0];
    if (aligned.some((each) => each % ALLOCATION_GRANULARITY !== 0))
      return refused(NtStatus.STATUS_MAPPED_ALIGNMENT);
    if (!isImage && !isCompatible(section.protection, args.protection)) {
      return refused(NtStatus.STATUS_SECTION_PROTECTION);
    }
    const size = args.size === 0 ? section.size - args.offset : args.size;
    const rounded = Math.ceil(section.size / PAGE_BYTES) * PAGE_BYTES;
    if (size <= 0 || args.offset + size > rounded)
      return refused(NtStatus.STATUS_INVALID_VIEW_SIZE);
    const span = Math.ceil(size / PAGE_BYTES) * PAGE_BYTES;
    if (args.base !== undefined) return refused(takenAddress(args.base, span));
    const address = io.kernel.user.allocate(process, span);
    section.area.users += 1;
    const { protection, offset } = args;
    const view = { address, process, section, offset, size: span, protection, copies: new Map() };
    // User addresses of the model lie below every usual image base.
    const status = isImage ? NtStatus.STATUS_IMAGE_NOT_AT_BASE : NtStatus.STATUS_SUCCESS;
    return { status, view };
  });

/** What lies at an address that is asked for: the view that it is counted from, as far as is known. */
function takenAddress({ view, offset }: NonNullable<MapArguments['base']>, span: number): NtStatus {
  const overlaps = view !== null && offset < view.size && offset + span > 0;
  if (overlaps) return NtStatus.STATUS_CONFLICTING_ADDRESSES;
  throw new NotModelledSignal('a view at a free address that the caller chooses');
}

const accessToMap = (protection: number): number =>
  protection & writable
    ? SectionAccess.SECTION_MAP_READ | SectionAccess.SECTION_MAP_WRITE
    : SectionAccess.SECTION_MAP_READ;

/** A view may not write where its section cannot, unless it writes copies. */
const isCompatible = (ofSection: number, ofView: number): boolean =>
  (ofView & writable) === 0 || (ofSection & writable) !== 0;

/** `view`: null for an address where nothing is mapped. */
export const ntUnmapViewOfSection = (
  context: ServiceContext,
  view: View | null,
): MaybeLater<NtStatus> =>
  service(context, 'NtUnmapViewOfSection', {}, async () => {
    if (view === null) return NtStatus.STATUS_NOT_MAPPED_VIEW;
    context.io.kernel.user.free(view.address);
    leaveControlArea(context.io, view.section.area);
    return NtStatus.STATUS_SUCCESS;
  });

/** Models: MmFlushVirtualMemory: the dirty pages, between acquire and release for a flush. */
export const ntFlushVirtualMemory = (
  context: ServiceContext,
  view: View | null,
): MaybeLater<NtStatus> =>
  service(context, 'NtFlushVirtualMemory', {}, async () => {
    if (view === null) return NtStatus.STATUS_NOT_MAPPED_VIEW;
    const { io } = context;
    const { area } = view.section;
    if (area.kind === 'image') return NtStatus.STATUS_NOT_MAPPED_DATA;
    const none = { kind: 'none' } as const;
    return synchronized(io.kernel, area.file, 'cc-flush', none, () => io.flushMapping(area));
  });

export const isCopied = ({ protection, section }: View): boolean =>
  (protection & copies) !== 0 || section.area.kind === 'image';

export const mayWriteTo = (view: View): boolean => (view.protection & (writable | copies)) !== 0;
