// fltmgr: callback data of a filter's own, reissue, cancellation and cancel-safe queues.
// Models: R-FLT-29, R-REDIRECT-21 to 26.
import { NtStatus, ntStatusName } from '../../../contract/windows/index.ts';
import { Irql } from '../../kernel/thread.ts';
import { full, fullBlocking } from '../binding.ts';
const { APC_LEVEL, PASSIVE_LEVEL } = Irql;
async function reissue(room, instance, data) {
    if (data.operation.own === null)
        room.callbackData.refresh(data);
    else
        room.callbackData.readOwnBlock(data);
    if (data.operation.own === null)
        room.callbackData.dropTagData(data);
    await room.manager.io.reissue(instance, data);
    room.callbackData.writeState(data);
    room.callbackData.writeBlock(data);
    const shown = ntStatusName(data.ioStatus.status);
    const rules = data.ioStatus.status === NtStatus.STATUS_CANCELLED ? ['R-REDIRECT-24'] : ['R-REDIRECT-22'];
    room.tell('fltmgr', 'FltReissueSynchronousIo', [data.operation.id], shown, rules);
}
export const ownDataExports = {
    FltAllocateCallbackData: full(['instance', 'optionalFileObject', 'out32'], 'status', (room, instance, file, data) => {
        data.set(room.ownData.allocate(instance, file));
        return NtStatus.STATUS_SUCCESS;
    }),
    FltAllocateCallbackDataEx: full(['instance', 'optionalFileObject', 'u32', 'out32'], 'status', (room, instance, file, _flags, data) => {
        data.set(room.ownData.allocate(instance, file));
        return NtStatus.STATUS_SUCCESS;
    }, { since: '6.1' }),
    FltReuseCallbackData: full(['ownCallbackData'], 'void', (room, data) => {
        room.ownData.reuse(data);
    }),
    FltFreeCallbackData: full(['ownCallbackData'], 'void', (room, data) => {
        room.ownData.free(data);
    }),
    FltPerformSynchronousIo: fullBlocking(['ownCallbackData'], 'void', (room, data) => room.ownData.perform(data), { irql: APC_LEVEL }),
    FltPerformAsynchronousIo: fullBlocking(['ownCallbackData', 'routine', 'address'], 'status', (room, data, routine, context) => room.ownData.start(data, routine, context), { irql: APC_LEVEL }),
    FltReissueSynchronousIo: fullBlocking(['instance', 'callbackData'], 'void', reissue, {
        irql: PASSIVE_LEVEL,
    }),
    FltCancelIo: fullBlocking(['callbackData'], 'boolean', (room, data) => room.manager.io.cancelData(data)),
    FltSetCancelCompletion: full(['callbackData', 'routine'], 'status', (room, data, routine) => {
        const callback = { kind: 'other', data, place: room.placeOfRoutine(routine) };
        return room.manager.io.setCancelCompletion(data, async () => {
            await room.call(routine, callback, () => [data.address]);
        });
    }),
    FltClearCancelCompletion: full(['callbackData'], 'status', (room, data) => room.manager.io.clearCancelCompletion(data)),
    FltCbdqInitialize: full(['instance', 'address', 'routine', 'routine', 'routine', 'routine', 'routine', 'routine'], 'status', (room, instance, queue, insert, remove, peek, acquire, release, completeCanceled) => {
        const routines = { insert, remove, peek, acquire, release, completeCanceled };
        room.cancelQueues.initialize(queue, instance, routines);
        return NtStatus.STATUS_SUCCESS;
    }),
    FltCbdqEnable: full(['address'], 'void', (room, queue) => {
        room.cancelQueues.enable(queue, true);
    }),
    FltCbdqDisable: full(['address'], 'void', (room, queue) => {
        room.cancelQueues.enable(queue, false);
    }),
    FltCbdqInsertIo: fullBlocking(['address', 'callbackData', 'address', 'address'], 'status', (room, queue, data, context, insertContext) => room.cancelQueues.insert(queue, data, context, insertContext)),
    FltCbdqRemoveIo: fullBlocking(['address', 'address'], 'address', (room, queue, context) => room.cancelQueues.remove(queue, context)),
    FltCbdqRemoveNextIo: fullBlocking(['address', 'address'], 'address', (room, queue, context) => room.cancelQueues.removeNext(queue, context)),
};
