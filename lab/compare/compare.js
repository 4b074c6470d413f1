import { describeStack } from '../../contract/stack.ts';
import { withConsequences } from './consequences.ts';
import { knownDeviation } from './deviations.ts';
import { sideEntries } from './sides.ts';
export function compare(input) {
    const plain = rowsAgainst(input, input.predicted);
    const chosen = withAlternatives(input, plain);
    const rows = [...chosen, ...missingCapabilities(input), ...ownStack(input)];
    const counts = Object.fromEntries(verdicts.map((one) => [one, rows.filter((row) => row.verdict === one).length]));
    return { comparison: 1, verdict: overall(counts), rows, counts };
}
const verdicts = [
    'agrees',
    'differs',
    'known',
    'unsure',
    'predicted-only',
    'observed-only',
    'not-comparable',
];
const failing = new Set(['differs', 'predicted-only', 'observed-only']);
function overall(counts) {
    if ([...failing].some((verdict) => counts[verdict] > 0))
        return 'differs';
    return counts.agrees > 0 ? 'agrees' : 'nothing-comparable';
}
const failures = (rows) => rows.filter((row) => failing.has(row.verdict)).length;
/**
 * Where another schedule that the model allows explains the observation better, the rows are those
 * against it, and a row that differed before says with which schedule it agrees. The whole
 * observation must fit one schedule: rows are never picked from several.
 */
function withAlternatives(input, plain) {
    let best = plain;
    let schedule;
    for (const alternative of input.alternatives ?? []) {
        if (failures(best) === 0)
            break;
        const rows = rowsAgainst(input, alternative);
        if (failures(rows) < failures(best)) {
            best = rows;
            schedule = alternative.schedule;
        }
    }
    if (schedule === undefined)
        return plain;
    const before = new Map(plain.map((row) => [rowKey(row), row.verdict]));
    return best.map((row) => row.verdict === 'agrees' && failing.has(before.get(rowKey(row)) ?? 'agrees')
        ? { ...row, reason: `another schedule that Windows allows (${schedule})` }
        : row);
}
const rowKey = (row) => `${row.actor}/${row.step}/${row.phase}/${row.operation}`;
function rowsAgainst(input, predicted) {
    const grades = new Map(predicted.evidence.map(([rule, grade]) => [rule, grade]));
    const expected = sideEntries(predicted.events, input.workload);
    const found = sideEntries(input.observed.events, input.workload);
    const keys = orderedKeys(expected, found, input.workload);
    const rows = keys.map((key) => judge(expected.get(key), found.get(key), { ...input, predicted }, grades));
    return withConsequences(rows, input.workload);
}
/** Keys of both sides in the order of the workload; returns before completions of the same step. */
function orderedKeys(expected, found, workload) {
    const places = new Map(workload.steps.map((step, index) => [step.id, index]));
    const phases = { driver: 0, callback: 1, return: 2, completion: 3 };
    const all = new Map([...expected, ...found]);
    const rank = (entry) => entry.phase === 'driver'
        ? entry.step === 'unload'
            ? Number.MAX_SAFE_INTEGER
            : -1
        : (places.get(entry.step) ?? workload.steps.length);
    return [...all.values()]
        .map((entry, index) => ({ entry, index }))
        .sort((a, b) => rank(a.entry) - rank(b.entry) ||
        phases[a.entry.phase] - phases[b.entry.phase] ||
        a.index - b.index)
        .map(({ entry }) => entry.key);
}
function judge(expected, found, input, grades) {
    const known = (expected ?? found);
    const base = {
        actor: known.actor,
        step: known.step,
        phase: known.phase,
        operation: known.operation,
        predicted: expected?.side ?? null,
        observed: found?.side ?? null,
        rules: [...(expected?.rules ?? [])],
    };
    const differences = expected && found ? fieldDifferences(expected, found) : [];
    const row = { ...base, differences };
    if (expected && found && differences.length === 0)
        return { ...row, verdict: 'agrees' };
    const reason = whyNotComparable(expected, found, input);
    if (reason !== undefined)
        return { ...row, verdict: 'not-comparable', reason };
    const deviation = knownDeviation(input.deviations, {
        phase: known.phase,
        operation: known.operation,
        predicted: expected?.side.fields ?? null,
        observed: found?.side.fields ?? null,
        differing: differences.map((one) => one.field),
    });
    if (deviation !== undefined) {
        return { ...row, verdict: 'known', deviation: deviation.id, reason: deviation.what };
    }
    if (expected && onlyWeakRules(expected.rules, grades)) {
        return {
            ...row,
            verdict: 'unsure',
            reason: 'the model rests on inference here and does not insist',
        };
    }
    if (!found) {
        const reason = hangs(expected, input) ? HUNG : 'nothing of this was observed';
        return { ...row, verdict: 'predicted-only', reason };
    }
    if (!expected)
        return { ...row, verdict: 'observed-only', reason: 'the model does not predict it' };
    return { ...row, verdict: 'differs' };
}
function fieldDifferences(expected, found) {
    const fields = new Set([...Object.keys(expected.side.fields), ...Object.keys(found.side.fields)]);
    return [...fields].flatMap((field) => {
        const predicted = expected.side.fields[field] ?? '(absent)';
        const observed = found.side.fields[field] ?? '(absent)';
        return predicted === observed ? [] : [{ field, predicted, observed }];
    });
}
function whyNotComparable(expected, found, input) {
    if (!found && expected?.phase === 'callback') {
        const lack = input.facts.lacks.find((one) => one.capability === 'kernel-filters');
        if (lack !== undefined)
            return lack.because;
    }
    if (!found)
        return hangs(expected, input) ? undefined : input.observed.endedEarly;
    if (!expected)
        return input.predicted.endedEarly;
    return undefined;
}
const HUNG = 'the call did not return';
const hangs = (expected, { observed }) => expected?.phase === 'return' && expected.step === observed.hungAt;
/** Grades I and U never make a hard difference, where nothing firmer stands behind the row. */
function onlyWeakRules(rules, grades) {
    return rules.length > 0 && rules.every((rule) => ['I', 'U'].includes(grades.get(rule) ?? ''));
}
/** A capability that the target lacks is said aloud, even where no event would mention it. */
function missingCapabilities(input) {
    return input.facts.lacks
        .filter((one) => one.capability === 'kernel-filters')
        .map(({ because }) => ({
        actor: '',
        step: 'callbacks',
        phase: 'driver',
        operation: 'callbacks of the filter',
        verdict: 'not-comparable',
        reason: because,
        predicted: null,
        observed: null,
        differences: [],
        rules: [],
    }));
}
/** A target has the device stack that it has: what the workload puts there exists in the model alone. */
function ownStack({ workload }) {
    if (workload.stack === undefined)
        return [];
    return [
        {
            actor: '',
            step: 'stack',
            phase: 'driver',
            operation: 'the device stack',
            verdict: 'not-comparable',
            reason: `the target has its own; the workload puts there ${describeStack(workload.stack)}`,
            predicted: null,
            observed: null,
            differences: [],
            rules: [],
        },
    ];
}
