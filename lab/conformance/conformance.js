import { CaseRefusal, isSoft, judge, profilesNamed, profilesOf, } from '../../simulator/conformance/index.ts';
import { simulate } from '../../simulator/index.ts';
import { throwIfCancelled } from '../data/cancellation.ts';
import { translate } from './cases.ts';
import { shortfallsOf } from './shownCases.ts';
export async function conformance(input) {
    const cases = {};
    for (const [index, one] of input.cases.entries()) {
        throwIfCancelled(input.signal, 'conformance');
        input.progress('running cases', `${index + 1} of ${input.cases.length}`);
        cases[freeKey(cases, one.id)] = await runCase(one, input);
    }
    const reports = Object.values(cases);
    return {
        simulator: count(reports.map((report) => report.simulator)),
        ...(input.target === undefined
            ? {}
            : { wine: count(reports.flatMap((report) => report.wine ?? [])) }),
        cases,
    };
}
/** Two sources may give the same id: the second is listed as "id#2", and none is lost. */
function freeKey(cases, id) {
    let key = id;
    for (let count = 2; Object.hasOwn(cases, key); count += 1)
        key = `${id}#${count}`;
    return key;
}
async function runCase(one, input) {
    const base = { family: one.family, evidence: one.evidence, soft: isSoft(one), notCounted: [] };
    const understood = understand(one, input.written);
    if (understood.kind === 'notModelled' && input.shown?.has(one.id) === true) {
        return { ...base, ...(await runShown(one, input)) };
    }
    if (understood.kind !== 'workload') {
        const result = { result: understood.kind, reason: understood.reason };
        const soft = base.soft && understood.kind !== 'failed';
        return { ...base, soft, simulator: result, ...(input.target ? { wine: result } : {}) };
    }
    const { workload, document } = understood;
    const judgeOn = (profile) => onProfile(one, workload, profile);
    const simulator = await onEach(profilesOf(one), input.profiles, judgeOn);
    const notCounted = await onOthers(one, input.profiles, judgeOn);
    if (input.target === undefined)
        return { ...base, simulator, notCounted };
    return { ...base, simulator, notCounted, wine: await onTarget(one, document, input.target) };
}
/** By the rows of samples that show it; a target would need a filter that it calls. */
async function runShown(one, input) {
    const rows = input.shown?.get(one.id) ?? [];
    const judgeOn = async (profile) => {
        const missing = await shortfallsOf(rows, profile, input.signal);
        if (missing === null)
            return { result: 'notModelled', reason: 'no sample shows it there' };
        const [first] = missing;
        return first === undefined ? { result: 'passed' } : { result: 'failed', reason: first };
    };
    const simulator = await onEach(profilesOf(one), input.profiles, judgeOn);
    const notCounted = await onOthers(one, input.profiles, judgeOn);
    if (input.target === undefined)
        return { simulator, notCounted };
    const reason = 'it is about a filter, and the target calls none';
    return { simulator, notCounted, wine: { result: 'notApplicable', reason } };
}
/** The case as a workload, for versions of Windows that there are. */
function understand(one, written) {
    try {
        for (const name of [...one.os, ...one.assumed])
            profilesNamed(name);
    }
    catch (error) {
        if (!(error instanceof CaseRefusal))
            throw error;
        return { kind: error.kind, reason: error.message };
    }
    return translate(one, written);
}
/** The first profile that fails decides, or else the first that does not pass; it is named. */
async function onEach(named, only, judgeOn) {
    const profiles = named.filter((profile) => only?.includes(profile) ?? true);
    if (profiles.length === 0) {
        return { result: 'notApplicable', reason: 'no profile that was asked for' };
    }
    let worst = { result: 'passed' };
    for (const profile of profiles) {
        const found = await judgeOn(profile);
        const named = { ...found, reason: `${profile}: ${found.reason ?? ''}` };
        if (found.result === 'failed')
            return named;
        if (worst.result === 'passed' && found.result !== 'passed')
            worst = named;
    }
    return worst;
}
async function onOthers(one, only, judgeOn) {
    const found = [];
    for (const windows of one.os.filter((name) => profilesNamed(name).length === 0)) {
        const reason = `no profile plays Windows ${windows}`;
        found.push({ windows, result: { result: 'notApplicable', reason } });
    }
    for (const windows of one.assumed) {
        const profiles = profilesNamed(windows);
        found.push({ windows, result: await onEach(profiles, only, judgeOn) });
    }
    return found;
}
async function onProfile(one, workload, profile) {
    const prediction = await simulate({
        workload,
        profile,
        seed: 0,
        sample: 'conformance',
        variant: 'none',
    });
    switch (prediction.outcome) {
        case 'completed':
            return asResult(judge(one, prediction.events));
        case 'not-modelled':
            return { result: 'notModelled', reason: prediction.notModelled ?? '' };
        default:
            return { result: 'failed', reason: `the simulation ended in ${prediction.outcome}` };
    }
}
async function onTarget(one, document, target) {
    const named = profilesOf(one);
    const { profile } = target;
    if (profile !== null && !named.includes(profile)) {
        return { result: 'notApplicable', reason: `about ${one.os.join(', ')}, not about ${profile}` };
    }
    const found = await target.run(document);
    return 'refused' in found ? found.refused : asResult(judge(one, found.events));
}
const asResult = (judgement) => judgement.kind === 'passed'
    ? { result: 'passed' }
    : { result: 'failed', reason: judgement.reason };
function count(results) {
    const of = (kind) => results.filter((one) => one.result === kind).length;
    return {
        passed: of('passed'),
        failed: of('failed'),
        notModelled: of('notModelled'),
        notApplicable: of('notApplicable'),
    };
}
/** Ids whose failure counts: firm evidence, in the model. */
export const hardFailures = (report) => Object.entries(report.cases)
    .filter(([, one]) => one.simulator.result === 'failed' && !one.soft)
    .map(([id]) => id);
