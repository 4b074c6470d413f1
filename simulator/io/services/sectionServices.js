// NtCreateSection, NtMapViewOfSection, NtUnmapViewOfSection, NtFlushVirtualMemory.
import { AccessMask, FileInformationClass, IrpFlag, IrpMajor, ntError, NtStatus, PageProtection as Page, SectionAccess, SectionAttribute, } from '../../../contract/windows/index.ts';
import { creatingSection, otherwise, synchronized } from '../fsFilter.ts';
import { deviceOf } from '../fileObjects.ts';
import { PAGE_BYTES } from '../sections/controlArea.ts';
import { readImageHeader } from '../sections/imageHeader.ts';
import { pagingIo } from '../sections/paging.ts';
import { leaveControlArea, useControlArea, } from '../sections/sectionObject.ts';
import { tryFastIo } from './fastServices.ts';
import { because, handleOf, processOf, service } from './serviceContext.ts';
const { FILE_READ_DATA, FILE_WRITE_DATA, FILE_EXECUTE } = AccessMask;
/** What the file handle must have been granted for a section with this protection. */
const fileAccess = new Map([
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
const failed = (status) => ({ status, handle: 0 });
/** Models: R-SECTION-6, 7, 24, 26. */
export const ntCreateSection = (context, args) => service(context, 'NtCreateSection', { handle: args.file }, () => createSection(context, args));
async function createSection(context, args) {
    const { io, handles } = context;
    const access = fileAccess.get(args.protection);
    if (access === undefined)
        return failed(NtStatus.STATUS_INVALID_PAGE_PROTECTION);
    const found = handleOf(context, args.file, access);
    if (typeof found === 'number')
        return failed(because(context, found, 'R-SECTION-26'));
    const { file } = found;
    const pointers = file.sectionObjectPointer;
    if (pointers === null) {
        return failed(because(context, NtStatus.STATUS_INVALID_FILE_FOR_SECTION, 'R-SECTION-26'));
    }
    const holder = { section: null };
    const status = await synchronized(io.kernel, file, 'section', creatingSection(args.protection), async () => {
        const made = await makeSection(io, file, pointers, args);
        if (typeof made === 'number')
            return made;
        holder.section = made;
        return NtStatus.STATUS_SUCCESS;
    });
    if (holder.section === null)
        return failed(because(context, status, 'R-SECTION-26'));
    // The pair that every monitor shows after the first one (R-SECTION-24, from logs).
    await synchronized(io.kernel, file, 'section', otherwise, async () => NtStatus.STATUS_SUCCESS);
    const handle = handles.insertSection(processOf(context), holder.section, args.desiredAccess);
    return { status: NtStatus.STATUS_SUCCESS, handle };
}
/** Between acquire and release. */
async function makeSection(io, file, pointers, args) {
    const fileSize = await queryFileSize(io, file);
    if ('failed' in fileSize)
        return fileSize.failed;
    const wanted = args.maximumSize ?? 0;
    const { protection } = args;
    if (args.attributes & SectionAttribute.SEC_IMAGE) {
        if (fileSize.size === 0)
            return NtStatus.STATUS_INVALID_FILE_FOR_SECTION;
        const layout = await readHeaders(io, file, fileSize.size);
        if (typeof layout === 'number')
            return layout;
        const area = useControlArea(io, file, pointers, layout);
        return { area, size: layout.size, protection, handles: 0 };
    }
    if (wanted === 0 && fileSize.size === 0)
        return NtStatus.STATUS_MAPPED_FILE_SIZE_ZERO;
    if (wanted > fileSize.size) {
        if ((protection & writable) === 0)
            return NtStatus.STATUS_SECTION_TOO_BIG;
        const status = await extendFile(io, file, wanted);
        if (ntError(status))
            return status;
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
async function queryFileSize(io, file) {
    const parameters = {
        kind: 'query-information',
        length: STANDARD_INFORMATION_BYTES,
        fileInformationClass: FileInformationClass.FileStandardInformation,
    };
    const { pool, memory } = io.kernel;
    const buffer = pool.allocate('nonpaged', STANDARD_INFORMATION_BYTES, 'MmIo', 'system');
    const majorFunction = IrpMajor.IRP_MJ_QUERY_INFORMATION;
    const fast = { entry: 'FastIoQueryStandardInfo', file, buffer, mode: 'kernel' };
    const status = (await tryFastIo(io, { ...fast, operation: parameters }))?.status ??
        (await exchange(io, file, buffer, { majorFunction, parameters }));
    const bytes = memory.bytes(buffer, STANDARD_INFORMATION_BYTES);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const size = Number(view.getBigInt64(END_OF_FILE_OFFSET, true));
    pool.free(buffer);
    return ntError(status) ? { failed: status } : { size };
}
/** FsRtlSetFileSize. */
async function extendFile(io, file, size) {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigInt64(0, BigInt(size), true);
    const fileInformationClass = FileInformationClass.FileEndOfFileInformation;
    const parameters = {
        kind: 'set-information',
        length: bytes.length,
        fileInformationClass,
        parentOfTarget: null,
        replaceIfExists: false,
    };
    const { pool, memory } = io.kernel;
    const buffer = pool.allocate('nonpaged', bytes.length, 'MmIo', 'system');
    memory.bytes(buffer, bytes.length).set(bytes);
    const majorFunction = IrpMajor.IRP_MJ_SET_INFORMATION;
    const status = await exchange(io, file, buffer, { majorFunction, parameters });
    pool.free(buffer);
    return status;
}
/** A request of the memory manager's own with a system buffer, completed without an APC. */
async function exchange(io, file, systemBuffer, request) {
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
    if (typeof sent !== 'number')
        await sent;
    if (!irp.delivered) {
        irp.deliveredEvent = scheduler.createEvent('notification', false);
        const what = 'the size of a file that is about to be mapped';
        await scheduler.waitForEvent(irp.deliveredEvent, { kind: 'request', what });
    }
    return irp.ioStatus.status;
}
/** As many bytes as one page holds. */
async function readHeaders(io, file, fileSize) {
    const { pool, memory } = io.kernel;
    const buffer = pool.allocate('nonpaged', PAGE_BYTES, 'MmIm', 'system');
    const transfer = { kind: 'read', file, offset: 0, buffer, length: PAGE_BYTES };
    const { status } = await pagingIo(io, transfer);
    const bytes = memory.bytes(buffer, Math.min(PAGE_BYTES, fileSize)).slice();
    pool.free(buffer);
    return ntError(status) ? status : readImageHeader(bytes);
}
const ALLOCATION_GRANULARITY = 0x10000;
/** Models: DDI ZwMapViewOfSection. Differs: no base address, no copy into other processes. */
export const ntMapViewOfSection = (context, args) => service(context, 'NtMapViewOfSection', { handle: args.section }, async () => {
    const { io, handles } = context;
    const process = processOf(context);
    const refused = (status) => ({ status, view: null });
    const found = handles.lookUpSection(process, args.section, accessToMap(args.protection));
    if (typeof found === 'number')
        return refused(found);
    const { section } = found;
    const isImage = section.area.kind === 'image';
    if (args.offset % ALLOCATION_GRANULARITY !== 0)
        return refused(NtStatus.STATUS_MAPPED_ALIGNMENT);
    if (!isImage && !isCompatible(section.protection, args.protection)) {
        return refused(NtStatus.STATUS_SECTION_PROTECTION);
    }
    const size = args.size === 0 ? section.size - args.offset : args.size;
    const rounded = Math.ceil(section.size / PAGE_BYTES) * PAGE_BYTES;
    if (size <= 0 || args.offset + size > rounded)
        return refused(NtStatus.STATUS_INVALID_VIEW_SIZE);
    const span = Math.ceil(size / PAGE_BYTES) * PAGE_BYTES;
    const address = io.kernel.user.allocate(process, span);
    section.area.users += 1;
    const { protection, offset } = args;
    const view = { address, process, section, offset, size: span, protection, copies: new Map() };
    // User addresses of the model lie below every usual image base.
    const status = isImage ? NtStatus.STATUS_IMAGE_NOT_AT_BASE : NtStatus.STATUS_SUCCESS;
    return { status, view };
});
const accessToMap = (protection) => protection & writable
    ? SectionAccess.SECTION_MAP_READ | SectionAccess.SECTION_MAP_WRITE
    : SectionAccess.SECTION_MAP_READ;
/** A view may not write where its section cannot, unless it writes copies. */
const isCompatible = (ofSection, ofView) => (ofView & writable) === 0 || (ofSection & writable) !== 0;
/** `view`: null for an address where nothing is mapped. */
export const ntUnmapViewOfSection = (context, view) => service(context, 'NtUnmapViewOfSection', {}, async () => {
    if (view === null)
        return NtStatus.STATUS_NOT_MAPPED_VIEW;
    context.io.kernel.user.free(view.address);
    leaveControlArea(context.io, view.section.area);
    return NtStatus.STATUS_SUCCESS;
});
/** Models: MmFlushVirtualMemory: the dirty pages, between acquire and release for a flush. */
export const ntFlushVirtualMemory = (context, view) => service(context, 'NtFlushVirtualMemory', {}, async () => {
    if (view === null)
        return NtStatus.STATUS_NOT_MAPPED_VIEW;
    const { io } = context;
    const { area } = view.section;
    if (area.kind === 'image')
        return NtStatus.STATUS_NOT_MAPPED_DATA;
    const none = { kind: 'none' };
    return synchronized(io.kernel, area.file, 'cc-flush', none, () => io.flushMapping(area));
});
export const isCopied = ({ protection, section }) => (protection & copies) !== 0 || section.area.kind === 'image';
export const mayWriteTo = (view) => (view.protection & (writable | copies)) !== 0;
