// Callback data of a filter's own: FltAllocateCallbackData, and what may be done with it.
// Models: R-FLT-27, R-FLT-29; FltPerformSynchronousIo, FltPerformAsynchronousIo, FltReuseCallbackData.
// Differs: a create by callback data is refused (filters use FltCreateFile).
import { IrpMajor, fltMajorName } from '../../contract/windows/index.ts';
import { assert } from '../../contract/assert.ts';
import { NotModelledSignal } from '../kernel/kernel.ts';
import { beginOperation, endOperation } from './operation.ts';
import { makeIrp, sendOwn } from './ownIo.ts';
const emptyBlock = (instance, file) => ({
    irpFlags: 0,
    majorFunction: 0,
    minorFunction: 0,
    operationFlags: 0,
    targetFileObject: file,
    targetInstance: instance,
    parameters: { operation: { kind: 'none' }, buffer: 0, mdl: null },
});
export const allocateData = (context, instance, file) => beginOperation(context, instance.volume, {
    iopb: emptyBlock(instance, file),
    requestorMode: 'kernel',
    own: instance,
}).data;
/** FltReuseCallbackData: as new, for the same instance and the same file object. */
export function resetData(data) {
    const { own } = data.operation;
    assert(own !== null, 'only a filter’s own callback data is used again');
    data.iopb = emptyBlock(own, data.iopb.targetFileObject);
    data.ioStatus.status = 0;
    data.ioStatus.information = 0;
    data.tagData = null;
}
export function freeData(context, data) {
    endOperation(context, data.operation);
}
const METHOD_MASK = 3;
/** Bytes of the system buffer that a buffered operation uses; undefined for all others. */
function systemBufferLength({ parameters: { operation } }) {
    switch (operation.kind) {
        case 'query-information':
        case 'set-information':
            return operation.length;
        case 'fs-control': {
            const buffered = (operation.fsControlCode & METHOD_MASK) === 0;
            return buffered
                ? Math.max(operation.inputBufferLength, operation.outputBufferLength)
                : undefined;
        }
        default:
            return undefined;
    }
}
function requestOf({ operation, iopb }) {
    const { own } = operation;
    const { majorFunction, targetFileObject: file } = iopb;
    assert(own !== null, 'only a filter’s own callback data is performed');
    if (majorFunction === IrpMajor.IRP_MJ_CREATE || file === null) {
        throw new NotModelledSignal(`${fltMajorName(majorFunction)} by a filter's own callback data`);
    }
    const length = systemBufferLength(iopb);
    return {
        instance: own,
        file,
        majorFunction,
        minorFunction: iopb.minorFunction,
        operationFlags: iopb.operationFlags,
        irpFlags: iopb.irpFlags,
        parameters: iopb.parameters.operation,
        buffer: iopb.parameters.buffer,
        mdl: iopb.parameters.mdl,
        ...(length === undefined ? {} : { systemBufferLength: length }),
    };
}
/** Sends it; `completed` runs in whatever thread completes it, the result in the callback data. */
export function startData(context, data, completed) {
    const request = requestOf(data);
    const { operation } = data;
    const irp = makeIrp(context, request);
    operation.irp = irp;
    return sendOwn(context, request, irp, (done) => {
        operation.irp = null;
        data.ioStatus.status = done.ioStatus.status;
        data.ioStatus.information = done.ioStatus.information;
        return completed();
    });
}
/** FltPerformSynchronousIo: back when it is complete. */
export async function performData(context, data) {
    const { scheduler } = context.kernel;
    const done = scheduler.createEvent('notification', false);
    await startData(context, data, () => {
        done.set();
    });
    await scheduler.waitForEvent(done, {
        kind: 'request',
        what: `${fltMajorName(data.iopb.majorFunction)} of a filter's own callback data`,
    });
}
/** FltCancelIo: true when the request was under way and has been told to end. */
export async function cancelData(context, data) {
    const { irp } = data.operation;
    return irp !== null && (await context.io.cancelIrp(irp));
}
