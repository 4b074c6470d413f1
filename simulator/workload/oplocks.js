// The steps of oplocks: asking for one, and what its holder does when it is broken.
import { oplockBreak, oplockReply, oplockRequest, } from '../../contract/oplock.ts';
import { NtStatus } from '../../contract/windows/index.ts';
import { ntClose } from '../io/index.ts';
import { control, controlCall } from './control.ts';
import { newRequest } from './issueCall.ts';
import { valueOf } from './names.ts';
import { tellCompletion } from './stage.ts';
export const performRequestOplock = (stage, { handle, level }, doer) => control(stage, doer, { handle, ...oplockRequest(level) });
/**
 * Returns at once. The answer is a call that is issued when the break has come, on a thread of its own,
 * and completes like one that was started. Nothing is told where there is nothing to answer.
 */
export function performOnBreak(stage, step, doer) {
    const awaited = stage.names.madeRequest(step.request);
    if (awaited === undefined) {
        // The oplock was not granted: there is nothing to break.
        stage.names.issued(step, null);
        return { status: NtStatus.STATUS_SUCCESS };
    }
    const { scheduler } = stage.machine;
    const over = scheduler.createEvent('notification', false);
    const request = {
        ...newRequest(stage, doer, { buffer: 0, outputLength: 0 }),
        event: over,
        state: 'told',
    };
    stage.names.issued(step, request);
    const thread = scheduler.createThread(doer.process, `${step.actor}.${step.id}`, async () => {
        thread.actor = step.actor;
        thread.step = step.id;
        await scheduler.waitForEvent(awaited.event, {
            kind: 'request',
            what: `the break of the oplock ${step.request}`,
        });
        const broken = brokenOf(stage, step.request, awaited);
        if (broken === null)
            stage.names.completed(request);
        else
            await answer(stage, doer, step, request, broken);
        over.set();
    });
    stage.startedThreads.add(thread);
    return { status: NtStatus.STATUS_PENDING, request };
}
/** A break that wants an answer. At the end of the workload nobody answers any more. */
function brokenOf(stage, name, { result }) {
    const held = stage.names.levelOfRequest(name);
    if (result === null || held === undefined || !stage.tellsCompletions)
        return null;
    const broken = oplockBreak(result, held);
    return broken?.acknowledge === true ? broken : null;
}
async function answer(stage, doer, step, request, broken) {
    const { names, services, machine } = stage;
    const reply = oplockReply(broken, step.reply);
    const name = names.handleNameOfRequest(step.request) ?? '';
    if (reply === 'close') {
        const status = await ntClose(services, valueOf(names.handle(name), doer));
        names.closed(name);
        tellCompletion(stage, request, status, false);
        return;
    }
    const call = controlCall(stage, doer, { handle: name, ...reply });
    request.buffer = call.buffer;
    request.outputLength = call.outputLength;
    const event = machine.scheduler.createEvent('notification', true);
    let status = await call.issue(request.iosb, event, (changedAbove) => {
        request.changedAbove = changedAbove;
    });
    if (status === NtStatus.STATUS_PENDING) {
        await machine.scheduler.waitForEvent(event, {
            kind: 'request',
            what: `completion of ${request.name}`,
        });
        ({ status } = request.iosb);
    }
    tellCompletion(stage, request, status, false);
}
