// The fast ways to what is known of a file by its name: FastIoQueryOpen or, from Windows 10 on, an
// FSFilter operation from the top of the stack, before anything is opened. The file object and its
// create are made for the call and end with it.
// Models: the query-only part of IopParseDevice; R-REDIRECT-45, R-REDIRECT-47.
import { AccessMask, CreateOption, Disposition, IrpFlag, IrpMajor, NtStatus, } from '../../contract/windows/index.ts';
import { topOfStack } from './deviceObject.ts';
import { callFastIo } from './fastIo.ts';
const { FILE_READ_ATTRIBUTES } = AccessMask;
const SHARE_ALL = 7;
/** What the create of a query asks for, fast or slow: a reparse point is looked at itself. */
export const queryOnlyOpen = {
    desiredAccess: FILE_READ_ATTRIBUTES,
    shareAccess: SHARE_ALL,
    disposition: Disposition.FILE_OPEN,
    options: CreateOption.FILE_OPEN_REPARSE_POINT,
    fileAttributes: 0,
    allocationSize: 0,
    ea: new Uint8Array(0),
};
/** Null where the stack says "no": the slow way is a create, a query and a close. */
export async function queryOpen(io, { related, requestorMode, query }, volume, rest) {
    const top = topOfStack(volume.fileSystemDevice);
    if (top.driver.fastIo?.entries[query.entry] === undefined)
        return null;
    const fileObject = io.files.create(volume, rest, related);
    const { options, disposition, ...create } = queryOnlyOpen;
    const irp = io.allocateIrp(top, {
        majorFunction: IrpMajor.IRP_MJ_CREATE,
        irpFlags: IrpFlag.IRP_CREATE_OPERATION | IrpFlag.IRP_SYNCHRONOUS_API,
        parameters: {
            kind: 'create',
            ...create,
            options: ((disposition << 24) | options) >>> 0,
        },
        fileObject,
        requestorMode,
    });
    irp.currentLocation -= 1; // IoSetNextIrpStackLocation: nobody calls IoCallDriver.
    const iosb = { status: NtStatus.STATUS_SUCCESS, information: 0 };
    const taken = await callFastIo(io.kernel, top, {
        entry: query.entry,
        fileObject,
        operation: parametersOf(query, irp.address),
        buffer: query.buffer,
        mdl: null,
        irp,
        iosb,
        requestorMode,
    });
    io.freeIrp(irp);
    await io.dereferenceFile(fileObject);
    return taken ? iosb : null;
}
function parametersOf(query, irp) {
    if (query.entry === 'FastIoQueryOpen')
        return { kind: 'network-query-open', irp };
    const { lengthAddress, length, fileInformationClass } = query;
    return { kind: 'query-open', irp, lengthAddress, length, fileInformationClass };
}
