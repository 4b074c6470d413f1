// fltmgr: the operation that a callback works on.
import { CallbackDataFlag, FltPostopStatus, FileObjectFlag, IrpFlag, NtStatus, } from '../../../contract/windows/index.ts';
import { Irql } from '../../kernel/thread.ts';
import { full, fullBlocking, partial, partialBlocking } from '../binding.ts';
import { noteChangedTarget } from '../changedTarget.ts';
import { CallbackDataLayout, IopbLayout } from '../layout.ts';
import { pushRelated } from '../registrationImage.ts';
const { APC_LEVEL } = Irql;
const { FLTFL_CALLBACK_DATA_DIRTY: DIRTY } = CallbackDataFlag;
/** The flags live in the driver's structure while its callback runs. */
function flagsOf(room, data) {
    return room.memory.read32(data.address + CallbackDataLayout.Flags);
}
function setFlags(room, data, flags) {
    room.memory.write32(data.address + CallbackDataLayout.Flags, flags);
}
/** Models: R-FLT-31, in its order. */
function isSynchronous(data) {
    if (data.operation.path !== 'irp')
        return true;
    const { irpFlags, targetFileObject, parameters } = data.iopb;
    const set = (flag) => (irpFlags & flag) !== 0;
    if (set(IrpFlag.IRP_PAGING_IO))
        return set(IrpFlag.IRP_INPUT_OPERATION);
    const synchronousFile = ((targetFileObject?.flags ?? 0) & FileObjectFlag.FO_SYNCHRONOUS_IO) !== 0;
    if (synchronousFile || set(IrpFlag.IRP_SYNCHRONOUS_API))
        return true;
    const { operation } = parameters;
    return operation.kind === 'fs-control' && (operation.fsControlCode & METHOD_MASK) === 0;
}
const METHOD_MASK = 3;
/** What the driver changed in the structure since its callback returned is taken first. */
function takeHeld(room, data) {
    const before = room.held.get(data);
    if (before !== undefined)
        room.callbackData.readBack(data, before);
    room.held.delete(data);
}
function refuseCompletion(room, routine, phase) {
    room.kernel.report({
        id: 'bad-handle',
        message: `${routine} was given callback data that no ${phase}-operation callback has pended.`,
    });
}
export const callbackDataExports = {
    FltSetCallbackDataDirty: full(['callbackData'], 'void', (room, data) => {
        setFlags(room, data, flagsOf(room, data) | DIRTY);
        noteChangedTarget(room, data);
    }),
    FltClearCallbackDataDirty: full(['callbackData'], 'void', (room, data) => {
        setFlags(room, data, flagsOf(room, data) & ~DIRTY);
    }),
    FltIsCallbackDataDirty: full(['callbackData'], 'boolean', (room, data) => (flagsOf(room, data) & DIRTY) !== 0),
    FltGetNewSystemBufferAddress: full(['callbackData'], 'address', (room, data) => {
        const address = room.manager.newSystemBuffer(data);
        const shown = address === 0 ? 'NULL' : `0x${address.toString(16).padStart(8, '0')}`;
        room.tell('fltmgr', 'FltGetNewSystemBufferAddress', [data.operation.id], shown);
        return address;
    }, { since: '6.1' }),
    FltLockUserBuffer: partial('The MDL maps a copy of the buffer, which is written back when the operation ends.', ['callbackData'], 'status', (room, data) => {
        room.callbackData.refresh(data);
        const status = room.manager.lockUserBuffer(data);
        room.callbackData.writeState(data);
        room.callbackData.writeBlock(data);
        return status;
    }, { irql: APC_LEVEL }),
    FltGetRequestorProcess: full(['callbackData'], 'address', (_room, data) => data.thread.process.address),
    FltGetRequestorProcessId: full(['callbackData'], 'u32', (_room, data) => data.thread.process.id),
    FltGetRequestorProcessIdEx: full(['callbackData'], 'u32', (_room, data) => data.thread.process.id, { since: '6.0' }),
    FltIsOperationSynchronous: full(['callbackData'], 'boolean', (_room, data) => isSynchronous(data)),
    FltIs32bitProcess: full(['callbackData'], 'boolean', () => true),
    FltIsIoCanceled: full(['callbackData'], 'boolean', (_room, data) => data.operation.irp?.cancel === true),
    FltCompletePendedPreOperation: fullBlocking(['callbackData', 'u32', 'address'], 'void', async (room, data, status, completionContext) => {
        takeHeld(room, data);
        const taken = await room.manager.completePendedPre(data, status, completionContext);
        if (!taken)
            refuseCompletion(room, 'FltCompletePendedPreOperation', 'pre');
    }),
    FltCompletePendedPostOperation: fullBlocking(['callbackData'], 'void', async (room, data) => {
        takeHeld(room, data);
        const taken = await room.manager.completePendedPost(data);
        if (!taken)
            refuseCompletion(room, 'FltCompletePendedPostOperation', 'post');
    }),
    FltDoCompletionProcessingWhenSafe: partialBlocking('At DISPATCH_LEVEL posting always succeeds.', ['callbackData', 'address', 'address', 'u32', 'routine', 'out32'], 'boolean', doCompletionProcessingWhenSafe),
    FltRequestOperationStatusCallback: full(['callbackData', 'routine', 'address'], 'status', requestOperationStatus, { irql: APC_LEVEL }),
};
/** Models: R-NOTIFY-64: from a pre-operation of an IRP; the callback gets a copy of the block. */
function requestOperationStatus(room, data, routine, context) {
    const { operation } = data;
    const objects = operation.hold?.objects;
    if (operation.path !== 'irp' || operation.hold?.phase !== 'pre' || objects === undefined) {
        return NtStatus.STATUS_INVALID_PARAMETER;
    }
    const { kernel, memory } = room;
    const block = kernel.pool.allocate('nonpaged', IopbLayout.length, 'FMos', 'system');
    memory.bytes(block, IopbLayout.length).set(memory.bytes(data.iopbAddress, IopbLayout.length));
    const callback = { kind: 'other', data: null, place: room.placeOfRoutine(routine) };
    operation.statusCallbacks.push(async (status) => {
        await room.call(routine, callback, (stack) => [
            pushRelated(room, stack, objects),
            block,
            status | 0,
            context,
        ]);
        kernel.pool.free(block);
    });
    return NtStatus.STATUS_SUCCESS;
}
/** Models: R-FLT-23. */
async function doCompletionProcessingWhenSafe(room, data, objects, completionContext, flags, routine, returned) {
    if ((flagsOf(room, data) & CallbackDataFlag.FLTFL_CALLBACK_DATA_DRAINING_IO) !== 0) {
        room.kernel.report({
            id: 'draining-misused',
            message: 'FltDoCompletionProcessingWhenSafe was called while the operation drains.',
        });
    }
    const place = room.placeOfRoutine(routine);
    const callback = { kind: 'post', data, place };
    const values = [data.address, objects, completionContext, flags];
    if (room.kernel.scheduler.current.irql < Irql.DISPATCH_LEVEL) {
        returned.set(await room.call(routine, callback, () => values));
        return true;
    }
    if (data.operation.path !== 'irp') {
        returned.set(FltPostopStatus.FLT_POSTOP_FINISHED_PROCESSING);
        return false;
    }
    returned.set(FltPostopStatus.FLT_POSTOP_MORE_PROCESSING_REQUIRED);
    const related = data.operation.hold?.objects;
    room.kernel.workQueue.queue('completion of a filter', async () => {
        const finished = await room.call(routine, callback, (stack) => [
            data.address,
            related === undefined ? 0 : pushRelated(room, stack, related),
            completionContext,
            flags,
        ]);
        if (finished !== FltPostopStatus.FLT_POSTOP_FINISHED_PROCESSING)
            return;
        takeHeld(room, data);
        await room.manager.completePendedPost(data);
    });
    return true;
}
