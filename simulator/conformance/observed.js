// What a trace says about the steps of a case, wherever the trace was made.
import { ntError, NtStatus } from '../../contract/windows/index.ts';
import { isRecord } from './case.ts';
export class Observed {
    steps = new Map();
    completions = [];
    /** Completions that came with the set-up, before the action. */
    completionsOfSetup = 0;
    one;
    constructor(one, events) {
        this.one = one;
        for (const event of events) {
            if (event.kind === 'step') {
                this.steps.set(event.step, event);
                if (event.step.startsWith('setup.'))
                    this.completionsOfSetup = this.completions.length;
            }
            else if (event.kind === 'completion')
                this.completions.push(event);
        }
    }
    step(id) {
        return this.steps.get(id);
    }
    /** Steps whose id begins with `prefix` and a dot, in the order in which they returned. */
    stepsOf(prefix) {
        return [...this.steps.values()].filter(({ step }) => step.startsWith(`${prefix}.`));
    }
    completion(request) {
        const found = this.completions.find((one) => one.request === request);
        return found === undefined ? undefined : resultOfCompletion(found);
    }
    /** Entries of all completions that succeeded, in order. */
    get allEntries() {
        return this.completions.flatMap((one) => one.entries ?? []);
    }
    /** Completions of oplocks, and of answers to their breaks, since the set-up, in order. */
    get oplockCompletions() {
        return this.completions
            .slice(this.completionsOfSetup)
            .filter(({ operation }) => operation === 'request-oplock' || operation === 'on-break')
            .map((one) => ({ ...resultOfCompletion(one), request: one.request }));
    }
    /** Steps that asked for an oplock. */
    get oplockSteps() {
        return [...this.steps.values()].filter(({ operation }) => operation === 'request-oplock');
    }
    /** One of the requests that are named after a handle has been granted. */
    holdsOplock(handle) {
        return this.oplockSteps.some(({ step, status }) => step.startsWith(`${handle}.oplock.`) && status === NtStatus.STATUS_PENDING);
    }
    /** Of creates that were started and not waited for. */
    get startedCompletions() {
        return this.completions
            .filter(({ operation }) => operation === 'create')
            .map(resultOfCompletion);
    }
    isOplock(request) {
        return [...this.steps.values()].some((step) => step.request === request && step.operation === 'request-oplock');
    }
    isRequest(name) {
        return (this.completions.some((one) => one.request === name) ||
            [...this.steps.values()].some((one) => one.request === name));
    }
    /** Statuses of all operations of the action, one each. */
    get actionStatuses() {
        return this.actionGroups.map((group) => outcomeOf(group)?.status ?? NtStatus.STATUS_PENDING);
    }
    /**
     * What the case's status is about: the request that it completes; the request that it issues or
     * cancels; else the last operation of the action. Undefined where the trace has no such thing.
     */
    get subject() {
        const { completes, status } = this.one.expected;
        // The break of an oplock is beside the point: the status is that of the call that broke it.
        if (typeof completes === 'string' && !this.isOplock(completes)) {
            return this.completion(completes);
        }
        const { action } = this.one;
        if (isRecord(action) && typeof action['req'] === 'string')
            return this.completion(action['req']);
        const last = outcomeOf(this.actionGroups.at(-1) ?? []);
        if (last === undefined)
            return undefined;
        const answer = this.completion(last.request ?? last.step);
        const wantsCall = status === 'STATUS_PENDING' || ntError(last.status);
        return wantsCall || answer === undefined ? resultOfStep(last) : answer;
    }
    get actionGroups() {
        const groups = new Map();
        for (const step of this.stepsOf('action')) {
            const number = step.step.split('.')[1] ?? '';
            groups.set(number, [...(groups.get(number) ?? []), step]);
        }
        return [...groups.values()];
    }
}
/** Of an operation that takes several steps: the first that failed, else the last. */
const outcomeOf = (group) => group.find((step) => ntError(step.status)) ?? group.at(-1);
function resultOfStep(step) {
    return {
        of: `step ${step.step} (${step.operation})`,
        status: step.status,
        information: step.information,
        bytes: fromHex(step.bytes ?? ''),
        entries: [],
        immediate: undefined,
        iosb: step.iosb,
        event: step.event,
    };
}
function resultOfCompletion(completion) {
    return {
        of: `completion of ${completion.request}`,
        status: completion.status,
        information: completion.information,
        bytes: fromHex(completion.bytes),
        entries: completion.entries ?? [],
        immediate: completion.immediate,
        iosb: undefined,
        event: undefined,
    };
}
export function fromHex(hex) {
    const bytes = new Uint8Array(hex.length / 2);
    for (let at = 0; at < bytes.length; at += 1) {
        bytes[at] = Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16);
    }
    return bytes;
}
