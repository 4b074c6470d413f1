// Does a trace say what the case says Windows does?
import { ntError, ntStatusName, parseNtStatus } from '../../contract/windows/index.ts';
import { isRecord } from './case.ts';
import { completionPhrase, setupOperations } from './caseSteps.ts';
import { expectations } from './expectations.ts';
import { Observed } from './observed.ts';
/** Operations of the set-up whose failure may be part of the story. */
const mayFail = new Set(['query-directory', 'query-ea', 'cancel', 'wait']);
/**
 * `events` is the trace of the workload that `caseToWorkload` gave, from the simulator or a target.
 * Every expected key is judged; the first that does not hold is the reason.
 */
export function judge(one, events) {
    const observed = new Observed(one, events);
    const reason = judgeSetup(one, observed) ?? judgeAll(one, observed);
    return reason === null ? { kind: 'passed' } : { kind: 'failed', reason };
}
function judgeSetup(one, observed) {
    for (const step of observed.stepsOf('setup')) {
        if (ntError(step.status) && !mayFail.has(step.operation)) {
            return `set-up: ${step.step} (${step.operation}) failed with ${ntStatusName(step.status)}`;
        }
    }
    for (const step of setupOperations(one)) {
        if (typeof step !== 'string' && step['oplock'] !== undefined) {
            const handle = String(step['as']);
            if (!observed.holdsOplock(handle))
                return `set-up: no oplock was granted on ${handle}`;
        }
        const phrase = typeof step === 'string' ? completionPhrase(step) : null;
        if (phrase === null)
            continue;
        const found = observed.completion(phrase.request)?.status;
        if (found === undefined || found !== parseNtStatus(phrase.status)) {
            return `set-up: ${phrase.request} did not complete with ${phrase.status}`;
        }
    }
    return null;
}
function judgeAll(one, observed) {
    for (const [key, value] of Object.entries(one.expected)) {
        const isRequest = isRecord(value) && observed.isRequest(key);
        const reason = isRequest
            ? judgeRequest(one, observed, key, value)
            : judgeKey(one, observed, key, value, observed.subject);
        if (reason !== null)
            return reason;
    }
    return null;
}
/** { "n1": { status, events … } }: several requests, each with its own expectations. */
function judgeRequest(one, observed, request, expected) {
    for (const [key, value] of Object.entries(expected)) {
        const reason = judgeKey(one, observed, key, value, observed.completion(request));
        if (reason !== null)
            return `${request}: ${reason}`;
    }
    return null;
}
function judgeKey(one, observed, key, value, result) {
    const expectation = expectations(key);
    if (expectation === undefined)
        return `the expected key "${key}" is not understood`;
    if (result === undefined)
        return `${key}: the trace has no result of the action`;
    const reason = expectation.check({ one, key, value, observed, result });
    return reason === null ? null : `${key} of ${result.of}: ${reason}`;
}
