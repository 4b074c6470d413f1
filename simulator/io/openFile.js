// From a name to an open file: the parse of the object manager, the create down the volume's stack, and
// round again for STATUS_REPARSE.
import { BugCheck, CreateOption, IrpFlag, IrpMajor, NtStatus, ntSuccess, ReparseTag, StackLocation as Sl, } from '../../contract/windows/index.ts';
import { BugcheckSignal } from '../kernel/kernel.ts';
import { hex } from './completion.ts';
import { fileObjectFlags, isRefused, mapGeneric } from './createChecks.ts';
import { topOfStack } from './deviceObject.ts';
import { deviceOf, entryOf } from './fileObjects.ts';
import { queryOpen } from './queryOpen.ts';
import { reparsedName } from './reparse.ts';
import { parseObjectName } from './objectNamespace.ts';
const CREATE_FLAGS = IrpFlag.IRP_CREATE_OPERATION | IrpFlag.IRP_SYNCHRONOUS_API | IrpFlag.IRP_DEFER_IO_COMPLETION;
/** STATUS_REPARSE's Information: parse FileObject->FileName anew, or try the same name again. */
const IO_REPARSE = 0;
const IO_REMOUNT = 1;
/** Resolved by the I/O manager itself (R-REDIRECT-12); symbolic links from Vista on. */
const nameSurrogates = new Set([
    ReparseTag.IO_REPARSE_TAG_MOUNT_POINT,
    ReparseTag.IO_REPARSE_TAG_SYMLINK,
]);
const failed = (status) => ({ status, information: 0, fileObject: null });
export async function openFile(io, request) {
    if (isRefused(request))
        return failed(NtStatus.STATUS_INVALID_PARAMETER);
    // Models: R-IO-14.
    const byFileId = (request.options & CreateOption.FILE_OPEN_BY_FILE_ID) !== 0;
    if (byFileId && request.related === null)
        return failed(NtStatus.STATUS_INVALID_PARAMETER);
    const { debug } = io.kernel;
    const frame = debug?.enter('nt!IopCreateFile');
    debug?.enter('nt!ObOpenObjectByName');
    debug?.enter('nt!ObpLookupObjectName');
    const result = await parse(io, request);
    debug?.leave(frame);
    return result;
}
/** Round and round for STATUS_REPARSE. */
async function parse(io, request) {
    let { name, related } = request;
    for (let crossed = 0; crossed <= io.kernel.profile.reparseLimit; crossed += 1) {
        const parsed = related === null ? parseObjectName(name, io.volumes) : relativeTo(related, name);
        if ('status' in parsed)
            return failed(parsed.status);
        const { query, requestorMode } = request;
        if (query !== undefined) {
            const asked = { related, requestorMode, query };
            const answer = await queryOpen(io, asked, parsed.volume, parsed.rest);
            if (answer !== null)
                return { ...answer, fileObject: null };
        }
        const entry = request.enter?.(parsed.volume) ?? null;
        if (typeof entry === 'number')
            return failed(entry);
        const attempt = await sendCreate(io, { ...request, name, related }, { ...parsed, entry });
        if (attempt.status !== NtStatus.STATUS_REPARSE)
            return settle(io, attempt);
        const again = nextName(io, attempt, parsed.rest);
        if (typeof again === 'number') {
            io.kernel.because('R-REDIRECT-11');
            return failed(await discard(io, attempt, again));
        }
        await discard(io, attempt, attempt.status);
        // Models: R-REDIRECT-5, R-REDIRECT-7: a new parse from the root, a new create from the top.
        if (again !== 'same') {
            name = again.name;
            related = null;
        }
    }
    io.kernel.because('R-REDIRECT-13');
    return failed(NtStatus.STATUS_REPARSE_POINT_NOT_RESOLVED);
}
function relativeTo(related, name) {
    const { volume } = related.device;
    return volume === null
        ? { status: NtStatus.STATUS_OBJECT_TYPE_MISMATCH }
        : { volume, rest: name };
}
/** Models: IopParseDevice: one file object and one IRP_MJ_CREATE, complete when it returns. */
async function sendCreate(io, request, { volume, rest, entry }) {
    const file = io.files.create(volume, rest, request.related);
    file.stackEntry = entry;
    file.flags = fileObjectFlags(request, rest);
    const desiredAccess = mapGeneric(request.desiredAccess);
    file.grantedAccess = desiredAccess;
    const top = deviceOf(file);
    const irp = io.allocateIrp(top, {
        majorFunction: IrpMajor.IRP_MJ_CREATE,
        flags: (request.locationFlags ?? 0) | (request.caseSensitive ? Sl.SL_CASE_SENSITIVE : 0),
        irpFlags: CREATE_FLAGS,
        parameters: {
            kind: 'create',
            desiredAccess,
            options: ((request.disposition << 24) | request.options) >>> 0,
            fileAttributes: request.fileAttributes,
            shareAccess: request.shareAccess,
            ea: request.ea,
            allocationSize: request.allocationSize,
        },
        fileObject: file,
        requestorMode: request.requestorMode,
        entry: entryOf(file),
    });
    irp.issuer = { fileObject: file, iosb: null, event: null, onDelivered: null };
    file.referenceCount += 1;
    const frame = io.kernel.debug?.enter('nt!IopParseDevice', volume.fileSystemDevice.address);
    const sent = io.callDriver(top, irp);
    const returned = typeof sent === 'number' ? sent : await sent;
    if (returned === NtStatus.STATUS_PENDING && !irp.delivered) {
        irp.deliveredEvent = io.kernel.scheduler.createEvent('notification', false);
        await io.kernel.scheduler.waitForEvent(irp.deliveredEvent, {
            kind: 'request',
            what: `completion of IRP_MJ_CREATE of ${file.displayName} (IRP ${hex(irp.address)})`,
        });
    }
    else if (!irp.delivered) {
        io.deliverHere(irp);
    }
    io.kernel.debug?.leave(frame);
    const { status, information } = irp.ioStatus;
    return { status, information, file, volume, auxiliary: irp.auxiliaryBuffer };
}
async function settle(io, attempt) {
    const { status, information, file, volume } = attempt;
    if (!ntSuccess(status))
        return failed(await discard(io, attempt, status));
    io.files.opened(file, volume);
    return { status, information, fileObject: file };
}
/** A create that failed leaves nothing: no cleanup and no close is sent for its file object. */
async function discard(io, { file }, status) {
    await io.dereferenceFile(file);
    return status;
}
/**
 * What STATUS_REPARSE leads to: another name, the same one again, or an end.
 * Models: R-REDIRECT-1, R-REDIRECT-11, R-REDIRECT-14.
 */
function nextName({ kernel: { profile }, reparseWithoutName }, { file, information, auxiliary }, rest) {
    if (rest === '' && file.relatedFileObject === null) {
        throw new BugcheckSignal(BugCheck.DRIVER_RETURNED_STATUS_REPARSE_FOR_VOLUME_OPEN, [
            hex(file.device.address),
            hex(topOfStack(file.device).address),
            file.fileName,
            hex(information),
        ]);
    }
    if (information === IO_REPARSE) {
        // Choice (R-REDIRECT-4, U): the same file once more, up to the limit.
        const unchanged = file.fileName === rest && reparseWithoutName === 'same-name';
        return unchanged ? 'same' : { name: file.fileName };
    }
    if (information === IO_REMOUNT)
        return 'same';
    const isSymlink = information === ReparseTag.IO_REPARSE_TAG_SYMLINK;
    if (nameSurrogates.has(information) && !(isSymlink && !profile.symbolicLinks)) {
        const name = auxiliary === null ? undefined : reparsedName(file, auxiliary);
        if (name !== undefined)
            return { name };
    }
    return NtStatus.STATUS_IO_REPARSE_TAG_NOT_HANDLED;
}
