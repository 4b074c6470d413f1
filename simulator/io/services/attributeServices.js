// NtQueryAttributesFile, NtQueryFullAttributesFile and NtQueryInformationByName: attributes by name, for
// callers that want no handle.
import { FileInformationClass as C, IrpFlag, IrpMajor, NtStatus, ntSuccess, } from '../../../contract/windows/index.ts';
import { NotModelledSignal } from '../../kernel/kernel.ts';
import { classRule } from '../informationClasses.ts';
import { queryOnlyOpen } from '../queryOpen.ts';
import { send } from '../serviceTail.ts';
import { openRequest } from './createClose.ts';
import { tryFastIo } from './fastServices.ts';
import { service, writeIosb } from './serviceContext.ts';
const NETWORK_OPEN_LENGTH = 56;
const BASIC_LENGTH = 40;
/** Both structures begin with the four times; where FileAttributes stand. */
const TIMES_LENGTH = 32;
const NETWORK_OPEN_ATTRIBUTES = 48;
const basic = {
    entry: 'FastIoQueryBasicInfo',
    fileInformationClass: C.FileBasicInformation,
    length: BASIC_LENGTH,
};
const full = {
    entry: 'FastIoQueryNetworkOpenInfo',
    fileInformationClass: C.FileNetworkOpenInformation,
    length: NETWORK_OPEN_LENGTH,
};
/**
 * Models: IopParseDevice for a query: FastIoQueryOpen first; where that says "no", a create, a query
 * (fast again, if it can be), cleanup and close. R-REDIRECT-44, 45, 46.
 */
export const ntQueryAttributesFile = (context, args) => service(context, args.full ? 'NtQueryFullAttributesFile' : 'NtQueryAttributesFile', args, async () => {
    const { memory, pool } = context.io.kernel;
    const information = pool.allocate('nonpaged', NETWORK_OPEN_LENGTH, 'Io  ', 'system');
    const status = await query(context, args, information);
    if (ntSuccess(status)) {
        const { length } = args.full ? full : basic;
        memory.bytes(args.buffer, length).set(memory.bytes(information, length));
    }
    pool.free(information);
    return status;
});
async function query(context, { object, full: wantsAll, mode = 'user' }, information) {
    const { io } = context;
    const request = openRequest(context, { ...queryOnlyOpen, object, iosb: null, mode });
    if (typeof request === 'number')
        return request;
    const fast = { entry: 'FastIoQueryOpen', buffer: information };
    const opened = await io.openFile({ ...request, query: fast });
    const { status, fileObject } = opened;
    if (fileObject === null) {
        if (ntSuccess(status) && !wantsAll)
            toBasic(context, information);
        return status;
    }
    return queryAndClose(context, fileObject, wantsAll ? full : basic, information);
}
async function queryAndClose(context, file, wanted, buffer) {
    const status = await queryOpenFile(context, file, wanted, buffer);
    await context.io.cleanupFile(file);
    await context.io.dereferenceFile(file);
    return status;
}
/** The fast way always brings FILE_NETWORK_OPEN_INFORMATION. */
function toBasic({ io }, information) {
    const { memory } = io.kernel;
    const attributes = memory.bytes(information + NETWORK_OPEN_ATTRIBUTES, 4).slice();
    memory.bytes(information + TIMES_LENGTH, 8).fill(0);
    memory.bytes(information + TIMES_LENGTH, 4).set(attributes);
}
async function queryOpenFile({ io }, file, { entry, fileInformationClass, length }, buffer) {
    const operation = { kind: 'query-information', length, fileInformationClass };
    const mode = 'kernel';
    const fast = entry === null ? null : await tryFastIo(io, { entry, file, operation, buffer, mode });
    if (fast !== null)
        return fast.status;
    return send(io, {
        file,
        majorFunction: IrpMajor.IRP_MJ_QUERY_INFORMATION,
        irpFlags: IrpFlag.IRP_DEFER_IO_COMPLETION,
        parameters: operation,
        requestorMode: mode,
        buffer,
        length,
        method: 'buffered-output',
        synchronousApi: true,
        iosb: null,
        event: null,
    });
}
/**
 * Windows 10 and later. Models: R-REDIRECT-47: IRP_MJ_QUERY_OPEN first; refused by a filter or the file
 * system, a create, a query and a close.
 * Differs: FileStatInformation alone; the other classes that can be asked for are refused by name.
 */
export const ntQueryInformationByName = (context, args) => service(context, 'NtQueryInformationByName', { ...args, handle: 0 }, async () => {
    const { profile, memory, pool } = context.io.kernel;
    if (!profile.queryByName) {
        throw new NotModelledSignal(`NtQueryInformationByName, which ${profile.title} does not have`);
    }
    const { fileInformationClass, length, buffer, iosb } = args;
    const rule = classRule('by-name', fileInformationClass, profile);
    if (rule === undefined)
        return NtStatus.STATUS_INVALID_INFO_CLASS;
    if (length < rule.length)
        return NtStatus.STATUS_INFO_LENGTH_MISMATCH;
    const information = pool.allocate('nonpaged', rule.length + ULONG_BYTES, 'Io  ', 'system');
    const status = await queryByName(context, args, rule.length, information);
    if (ntSuccess(status)) {
        memory.bytes(buffer, rule.length).set(memory.bytes(information, rule.length));
        writeIosb(iosb, status, rule.length);
    }
    pool.free(information);
    return status;
});
const ULONG_BYTES = 4;
async function queryByName(context, { object, fileInformationClass, mode = 'user' }, length, buffer) {
    const { io } = context;
    const request = openRequest(context, { ...queryOnlyOpen, object, iosb: null, mode });
    if (typeof request === 'number')
        return request;
    const lengthAddress = buffer + length;
    io.kernel.memory.bytes(lengthAddress, 1)[0] = length;
    const query = {
        entry: 'PreQueryOpen',
        buffer,
        length,
        lengthAddress,
        fileInformationClass,
    };
    const { status, fileObject } = await io.openFile({ ...request, query });
    if (fileObject === null)
        return status;
    const wanted = { entry: null, fileInformationClass, length };
    return queryAndClose(context, fileObject, wanted, buffer);
}
