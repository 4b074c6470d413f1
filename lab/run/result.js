import { evaluateExpectations } from '../../contract/expectations.ts';
import { compare } from '../compare/compare.ts';
import { deviationsOf } from '../compare/knownDeviations.ts';
import { predictedSide } from './predictedSide.ts';
/** Schedules of the model that are tried where the plain one does not explain the observation. */
const ALTERNATIVE_SCHEDULES = 4;
export async function alternativesFor(input, observation, predictFor) {
    if (compareWith(input, observation, []).verdict !== 'differs')
        return [];
    const seeds = Array.from({ length: ALTERNATIVE_SCHEDULES }, (_, index) => input.seed + index + 1);
    const found = [];
    for (const seed of seeds)
        found.push(await predictFor(seed));
    return found;
}
const compareWith = ({ workload }, { prediction, observed, target }, alternatives) => compare({
    workload: workload.expanded,
    predicted: predictedSide(prediction),
    observed,
    facts: target.facts,
    deviations: deviationsOf(target.facts),
    alternatives: alternatives.map((one) => ({
        ...predictedSide(one),
        schedule: `seed ${one.seed}`,
    })),
});
/** `left`: what could not be taken back. */
export async function comparedRun(input, stages, done, left) {
    const { prediction, target, ended } = done;
    const { manifest } = input.sample;
    const comparison = await stages.run('compare', 'compare', () => Promise.resolve(compareWith(input, done, done.alternatives)));
    const notJudged = whyNotJudged(target);
    const endedEarly = ended.how !== 'completed';
    return {
        run: 1,
        id: done.id,
        startedAt: done.startedAt.toISOString(),
        sample: manifest.name,
        variant: input.variant.name,
        workload: prediction.workload,
        profile: prediction.profile,
        seed: prediction.seed,
        facts: target.facts,
        driver: { service: manifest.driver, sha256: done.sha256, reached: 'RUNNING' },
        prediction: { outcome: prediction.outcome, findings: prediction.findings },
        ended,
        comparison,
        expectations: notJudged === undefined
            ? evaluateExpectations(input.workload.expanded, done.observed.events, { endedEarly })
            : [],
        timings: stages.timings,
        notes: [
            ...done.notes,
            ...(notJudged === undefined ? [] : [notJudged]),
            ...left.map((one) => `Could not be taken back: ${one}`),
        ],
    };
}
/** Expectations tell what the filter does; where it is never called they are about nothing. */
function whyNotJudged({ facts }) {
    const lack = facts.lacks.find((one) => one.capability === 'kernel-filters');
    return lack && `The expectations of the workload are not judged here: ${lack.because}.`;
}
