/** `rows` in the order of the workload. */
export function withConsequences(rows, workload) {
    const steps = new Map(workload.steps.map((step) => [step.id, step]));
    const judged = [];
    for (const row of rows) {
        const step = row.verdict === 'differs' ? steps.get(row.step) : undefined;
        const cause = step && (causeOfWait(step, rows, workload) ?? causeOfHandle(step, judged, workload));
        judged.push(cause === undefined ? row : following(row, cause));
    }
    return judged;
}
function following(row, { row: cause, what }) {
    const { deviation } = cause;
    return {
        ...row,
        verdict: 'known',
        reason: `follows from ${what}`,
        ...(deviation && { deviation }),
    };
}
/** A wait only tells whether a request completed. */
function causeOfWait(step, rows, { steps }) {
    if (step.do !== 'wait')
        return undefined;
    const issuer = steps.find((one) => one.do !== 'create' && 'as' in one && one.as === step.request);
    const row = rows.find((one) => one.step === issuer?.id && one.phase === 'completion');
    return row?.verdict === 'known' ? { row, what: `the completion of ${step.request}` } : undefined;
}
/** The step that made the handle succeeded on one side only. */
function causeOfHandle(step, judged, { steps }) {
    const name = 'handle' in step ? step.handle : undefined;
    if (name === undefined)
        return undefined;
    const before = steps.slice(0, steps.indexOf(step));
    const maker = before.findLast((one) => (one.do === 'create' || one.do === 'duplicate' || one.do === 'create-section') &&
        one.as === name);
    const row = judged.find((one) => one.step === maker?.id && one.phase === 'return');
    const status = row?.differences.some(({ field }) => field === 'status') ?? false;
    return row?.verdict === 'known' && status ? { row, what: `the handle ${name}` } : undefined;
}
