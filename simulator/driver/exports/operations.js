// fltmgr: what a filter reads, writes, asks and sets by itself. Models: R-FLT-27, R-FLT-28.
import { FsControlCode, IrpFlag, IrpMajor, IrpMinor, NtStatus, fsControlName, ntError, ntStatusName, StackLocation as Sl, } from '../../../contract/windows/index.ts';
import { encodeReparseData, encodeReparseHeader } from '../../../contract/reparsePoint.ts';
import { NotModelledSignal } from '../../kernel/kernel.ts';
import { Irql } from '../../kernel/thread.ts';
import { noticeDisabledApcs } from '../apcsDisabled.ts';
import { fullBlocking, partialBlocking } from '../binding.ts';
const { APC_LEVEL, PASSIVE_LEVEL } = Irql;
const irql = PASSIVE_LEVEL;
const NON_CACHED = 1;
const PAGING = 2;
const DO_NOT_UPDATE_BYTE_OFFSET = 4;
const USE_FILE_POINTER_POSITION = -2;
const METHOD_MASK = 3;
const GUID_BYTES = 16;
const transfers = {
    read: { majorFunction: IrpMajor.IRP_MJ_READ, irpFlags: IrpFlag.IRP_READ_OPERATION },
    write: { majorFunction: IrpMajor.IRP_MJ_WRITE, irpFlags: IrpFlag.IRP_WRITE_OPERATION },
};
function offsetOf(room, file, at, routine) {
    if (at === 0)
        return file.currentByteOffset;
    room.probe(at, 8, false, routine);
    const offset = Number(BigInt.asIntN(64, room.memory.read64(at)));
    return offset === USE_FILE_POINTER_POSITION ? file.currentByteOffset : offset;
}
async function transfer(room, kind, routine, args) {
    const [instance, file, offsetAt, length, buffer, flags, transferred, callback, context] = args;
    if (callback === 0)
        noticeDisabledApcs(room, routine);
    if ((flags & PAGING) !== 0)
        throw new NotModelledSignal(`${routine} as paging I/O`);
    room.probe(buffer, length, kind === 'read', routine);
    const byteOffset = offsetOf(room, file, offsetAt, routine);
    const { majorFunction, irpFlags } = transfers[kind];
    const nonCached = (flags & NON_CACHED) !== 0 ? IrpFlag.IRP_NOCACHE : 0;
    const request = {
        instance,
        file,
        majorFunction,
        irpFlags: irpFlags | nonCached,
        parameters: { kind, length, key: 0, byteOffset },
        buffer,
    };
    if (callback !== 0)
        return startTransfer(room, request, callback, context);
    const position = file.currentByteOffset;
    const { status, information } = await room.manager.io.perform(request);
    file.currentByteOffset =
        (flags & DO_NOT_UPDATE_BYTE_OFFSET) === 0 && !ntError(status)
            ? byteOffset + information
            : position;
    room.objects.showFile(file);
    transferred?.set(information);
    return status;
}
/** With a callback: the Filter Manager makes the callback data, and frees it after the callback. */
async function startTransfer(room, request, callback, context) {
    const { io } = room.manager;
    const data = io.allocateData(request.instance, request.file);
    data.iopb = {
        ...data.iopb,
        majorFunction: request.majorFunction,
        irpFlags: request.irpFlags ?? 0,
        parameters: { operation: request.parameters, buffer: request.buffer ?? 0, mdl: null },
    };
    room.callbackData.write(data);
    return io.startData(data, async () => {
        await room.ownData.tell(data, callback, context);
        io.freeData(data);
    });
}
const transferKinds = [
    'instance',
    'fileObject',
    'address',
    'u32',
    'address',
    'u32',
    'optionalOut32',
    'routine',
    'address',
];
/** One system buffer for both directions, as METHOD_BUFFERED has it. */
async function control(room, instance, file, { code, input, output, outputLength }) {
    const { kernel, memory, manager } = room;
    const length = Math.max(input.length, outputLength);
    const buffer = length === 0 ? 0 : kernel.pool.allocate('nonpaged', length, 'FMfc', 'system');
    memory.bytes(buffer, input.length).set(input);
    const result = await manager.io.perform({
        instance,
        file,
        majorFunction: IrpMajor.IRP_MJ_FILE_SYSTEM_CONTROL,
        minorFunction: IrpMinor.IRP_MN_USER_FS_REQUEST,
        parameters: {
            kind: 'fs-control',
            outputBufferLength: outputLength,
            inputBufferLength: input.length,
            fsControlCode: code,
        },
        buffer,
        systemBufferLength: length,
    });
    if (!ntError(result.status)) {
        const count = Math.min(result.information, outputLength);
        memory.bytes(output, count).set(memory.bytes(buffer, count));
    }
    if (buffer !== 0)
        kernel.pool.free(buffer);
    return result;
}
/** FltTagFile and FltUntagFile: a tag that is not Microsoft's has a GUID. */
async function tag(room, code, [instance, file, guid], inputOf) {
    if (guid !== 0)
        room.probe(guid, GUID_BYTES, false, 'FltTagFile');
    const input = inputOf(guid === 0 ? null : room.memory.bytes(guid, GUID_BYTES).slice());
    const { status } = await control(room, instance, file, {
        code,
        input,
        output: 0,
        outputLength: 0,
    });
    return status;
}
const eaFlags = (restart, single, indexed) => (restart ? Sl.SL_RESTART_SCAN : 0) |
    (single ? Sl.SL_RETURN_SINGLE_ENTRY : 0) |
    (indexed ? Sl.SL_INDEX_SPECIFIED : 0);
export const operationExports = {
    FltReadFile: partialBlocking('Paging I/O is refused.', transferKinds, 'status', (room, ...args) => transfer(room, 'read', 'FltReadFile', args), { irql: APC_LEVEL }),
    FltWriteFile: partialBlocking('Paging I/O is refused.', transferKinds, 'status', (room, ...args) => transfer(room, 'write', 'FltWriteFile', args), { irql: APC_LEVEL }),
    FltQueryInformationFile: fullBlocking(['instance', 'fileObject', 'address', 'u32', 'u32', 'optionalOut32'], 'status', async (room, instance, file, buffer, length, fileInformationClass, returned) => {
        room.probe(buffer, length, true, 'FltQueryInformationFile');
        const request = { file, buffer, length, fileInformationClass };
        const { status, information } = await room.manager.io.query(instance, request);
        returned?.set(information);
        return status;
    }, { irql }),
    FltSetInformationFile: fullBlocking(['instance', 'fileObject', 'address', 'u32', 'u32'], 'status', async (room, instance, file, buffer, length, fileInformationClass) => {
        room.probe(buffer, length, false, 'FltSetInformationFile');
        const request = { file, buffer, length, fileInformationClass };
        const status = await room.manager.io.set(instance, request);
        const shown = [file.fileName, String(fileInformationClass)];
        room.tell('fltmgr', 'FltSetInformationFile', shown, ntStatusName(status));
        return status;
    }, { irql }),
    FltFlushBuffers: fullBlocking(['instance', 'fileObject'], 'status', async (room, instance, file) => {
        const { status } = await room.manager.io.perform({
            instance,
            file,
            majorFunction: IrpMajor.IRP_MJ_FLUSH_BUFFERS,
            parameters: { kind: 'none' },
        });
        return status;
    }, { irql }),
    FltFsControlFile: partialBlocking('METHOD_BUFFERED controls only.', ['instance', 'fileObject', 'u32', 'address', 'u32', 'address', 'u32', 'optionalOut32'], 'status', async (room, instance, file, code, input, inputLength, output, outputLength, returned) => {
        if ((code & METHOD_MASK) !== 0) {
            throw new NotModelledSignal(`FltFsControlFile with ${fsControlName(code)}`);
        }
        if (inputLength !== 0)
            room.probe(input, inputLength, false, 'FltFsControlFile');
        if (outputLength !== 0)
            room.probe(output, outputLength, true, 'FltFsControlFile');
        const { status, information } = await control(room, instance, file, {
            code,
            input: room.memory.bytes(input, inputLength).slice(),
            output,
            outputLength,
        });
        returned?.set(information);
        return status;
    }, { irql }),
    FltTagFile: fullBlocking(['instance', 'fileObject', 'u32', 'address', 'address', 'u32'], 'status', (room, instance, file, fileTag, guid, data, length) => {
        room.probe(data, length & 0xffff, false, 'FltTagFile');
        const bytes = room.memory.bytes(data, length & 0xffff).slice();
        return tag(room, FsControlCode.FSCTL_SET_REPARSE_POINT, [instance, file, guid], (one) => encodeReparseData(fileTag, bytes, one));
    }, { irql }),
    FltUntagFile: fullBlocking(['instance', 'fileObject', 'u32', 'address'], 'status', (room, instance, file, fileTag, guid) => tag(room, FsControlCode.FSCTL_DELETE_REPARSE_POINT, [instance, file, guid], (one) => encodeReparseHeader(fileTag, one, undefined)), { irql }),
    FltIsDirectory: fullBlocking(['fileObject', 'instance', 'out8'], 'status', async (room, file, instance, isDirectory) => {
        const answer = await room.manager.io.isDirectory(instance, file);
        if (typeof answer === 'number')
            return answer;
        isDirectory.set(answer ? 1 : 0);
        return NtStatus.STATUS_SUCCESS;
    }, { irql }),
    FltQueryDirectoryFile: fullBlocking([
        'instance',
        'fileObject',
        'address',
        'u32',
        'u32',
        'boolean',
        'optionalUnicodeString',
        'boolean',
        'optionalOut32',
    ], 'status', async (room, instance, file, buffer, length, fileInformationClass, single, mask, ...rest) => {
        const [restart, returned] = rest;
        room.probe(buffer, length, true, 'FltQueryDirectoryFile');
        const { status, information } = await room.manager.io.perform({
            instance,
            file,
            majorFunction: IrpMajor.IRP_MJ_DIRECTORY_CONTROL,
            minorFunction: IrpMinor.IRP_MN_QUERY_DIRECTORY,
            operationFlags: eaFlags(restart, single, false),
            parameters: {
                kind: 'query-directory',
                length,
                fileName: textOf(mask),
                fileInformationClass,
                fileIndex: 0,
            },
            buffer,
        });
        returned?.set(information);
        return status;
    }, { irql, since: '6.0' }),
    FltQueryEaFile: fullBlocking([
        'instance',
        'fileObject',
        'address',
        'u32',
        'boolean',
        'address',
        'u32',
        'address',
        'boolean',
        'optionalOut32',
    ], 'status', async (room, instance, file, buffer, length, single, list, listLength, ...rest) => {
        const [index, restart, returned] = rest;
        const routine = 'FltQueryEaFile';
        room.probe(buffer, length, true, routine);
        if (listLength !== 0)
            room.probe(list, listLength, false, routine);
        if (index !== 0)
            room.probe(index, 4, false, routine);
        const { status, information } = await room.manager.io.perform({
            instance,
            file,
            majorFunction: IrpMajor.IRP_MJ_QUERY_EA,
            operationFlags: eaFlags(restart, single, index !== 0),
            parameters: {
                kind: 'query-ea',
                length,
                eaList: room.memory.bytes(list, listLength).slice(),
                eaIndex: index === 0 ? 0 : room.memory.read32(index),
            },
            buffer,
        });
        returned?.set(information);
        return status;
    }, { irql }),
    FltSetEaFile: fullBlocking(['instance', 'fileObject', 'address', 'u32'], 'status', async (room, instance, file, buffer, length) => {
        room.probe(buffer, length, false, 'FltSetEaFile');
        const { status } = await room.manager.io.perform({
            instance,
            file,
            majorFunction: IrpMajor.IRP_MJ_SET_EA,
            parameters: { kind: 'set-ea', length },
            buffer,
        });
        return status;
    }, { irql }),
};
const textOf = (text) => (text === null ? null : text.read());
