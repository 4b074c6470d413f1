import { NtStatus, ntStatusName, parseNtStatus } from './windows/index.ts';
/**
 * With `endedEarly` (a bugcheck, a hang, a cut connection) the steps that were not reached are not
 * judged: why they are missing is told once, by how it ended.
 */
export function evaluateExpectations(workload, events, { endedEarly = false } = {}) {
    const returns = new Map();
    const completions = new Map();
    for (const event of events) {
        if (event.kind === 'step')
            returns.set(event.step, event);
        if (event.kind === 'completion')
            completions.set(event.step, event);
    }
    const issuers = new Map();
    const misses = [];
    for (const step of workload.steps) {
        if (step.do === 'barrier')
            continue;
        if ('as' in step && step.as !== undefined)
            issuers.set(step.as, step.id);
        if (step.expect === undefined)
            continue;
        const issuer = step.do === 'wait' ? (issuers.get(step.request) ?? step.request) : step.id;
        const returned = returns.get(step.id);
        if (returned === undefined && endedEarly)
            continue;
        const completion = completions.get(issuer);
        const result = { returned, completion, byCompletion: countsCompletion(step, returned) };
        misses.push(...missesOf(step, step.expect, result));
    }
    return misses;
}
function countsCompletion(step, returned) {
    if (step.do === 'wait')
        return returned?.status === NtStatus.STATUS_SUCCESS;
    return 'start' in step && step.start === true;
}
const same = (expected, found) => expected === found;
/** How each key is put into words and judged. */
const questions = [
    {
        what: 'status',
        expected: ({ status }) => (typeof status === 'string' ? status : (status ?? []).join(' or ')),
        found: (result) => nameOf(statusOf(result)),
        meets: ({ status }, found) => [status ?? []].flat().some((one) => nameOf(parseNtStatus(one)) === found),
    },
    {
        what: 'information',
        expected: ({ information }) => String(information),
        found: ({ returned, completion, byCompletion }) => textOf((byCompletion ? undefined : returned?.information) ?? completion?.information),
        meets: ({ information }, found) => same(String(information), found),
    },
    {
        what: 'events',
        expected: ({ events }) => describeEntries(events ?? []),
        found: ({ completion }) => completion?.entries === undefined
            ? null
            : describeEntries(completion.entries.map(({ action, name }) => [action, name])),
        meets: ({ events }, found) => same(describeEntries(events ?? []), found),
    },
    {
        what: 'bytes',
        expected: ({ bytes }) => (bytes ?? '').toLowerCase(),
        found: ({ returned, completion, byCompletion }) => (byCompletion ? undefined : returned?.bytes) ?? completion?.bytes ?? null,
        meets: ({ bytes }, found) => same((bytes ?? '').toLowerCase(), found),
    },
];
function missesOf(step, expectation, result) {
    const place = { actor: step.actor, step: step.id };
    return questions.flatMap(({ what, expected, found, meets }) => {
        if (expectation[what] === undefined)
            return [];
        const seen = found(result);
        if (seen !== null && meets(expectation, seen))
            return [];
        return { ...place, what, expected: expected(expectation), found: seen ?? nothing(result) };
    });
}
/** Why there is nothing to judge by. */
function nothing({ returned, completion, byCompletion }) {
    if (returned === undefined)
        return '(the step did not return)';
    return byCompletion && completion === undefined ? '(the request did not complete)' : '(nothing)';
}
function statusOf({ returned, completion, byCompletion }) {
    return byCompletion ? completion?.status : returned?.status;
}
const nameOf = (status) => status === undefined ? null : ntStatusName(status);
const textOf = (value) => (value === undefined ? null : String(value));
function describeEntries(entries) {
    if (entries.length === 0)
        return '(none)';
    return entries
        .map(([action, name]) => `${action.replace(/^FILE_ACTION_/, '')} ${name}`)
        .join(', ');
}
