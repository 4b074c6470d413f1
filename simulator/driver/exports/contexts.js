// fltmgr: contexts of volumes, instances, files, streams and opens.
import { FltContextType, NtStatus, ntError } from '../../../contract/windows/index.ts';
import { Irql } from '../../kernel/thread.ts';
import { full, fullBlocking, none, partial } from '../binding.ts';
import { noticeChangedTarget } from '../changedTarget.ts';
import { Contexts } from '../contexts.ts';
const { APC_LEVEL } = Irql;
const setterOf = (old) => old === null ? null : (address) => old.set(address);
/** Null for a file that is not open yet: it has no contexts. */
function objectOf(file, per) {
    const stream = Contexts.streamOf(file);
    return per === 'open' && stream !== null ? file : stream;
}
function setOnFile(per, type) {
    return (room, instance, file, operation, context, old) => {
        noticeChangedTarget(room, instance, 'FltSet…Context');
        // A driver that opens the file by itself has just said so in the file object.
        room.objects.readBackContexts(file);
        const object = objectOf(file, per);
        if (object === null)
            return NtStatus.STATUS_NOT_SUPPORTED;
        if (!room.contexts.isOf(context, type))
            return NtStatus.STATUS_INVALID_PARAMETER;
        return room.contexts.set({ owner: instance, object }, operation, context, setterOf(old));
    };
}
function getFromFile(per, type) {
    return (room, instance, file, context) => {
        noticeChangedTarget(room, instance, 'FltGet…Context');
        const object = objectOf(file, per);
        if (object === null)
            return NtStatus.STATUS_NOT_SUPPORTED;
        return give(context, room.contexts.get({ owner: instance, object }, type));
    };
}
function give(context, address) {
    context.set(address);
    return address === 0 ? NtStatus.STATUS_NOT_FOUND : NtStatus.STATUS_SUCCESS;
}
function deleteFromFile(per, type) {
    return async (room, instance, file, old) => {
        const object = objectOf(file, per);
        if (object === null)
            return NtStatus.STATUS_NOT_SUPPORTED;
        return remove(room, { owner: instance, object }, type, old);
    };
}
async function remove(room, place, type, old) {
    if (old !== null)
        old.set(room.contexts.get(place, type));
    const found = await room.contexts.remove(place, type);
    return found ? NtStatus.STATUS_SUCCESS : NtStatus.STATUS_NOT_FOUND;
}
/** The routines for file contexts are older than the contexts. */
const hasFileContexts = ({ kernel }) => kernel.profile.fileContexts;
const beforeVista = (handler) => (room, ...values) => hasFileContexts(room) ? handler(room, ...values) : NtStatus.STATUS_NOT_SUPPORTED;
const setKinds = ['instance', 'fileObject', 'u32', 'address', 'optionalOut32'];
const getKinds = ['instance', 'fileObject', 'out32'];
const deleteKinds = ['instance', 'fileObject', 'optionalOut32'];
const { FLT_STREAM_CONTEXT, FLT_STREAMHANDLE_CONTEXT, FLT_FILE_CONTEXT } = FltContextType;
const { FLT_VOLUME_CONTEXT, FLT_INSTANCE_CONTEXT } = FltContextType;
const irql = APC_LEVEL;
export const contextExports = {
    FltAllocateContext: full(['filter', 'u32', 'u32', 'u32', 'out32'], 'status', (room, _filter, type, size, poolType, context) => {
        const result = room.contexts.allocate(type & 0xffff, size, poolType);
        const failed = ntError(result);
        context.set(failed ? 0 : result);
        return failed ? result : NtStatus.STATUS_SUCCESS;
    }, { irql }),
    FltReferenceContext: full(['address'], 'void', (room, context) => {
        room.contexts.reference(context);
    }),
    FltReleaseContext: fullBlocking(['address'], 'void', (room, context) => room.contexts.release(context)),
    FltDeleteContext: fullBlocking(['address'], 'void', (room, context) => room.contexts.unlink(context), { irql }),
    FltSetVolumeContext: fullBlocking(['volume', 'u32', 'address', 'optionalOut32'], 'status', (room, volume, operation, context, old) => room.contexts.set({ owner: volume, object: volume }, operation, context, setterOf(old)), { irql }),
    FltGetVolumeContext: full(['filter', 'volume', 'out32'], 'status', (room, _filter, volume, context) => give(context, room.contexts.get({ owner: volume, object: volume }, FLT_VOLUME_CONTEXT)), { irql }),
    FltDeleteVolumeContext: fullBlocking(['filter', 'volume', 'optionalOut32'], 'status', (room, _filter, volume, old) => remove(room, { owner: volume, object: volume }, FLT_VOLUME_CONTEXT, old), { irql }),
    FltSetInstanceContext: fullBlocking(['instance', 'u32', 'address', 'optionalOut32'], 'status', (room, instance, operation, context, old) => {
        noticeChangedTarget(room, instance, 'FltSetInstanceContext');
        const place = { owner: instance, object: instance };
        return room.contexts.set(place, operation, context, setterOf(old));
    }, { irql }),
    FltGetInstanceContext: full(['instance', 'out32'], 'status', (room, instance, context) => {
        noticeChangedTarget(room, instance, 'FltGetInstanceContext');
        const place = { owner: instance, object: instance };
        return give(context, room.contexts.get(place, FLT_INSTANCE_CONTEXT));
    }, { irql }),
    FltDeleteInstanceContext: fullBlocking(['instance', 'optionalOut32'], 'status', (room, instance, old) => remove(room, { owner: instance, object: instance }, FLT_INSTANCE_CONTEXT, old), { irql }),
    FltSetStreamContext: fullBlocking(setKinds, 'status', setOnFile('stream', FLT_STREAM_CONTEXT), {
        irql,
    }),
    FltGetStreamContext: full(getKinds, 'status', getFromFile('stream', FLT_STREAM_CONTEXT), {
        irql,
    }),
    FltDeleteStreamContext: fullBlocking(deleteKinds, 'status', deleteFromFile('stream', FLT_STREAM_CONTEXT), { irql }),
    FltSetStreamHandleContext: fullBlocking(setKinds, 'status', setOnFile('open', FLT_STREAMHANDLE_CONTEXT), { irql }),
    FltGetStreamHandleContext: full(getKinds, 'status', getFromFile('open', FLT_STREAMHANDLE_CONTEXT), { irql }),
    FltDeleteStreamHandleContext: fullBlocking(deleteKinds, 'status', deleteFromFile('open', FLT_STREAMHANDLE_CONTEXT), { irql }),
    FltSetFileContext: fullBlocking(setKinds, 'status', beforeVista(setOnFile('stream', FLT_FILE_CONTEXT)), { irql }),
    FltGetFileContext: fullBlocking(getKinds, 'status', beforeVista(getFromFile('stream', FLT_FILE_CONTEXT)), { irql }),
    FltDeleteFileContext: fullBlocking(deleteKinds, 'status', beforeVista(deleteFromFile('stream', FLT_FILE_CONTEXT)), { irql }),
    FltSupportsStreamContexts: partial('True once the file is open; before, the answer of Windows depends on the create.', ['fileObject'], 'boolean', (_room, file) => Contexts.streamOf(file) !== null),
    FltSupportsStreamHandleContexts: partial('True once the file is open; before, the answer of Windows depends on the create.', ['fileObject'], 'boolean', (_room, file) => Contexts.streamOf(file) !== null),
    FltSupportsFileContexts: partial('True once the file is open; before, the answer of Windows depends on the create.', ['fileObject'], 'boolean', (room, file) => hasFileContexts(room) && Contexts.streamOf(file) !== null),
    FltGetContexts: none('Ask for each context by its own routine.'),
    FltReleaseContexts: none('Ask for each context by its own routine.'),
};
