// NtCreateFile, NtClose, NtDeleteFile.
import { AccessMask, CreateOption, Disposition, FileObjectFlag, NtStatus, } from '../../../contract/windows/index.ts';
import { isSynchronous } from '../fileObjects.ts';
import { leaveControlArea } from '../sections/sectionObject.ts';
import { lockFile, unlockFile } from '../serviceTail.ts';
import { handleOf, processOf, service, writeIosb } from './serviceContext.ts';
const noEa = new Uint8Array(0);
const SHARE_ALL = 7;
/** Models: on failure neither the handle nor the I/O status block is written. */
export const ntCreateFile = (context, args) => service(context, 'NtCreateFile', args, () => create(context, args));
export async function create(context, args) {
    const request = openRequest(context, args);
    if (typeof request === 'number')
        return { status: request, handle: 0 };
    const { status, information, fileObject } = await context.io.openFile(request);
    if (fileObject === null)
        return { status, handle: 0 };
    fileObject.flags |= FileObjectFlag.FO_HANDLE_CREATED;
    const handle = context.handles.insert(processOf(context), fileObject, fileObject.grantedAccess);
    writeIosb(args.iosb, status, information);
    return { status, handle };
}
export function openRequest(context, args) {
    const { object } = args;
    let related = null;
    if (object.root !== null) {
        const root = handleOf(context, object.root, 0);
        if (typeof root === 'number')
            return root;
        related = root.file;
    }
    return {
        name: object.name,
        related,
        caseSensitive: object.caseSensitive,
        desiredAccess: args.desiredAccess,
        shareAccess: args.shareAccess,
        disposition: args.disposition,
        options: args.options,
        fileAttributes: args.fileAttributes,
        allocationSize: args.allocationSize,
        ea: args.ea ?? noEa,
        requestorMode: args.mode ?? 'user',
        ...(args.locationFlags === undefined ? {} : { locationFlags: args.locationFlags }),
    };
}
/** NtDuplicateObject within a process, with DUPLICATE_SAME_ACCESS. */
export const ntDuplicateObject = (context, handle) => service(context, 'NtDuplicateObject', { handle }, async () => {
    const found = handleOf(context, handle, 0);
    if (typeof found === 'number')
        return { status: found, handle: 0 };
    const { file, grantedAccess } = found;
    // Each handle holds a reference, which its close gives back.
    context.io.referenceFile(file);
    const made = context.handles.insert(processOf(context), file, grantedAccess);
    return { status: NtStatus.STATUS_SUCCESS, handle: made };
});
export const ntClose = (context, handle) => service(context, 'NtClose', { handle }, () => close(context, handle));
export async function close(context, handle) {
    const { io, handles } = context;
    const file = handles.remove(processOf(context), handle);
    if (file === null)
        return NtStatus.STATUS_INVALID_HANDLE;
    if ('area' in file)
        return closeSection(io, file);
    if (file.handleCount === 1) {
        // Models: IopCloseFile waits for the request that runs on a synchronous file object.
        const locks = isSynchronous(file);
        if (locks)
            await lockFile(io, file);
        await io.cleanupFile(file);
        if (locks)
            unlockFile(io, file);
    }
    file.handleCount -= 1;
    await io.dereferenceFile(file);
    return NtStatus.STATUS_SUCCESS;
}
function closeSection(io, section) {
    section.handles -= 1;
    if (section.handles === 0)
        leaveControlArea(io, section.area);
    return NtStatus.STATUS_SUCCESS;
}
/** Models: DDI ZwDeleteFile: an open for DELETE with FILE_DELETE_ON_CLOSE that ends at once. */
export const ntDeleteFile = (context, object, mode = 'user') => service(context, 'NtDeleteFile', { mode }, async () => {
    const request = openRequest(context, {
        object,
        desiredAccess: AccessMask.DELETE,
        shareAccess: SHARE_ALL,
        disposition: Disposition.FILE_OPEN,
        options: CreateOption.FILE_DELETE_ON_CLOSE,
        fileAttributes: 0,
        allocationSize: 0,
        iosb: null,
        mode,
    });
    if (typeof request === 'number')
        return request;
    const { status, fileObject } = await context.io.openFile(request);
    if (fileObject === null)
        return status;
    await context.io.cleanupFile(fileObject);
    await context.io.dereferenceFile(fileObject);
    return status;
});
