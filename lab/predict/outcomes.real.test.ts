// Goal: every sample shows what it is there to show: one row a variant, workload and story, on every
// Windows that the row names. Method: driver-samples/*/outcomes.json is the table; the sample's own C
// runs in the simulator, and each way in which the prediction falls short of its row is printed.
import { afterAll, describe, expect, test } from 'vitest';
import { profilesOf, type OutcomeRow } from '../../contract/outcomes.ts';
import { debuggerShortfalls, openKdSession } from '../debugger/index.ts';
import { loadOutcomes, shortfalls } from '../samples/outcomes.ts';
import { loadSample, loadWorkload, pickVariant, sampleNames } from '../samples/samples.ts';
import { disposePredictor, predict } from './index.ts';

afterAll(disposePredictor);

describe.each(await sampleNames())('%s', async (name) => {
  const sample = await loadSample(name);
  const rows = (await loadOutcomes(sample))?.rows ?? [];

  test('has a row for each of its variants and workloads', () => {
    const { variants, workloads } = sample.manifest;
    const shown = new Set(rows.map(({ variant }) => variant));
    expect(variants.map((one) => one.name).filter((one) => !shown.has(one))).toEqual([]);
    const used = new Set(rows.map(({ workload }) => `workloads/${workload}.json`));
    expect(workloads.filter((one) => !used.has(one))).toEqual([]);
  });

  const cases = rows.flatMap((row) => profilesOf(row).map((profile) => ({ ...row, profile })));
  test.each(cases)('$variant, $workload, $profile: $shows', async ({ profile, ...row }) => {
    const variant = pickVariant(sample, row.variant);
    const { expanded } = await loadWorkload(sample, variant, row.workload);
    const { seed, without } = row;
    const asked = { sample, variant, workload: expanded, profile, seed, without };
    const answers = await debuggerShortfalls(row, () => openKdSession(asked));
    expect([...shortfalls(row as OutcomeRow, await predict(asked)), ...answers]).toEqual([]);
  });
});
