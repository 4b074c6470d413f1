// NtLockFile and NtUnlockFile.
import { AccessMask, IrpMajor, IrpMinor, ntError, NtStatus, StackLocation as Sl, } from '../../../contract/windows/index.ts';
import { isSynchronous } from '../fileObjects.ts';
import { lockFile, send, unlockFile } from '../serviceTail.ts';
import { tryFastIo } from './fastServices.ts';
import { handleOf, service, writeIosb, } from './serviceContext.ts';
const MAY_LOCK = AccessMask.FILE_READ_DATA | AccessMask.FILE_WRITE_DATA;
/** Models: DDI ZwLockFile: the handle may read or write; a lock that has to wait stays pending. */
export const ntLockFile = (context, args) => service(context, 'NtLockFile', args, () => control(context, IrpMinor.IRP_MN_LOCK, args));
/** Models: DDI ZwUnlockFile: one range, exactly as it was locked. */
export const ntUnlockFile = (context, args) => service(context, 'NtUnlockFile', args, () => control(context, IrpMinor.IRP_MN_UNLOCK_SINGLE, {
    ...args,
    event: null,
    failImmediately: false,
    exclusive: false,
}));
async function control(context, minorFunction, args) {
    const found = handleOf(context, args.handle, 0);
    if (typeof found === 'number')
        return found;
    if ((found.grantedAccess & MAY_LOCK) === 0)
        return NtStatus.STATUS_ACCESS_DENIED;
    const fast = await controlFast(context, minorFunction, args, found.file);
    if (fast !== null)
        return fast;
    return send(context.io, {
        file: found.file,
        majorFunction: IrpMajor.IRP_MJ_LOCK_CONTROL,
        minorFunction,
        flags: (args.failImmediately ? Sl.SL_FAIL_IMMEDIATELY : 0) |
            (args.exclusive ? Sl.SL_EXCLUSIVE_LOCK : 0),
        parameters: parametersOf(args),
        requestorMode: args.mode ?? 'user',
        buffer: 0,
        length: 0,
        method: 'neither',
        synchronousApi: minorFunction !== IrpMinor.IRP_MN_LOCK,
        iosb: args.iosb,
        event: args.event,
        ...(args.onDelivered === undefined ? {} : { onDelivered: args.onDelivered }),
    });
}
/** Models: FsRtlFastLock and FsRtlFastUnlockSingle. Null: send a request, which may wait. */
async function controlFast({ io }, minorFunction, args, file) {
    const entry = minorFunction === IrpMinor.IRP_MN_LOCK ? 'FastIoLock' : 'FastIoUnlockSingle';
    const synchronous = isSynchronous(file);
    if (synchronous)
        await lockFile(io, file);
    const { mode = 'user', iosb, event, onDelivered } = args;
    const operation = parametersOf(args);
    const result = await tryFastIo(io, { entry, file, operation, buffer: 0, mode });
    if (synchronous)
        unlockFile(io, file);
    if (result === null)
        return null;
    if (!ntError(result.status))
        writeIosb(iosb, result.status, result.information);
    event?.set();
    onDelivered?.(false);
    return result.status;
}
const parametersOf = (args) => ({
    kind: 'lock',
    length: Number(args.length),
    key: args.key,
    byteOffset: Number(args.offset),
    failImmediately: args.failImmediately,
    exclusive: args.exclusive,
    exact: { byteOffset: args.offset, length: args.length },
});
