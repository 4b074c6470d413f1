// The calls that may leave a request behind or block: create, read, write, notify. Each is issued on
// the actor's own thread; with `start` on another thread of its process, which may then block for as
// long as it likes.
import { ntError, NtStatus } from '../../contract/windows/index.ts';
import { newIosb } from '../io/index.ts';
import { toHex } from './bytes.ts';
import { requestName } from './names.ts';
import { tellCompletion } from './stage.ts';
export function newRequest({ machine }, doer, call) {
    return {
        name: requestName(doer.step),
        doer,
        iosb: newIosb(),
        event: machine.scheduler.createEvent('notification', true),
        buffer: call.buffer,
        outputLength: call.outputLength,
        state: 'issued',
        changedAbove: false,
        result: null,
    };
}
/** Issues the call on the current thread. */
export async function issueCall(stage, doer, call) {
    const request = newRequest(stage, doer, call);
    const { iosb, event } = request;
    const status = await call.issue(iosb, event, (changedAbove) => {
        request.changedAbove = changedAbove;
        // Before the call has returned it is the step that tells; see `afterStep`.
        if (request.state === 'told')
            tellCompletion(stage, request, iosb.status, false);
    });
    const written = iosb.written ? { information: iosb.information } : {};
    const isRequest = !ntError(status) && (call.makesRequest || status === NtStatus.STATUS_PENDING);
    if (isRequest) {
        stage.names.issued(doer.step, request);
        return { status, ...written, ...(call.asynchronous ? seenAfter(request) : {}), request };
    }
    const bytes = call.returnsBytes && !ntError(status) ? bytesOf(stage, request) : undefined;
    if (call.buffer !== 0)
        stage.machine.user.free(call.buffer);
    stage.names.issued(doer.step, null);
    return { status, ...written, ...(bytes === undefined ? {} : { bytes }) };
}
function seenAfter({ iosb, event }) {
    const { status, information, written } = iosb;
    return {
        iosb: written ? { status: status >>> 0, information } : 'unchanged',
        event: event.signalled ? 'signalled' : 'reset',
    };
}
function bytesOf({ machine }, { iosb, buffer, outputLength }) {
    const length = iosb.written ? Math.min(iosb.information, outputLength) : 0;
    return toHex(machine.memory.bytes(buffer, length));
}
/** The step's return has been told: a request that completed within the call is told next. */
export function afterStep(stage, request) {
    if (request.state !== 'issued')
        return;
    request.state = 'told';
    if (request.iosb.written)
        tellCompletion(stage, request, request.iosb.status, true);
}
/** Issues the call on a thread of its own; the step itself returns at once. */
export function startCall(stage, doer, call) {
    const { scheduler } = stage.machine;
    const { step, process } = doer;
    const request = newRequest(stage, doer, call);
    // The request is over when the call has returned and its result is there: an event of its own.
    const returned = scheduler.createEvent('notification', false);
    const started = { ...request, event: returned, state: 'told' };
    stage.names.issued(step, started);
    const thread = scheduler.createThread(process, `${step.actor}.${step.id}`, async () => {
        thread.actor = step.actor;
        thread.step = step.id;
        let status = await call.issue(started.iosb, request.event, (changedAbove) => {
            started.changedAbove = changedAbove;
        });
        if (status === NtStatus.STATUS_PENDING) {
            await scheduler.waitForEvent(request.event, {
                kind: 'request',
                what: `completion of ${started.name}`,
            });
            status = started.iosb.status;
        }
        tellCompletion(stage, started, status, false);
        returned.set();
    });
    stage.startedThreads.add(thread);
    return { status: NtStatus.STATUS_PENDING, request: started };
}
