// What the steps of a workload are performed on, and how their results reach the trace.
import { decodeNotifyInformation } from '../../contract/notifyInformation.ts';
import { makesHandle } from '../../contract/expandWorkload.ts';
import { NtStatus, ntError } from '../../contract/windows/index.ts';
import { toHex } from './bytes.ts';
export function tellStep({ machine }, step, outcome) {
    const { status, request, ...seen } = outcome;
    const { because } = machine.scheduler.current;
    const rules = because.length === 0 ? because : because.splice(0);
    const named = 'as' in step ? step.as : undefined;
    machine.trace.emit({
        kind: 'step',
        actor: step.actor,
        step: step.id,
        operation: step.do,
        status: status >>> 0,
        ...(seen.information === undefined ? {} : { information: seen.information }),
        ...(makesHandle(step) && named !== undefined ? { handle: named } : {}),
        ...(request === undefined ? {} : { request: request.name }),
        ...(seen.bytes === undefined ? {} : { bytes: seen.bytes }),
        ...(seen.iosb === undefined ? {} : { iosb: seen.iosb }),
        ...(seen.event === undefined ? {} : { event: seen.event }),
        ...(rules.length === 0 ? {} : { rules }),
    });
}
/** What stands behind the completion of a directory notification by the file system, by status. */
const notifyRules = new Map([
    [NtStatus.STATUS_SUCCESS, ['R-NOTIFY-19', 'R-NOTIFY-24', 'R-NOTIFY-25', 'R-NOTIFY-26']],
    [NtStatus.STATUS_NOTIFY_CLEANUP, ['R-NOTIFY-47']],
    [NtStatus.STATUS_NOTIFY_ENUM_DIR, ['R-NOTIFY-21', 'R-NOTIFY-22']],
    [NtStatus.STATUS_CANCELLED, ['R-NOTIFY-49']],
    [NtStatus.STATUS_DELETE_PENDING, ['R-NOTIFY-48']],
]);
function rulesOf({ doer, changedAbove }, status) {
    if (doer.step.do !== 'notify')
        return {};
    const rules = changedAbove ? ['R-FLT-14'] : notifyRules.get(status >>> 0);
    return rules === undefined ? {} : { rules: [...rules] };
}
/** For whoever answers the break: the buffer is gone by then. */
function keepResult({ machine }, request, status) {
    const information = request.iosb.written ? request.iosb.information : 0;
    const length = ntError(status) ? 0 : Math.min(information, request.outputLength);
    const bytes = machine.memory.bytes(request.buffer, length).slice();
    request.result = { status, information, bytes };
}
/** The result of a request is in its caller's hands. `status` is that of the status block or call. */
export function tellCompletion(stage, request, status, immediate) {
    const { machine, names } = stage;
    const { step } = request.doer;
    names.completed(request);
    const information = request.iosb.written ? request.iosb.information : 0;
    if (step.do === 'request-oplock' || step.do === 'on-break')
        keepResult(stage, request, status);
    if (stage.tellsCompletions) {
        const length = ntError(status) ? 0 : Math.min(information, request.outputLength);
        const bytes = machine.memory.bytes(request.buffer, length);
        machine.trace.emit({
            kind: 'completion',
            actor: step.actor,
            step: step.id,
            operation: step.do,
            request: request.name,
            status: status >>> 0,
            information,
            bytes: toHex(bytes),
            ...(step.do === 'notify' ? { entries: decodeNotifyInformation(bytes) } : {}),
            immediate,
            ...rulesOf(request, status),
        });
    }
    if (request.buffer !== 0)
        machine.user.free(request.buffer);
}
