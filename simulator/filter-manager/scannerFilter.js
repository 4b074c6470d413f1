// A scanner in the stack: when a file has been opened it opens it once more, below itself, as anti-virus
// filters do. Modelled, never loaded.
// Models: R-REDIRECT-17 (whoever opens the original name after a redirection meets the stub again) and
// R-REDIRECT-20.
import { AccessMask, CallbackDataFlag, CreateOption, Disposition, FltPostopStatus, FltPreopStatus, IrpMajor, NtStatus, ntStatusName, ntSuccess, } from '../../contract/windows/index.ts';
import { openOwn } from './ownIo.ts';
import { pathOf } from './parameters.ts';
import { everything, passive } from './passiveFilter.ts';
const SHARE_ALL = 7;
const { FLTFL_CALLBACK_DATA_GENERATED_IO: GENERATED } = CallbackDataFlag;
/** Opens of directories and of reparse points themselves are not scanned. */
const NOT_SCANNED = CreateOption.FILE_DIRECTORY_FILE | CreateOption.FILE_OPEN_REPARSE_POINT;
function nameOf({ iopb, operation }) {
    const file = iopb.targetFileObject;
    return `${operation.volume.volume.deviceName}\\${file === null ? '' : pathOf(file)}`;
}
/** Drivers' own opens are not scanned either. */
const isScanned = ({ flags, iopb, requestorMode }) => {
    const { operation } = iopb.parameters;
    return ((flags & GENERATED) === 0 &&
        requestorMode === 'user' &&
        operation.kind === 'create' &&
        (operation.options & NOT_SCANNED) === 0);
};
/** `kind`: by which name it opens a file again that has been redirected. */
export function scannerFilter(context, kind) {
    /** The name of the first of the creates that one open takes. */
    const firstNames = new Map();
    const create = {
        ...passive(IrpMajor.IRP_MJ_CREATE),
        pre: (data) => {
            if (isScanned(data) && !firstNames.has(data.thread)) {
                firstNames.set(data.thread, nameOf(data));
            }
            return { status: FltPreopStatus.FLT_PREOP_SUCCESS_WITH_CALLBACK, completionContext: 0 };
        },
        post: async (data, objects) => {
            const { status } = data.ioStatus;
            if (!isScanned(data) || status === NtStatus.STATUS_REPARSE)
                return FINISHED;
            const first = firstNames.get(data.thread) ?? nameOf(data);
            firstNames.delete(data.thread);
            if (ntSuccess(status)) {
                await scan(context, objects, kind === 'scans-original' ? first : nameOf(data));
            }
            return FINISHED;
        },
    };
    return {
        operations: [
            create,
            ...everything.filter((major) => major !== IrpMajor.IRP_MJ_CREATE).map(passive),
        ],
        unload: null,
        instanceSetup: null,
        instanceQueryTeardown: null,
        instanceTeardownStart: null,
        instanceTeardownComplete: null,
    };
}
const FINISHED = FltPostopStatus.FLT_POSTOP_FINISHED_PROCESSING;
async function scan(context, { filter }, name) {
    const { kernel, io } = context;
    const instance = filter.instances.find(({ volume }) => name.startsWith(`${volume.volume.deviceName}\\`));
    const { status, fileObject } = await openOwn(context, filter, instance ?? null, {
        name,
        related: null,
        desiredAccess: AccessMask.FILE_READ_DATA | AccessMask.SYNCHRONIZE,
        shareAccess: SHARE_ALL,
        disposition: Disposition.FILE_OPEN,
        options: CreateOption.FILE_SYNCHRONOUS_IO_NONALERT,
        fileAttributes: 0,
        allocationSize: 0,
        ea: new Uint8Array(0),
    });
    kernel.trace.emit({
        kind: 'driver-call',
        driver: filter.name,
        module: 'fltmgr',
        routine: 'FltCreateFile',
        arguments: [`"${name}"`],
        result: ntStatusName(status),
        ...(status === NtStatus.STATUS_MOUNT_POINT_NOT_RESOLVED ? { rules: ['R-REDIRECT-20'] } : {}),
    });
    if (fileObject === null)
        return;
    await io.cleanupFile(fileObject);
    await io.dereferenceFile(fileObject);
}
