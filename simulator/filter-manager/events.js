// The trace events of callbacks: emitted at the one place where each fact happens, after the callback
// has returned.
import { fltMajorName, fltPostopName, fltPreopName } from '../../contract/windows/index.ts';
import { displayNameOf } from '../io/fileObjectRecord.ts';
import { shownParameters } from './parameters.ts';
/** What both kinds of event say about the operation. */
function shared(data, instance, flags, iopb) {
    const file = iopb.targetFileObject;
    return {
        filter: instance.filter.name,
        instance: instance.name,
        altitude: instance.altitude,
        operation: data.operation.id,
        major: fltMajorName(iopb.majorFunction),
        minor: iopb.minorFunction,
        flags: flags >>> 0,
        irpFlags: iopb.irpFlags >>> 0,
        operationFlags: iopb.operationFlags,
        ...(file === null ? {} : { file: displayNameOf(file) }),
        parameters: shownParameters(iopb.parameters),
    };
}
const rulesOf = (rules) => rules.length === 0 ? {} : { rules: [...rules] };
export function emitPre(trace, call) {
    const { data, objects, callbacks, completed } = call;
    if (!data.operation.told)
        return;
    trace.emit({
        kind: 'pre-operation',
        ...shared(data, objects.instance, call.flags, call.iopb),
        ...(callbacks.preAt === undefined ? {} : { at: callbacks.preAt }),
        returned: fltPreopName(call.returned),
        ...(completed === null
            ? {}
            : { status: completed.status >>> 0, information: completed.information }),
        ...(call.redirectedTo === null ? {} : { redirectedTo: call.redirectedTo }),
        ...rulesOf(call.rules),
    });
}
export function emitPost(trace, call) {
    const { data, objects, callbacks, found } = call;
    const after = data.ioStatus;
    if (!data.operation.told)
        return;
    trace.emit({
        kind: 'post-operation',
        ...shared(data, objects.instance, call.flags, call.iopb),
        ...(callbacks.postAt === undefined ? {} : { at: callbacks.postAt }),
        status: found.status >>> 0,
        information: found.information,
        ...(after.status === found.status ? {} : { statusAfter: after.status >>> 0 }),
        ...(after.information === found.information ? {} : { informationAfter: after.information }),
        draining: call.draining,
        returned: fltPostopName(call.returned),
        ...rulesOf(call.rules),
    });
}
