import { profilesOf } from '../../contract/outcomes.ts';
import { predict } from '../predict/index.ts';
import { loadOutcomes, shortfalls } from '../samples/outcomes.ts';
import { loadSample, loadWorkload, pickVariant, sampleNames, } from '../samples/samples.ts';
/** Of all samples that are there. Throws LabError file.invalid. */
export async function shownCases() {
    const byCase = new Map();
    for (const name of await sampleNames()) {
        const sample = await loadSample(name);
        for (const row of (await loadOutcomes(sample))?.rows ?? []) {
            for (const id of row.cases) {
                const known = byCase.get(id);
                if (known === undefined)
                    byCase.set(id, [{ sample, row }]);
                else
                    known.push({ sample, row });
            }
        }
    }
    return byCase;
}
/**
 * What the rows of a case do not show on this Windows; null where no row is about it. Compiles the
 * samples that it needs.
 */
export async function shortfallsOf(rows, profile, signal) {
    const about = rows.filter(({ row }) => profilesOf(row).includes(profile));
    if (about.length === 0)
        return null;
    const found = [];
    for (const { sample, row } of about) {
        const variant = pickVariant(sample, row.variant);
        const { expanded } = await loadWorkload(sample, variant, row.workload);
        const { seed, without } = row;
        const asked = { sample, variant, workload: expanded, profile, seed, without, signal };
        const place = `${sample.manifest.name}, ${row.variant}, ${row.workload}`;
        found.push(...shortfalls(row, await predict(asked)).map((one) => `${place}: ${one}`));
    }
    return found;
}
