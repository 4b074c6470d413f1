// I/O of a filter's own: requests that begin right below one of its instances, always as IRPs, marked as
// generated. The instance itself and those above it never see them.
// Models: R-FLT-27, R-FLT-28, R-FLT-29, R-REDIRECT-20; FltReadFile and its family.
// Differs: each request is an IRP_CTRL of its own in the frame below; on Windows the filters below share
// the one that FltAllocateCallbackData made.
import { AccessMask, CreateOption, Disposition, FileAttribute, FileInformationClass, IrpFlag, IrpMajor, NtStatus, ntSuccess, StackLocation as Sl, } from '../../contract/windows/index.ts';
import { newNameOf } from '../io/newName.ts';
import { isAtLeast } from '../windows/profiles.ts';
/** Sends it and waits in the current thread, whatever the file object was opened for. */
export async function performOwn(context, request) {
    const { scheduler } = context.kernel;
    const done = scheduler.createEvent('notification', false);
    let result = null;
    const irp = makeIrp(context, request);
    await sendOwn(context, request, irp, ({ ioStatus, auxiliaryBuffer }) => {
        result = { ...ioStatus, auxiliary: auxiliaryBuffer };
        done.set();
    });
    await scheduler.waitForEvent(done, {
        kind: 'request',
        what: `completion of a request of ${request.instance.filter.name} (IRP 0x${irp.address.toString(16)})`,
    });
    return result ?? { status: NtStatus.STATUS_UNSUCCESSFUL, information: 0, auxiliary: null };
}
/** The request as an IRP; `sendOwn` sends it. */
export function makeIrp(context, request) {
    const { instance, buffer = 0, systemBufferLength } = request;
    const { device } = instance.volume;
    const buffered = systemBufferLength !== undefined && buffer !== 0;
    const irp = context.io.allocateIrp(device, {
        majorFunction: request.majorFunction,
        minorFunction: request.minorFunction ?? 0,
        flags: request.operationFlags ?? 0,
        irpFlags: (request.irpFlags ?? 0) | (buffered ? IrpFlag.IRP_BUFFERED_IO : 0),
        parameters: request.parameters,
        fileObject: request.file,
        requestorMode: 'kernel',
        entry: instance,
        ...(buffered ? { systemBuffer: buffer, systemBufferLength } : { userBuffer: buffer }),
    });
    irp.mdl = request.mdl ?? null;
    return irp;
}
/** `completed` runs in whatever thread completes it; the IRP is gone when it returns. */
export function sendOwn(context, { instance }, irp, completed) {
    const { io } = context;
    io.setCompletionRoutine(irp, async (done) => {
        await completed(done);
        io.freeIrp(done);
        return 'more-processing-required';
    });
    return io.callDriver(instance.volume.device, irp);
}
/**
 * Where a create of the filter enters the stack of the volume that the name leads to. A name that leads
 * to another volume was refused before Windows 8; from then on it continues below the filter's own
 * instance there (R-REDIRECT-20). Differs: at the top, where the filter has no instance there.
 */
export function enterBelow(context, filter, instance) {
    return (volume) => {
        if (volume === instance.volume.volume)
            return { device: instance.volume.device, entry: instance };
        if (!isAtLeast(context.kernel.profile, '6.3'))
            return NtStatus.STATUS_MOUNT_POINT_NOT_RESOLVED;
        const there = filter.instances.find((one) => one.volume.volume === volume);
        return there === undefined ? null : { device: there.volume.device, entry: there };
    };
}
/** FltCreateFileEx without its handle; `instance` null enters at the top. IRQL: PASSIVE_LEVEL. */
export async function openOwn(context, filter, instance, open) {
    const request = { ...open, caseSensitive: false, requestorMode: 'kernel' };
    if (instance === null)
        return context.io.openFile(request);
    return context.io.openFile({ ...request, enter: enterBelow(context, filter, instance) });
}
const renames = new Set([
    FileInformationClass.FileRenameInformation,
    FileInformationClass.FileLinkInformation,
    FileInformationClass.FileRenameInformationEx,
    FileInformationClass.FileLinkInformationEx,
]);
/** FltQueryInformationFile. IRQL: PASSIVE_LEVEL. */
export const queryOwn = (context, instance, { file, fileInformationClass, buffer, length }) => performOwn(context, {
    instance,
    file,
    majorFunction: IrpMajor.IRP_MJ_QUERY_INFORMATION,
    irpFlags: IrpFlag.IRP_SYNCHRONOUS_API,
    parameters: { kind: 'query-information', length, fileInformationClass },
    buffer,
    systemBufferLength: length,
});
/** FltSetInformationFile: for a new name it opens the target's directory first, as the I/O manager does. */
export async function setOwn(context, instance, request) {
    const { file, fileInformationClass } = request;
    if (!renames.has(fileInformationClass))
        return sendSet(context, instance, request, null);
    const parent = await openTarget(context, instance, request);
    if (typeof parent === 'number')
        return parent;
    const status = parent === null || parent.device === file.device
        ? await sendSet(context, instance, request, parent)
        : NtStatus.STATUS_NOT_SAME_DEVICE;
    if (parent !== null) {
        await context.io.cleanupFile(parent);
        await context.io.dereferenceFile(parent);
    }
    return status;
}
async function sendSet(context, instance, { file, fileInformationClass, buffer, length }, parentOfTarget) {
    const replaces = renames.has(fileInformationClass);
    const { status } = await performOwn(context, {
        instance,
        file,
        majorFunction: IrpMajor.IRP_MJ_SET_INFORMATION,
        irpFlags: IrpFlag.IRP_SYNCHRONOUS_API,
        parameters: {
            kind: 'set-information',
            length,
            fileInformationClass,
            parentOfTarget,
            replaceIfExists: replaces && ((context.kernel.memory.bytes(buffer, 1)[0] ?? 0) & 1) !== 0,
        },
        buffer,
        systemBufferLength: length,
    });
    return status;
}
const SHARE_READ_WRITE = 3;
const BASIC_INFORMATION_BYTES = 40;
const BASIC_ATTRIBUTES_AT = 32;
async function openTarget(context, instance, { file, buffer, length }) {
    const named = newNameOf(context.kernel.memory.bytes(buffer, length));
    if (typeof named === 'number')
        return named;
    if (named.root === 0 && !named.name.startsWith('\\'))
        return null;
    const root = named.root === 0 ? null : context.io.fileOfHandle(named.root);
    if (named.root !== 0 && root === null)
        return NtStatus.STATUS_INVALID_HANDLE;
    const isDirectory = await asksIsDirectory(context, instance, file);
    if (typeof isDirectory === 'number')
        return isDirectory;
    const right = isDirectory ? AccessMask.FILE_APPEND_DATA : AccessMask.FILE_WRITE_DATA;
    const { status, fileObject } = await openOwn(context, instance.filter, instance, {
        name: named.name,
        related: root,
        desiredAccess: right | AccessMask.SYNCHRONIZE,
        shareAccess: SHARE_READ_WRITE,
        disposition: Disposition.FILE_OPEN,
        options: CreateOption.FILE_OPEN_FOR_BACKUP_INTENT,
        fileAttributes: 0,
        allocationSize: 0,
        ea: new Uint8Array(0),
        locationFlags: Sl.SL_OPEN_TARGET_DIRECTORY,
    });
    return fileObject ?? status;
}
/** FltIsDirectory, and which right over a directory a new name in it needs. */
export async function asksIsDirectory(context, instance, file) {
    const { memory, pool } = context.kernel;
    const length = BASIC_INFORMATION_BYTES;
    const buffer = pool.allocate('nonpaged', length, 'FMbi', 'system');
    const fileInformationClass = FileInformationClass.FileBasicInformation;
    const request = { file, fileInformationClass, buffer, length };
    const { status } = await queryOwn(context, instance, request);
    const bytes = memory.bytes(buffer, length);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const attributes = view.getUint32(BASIC_ATTRIBUTES_AT, true);
    pool.free(buffer);
    if (!ntSuccess(status))
        return status;
    return (attributes & FileAttribute.FILE_ATTRIBUTE_DIRECTORY) !== 0;
}
