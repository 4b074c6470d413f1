// Goal: every sample shows what it is there to show: one row a variant, workload and story, on every
// Windows that the row names. Method: driver-samples/*/outcomes.json is the table; the sample's own C
// runs in the simulator, and each way in which the prediction falls short of its row is printed.
import { afterAll, describe, expect, test } from 'vitest';
import { profilesOf, type OutcomeRow } from '../../../contract/outcomes.ts';
import { debuggerShortfalls, openKdSession } from '../../debugger/index.ts';
import { loadOutcomes, shortfalls } from '../../samples/outcomes.ts';
import { loadSample, loadWorkload, pickVariant, sampleNames } from '../../samples/samples.ts';
import { disposePredictor, predict } from '../index.ts';

/** Every third variant is in one part of the table: files run side by side, the rows of one do not. */
export const PARTS = 3;

const samples = await Promise.all(
  (await sampleNames()).map(async (name) => {
    const sample = await loadSample(name);
    return { name, sample, rows: (await loadOutcomes(sample))?.rows ?? [] };
  }),
);

/** The rows of every sample whose variant falls into `part`, which counts from 0. */
export function outcomesTable(part: number): void {
  afterAll(disposePredictor);

  const parts = samples.map(({ name, sample, rows }) => {
    const mine = sample.manifest.variants.filter((_, index) => index % PARTS === part);
    const here = rows.filter(({ variant }) => mine.some((one) => one.name === variant));
    const cases = here.flatMap((row) => profilesOf(row).map((profile) => ({ ...row, profile })));
    return { name, sample, cases };
  });

  describe.each(parts.filter(({ cases }) => cases.length > 0))('$name', ({ sample, cases }) => {
    test.each(cases)('$variant, $workload, $profile: $shows', async ({ profile, ...row }) => {
      const variant = pickVariant(sample, row.variant);
      const { expanded } = await loadWorkload(sample, variant, row.workload);
      const { seed, without } = row;
      const asked = { sample, variant, workload: expanded, profile, seed, without };
      const answers = await debuggerShortfalls(row, () => openKdSession(asked));
      expect([...shortfalls(row as OutcomeRow, await predict(asked)), ...answers]).toEqual([]);
    });
  });
}

/** That no variant and no workload of a sample is without a row. */
export function outcomesAreWhole(): void {
  test.each(samples)('$name has a row for each of its variants and workloads', (one) => {
    const { variants, workloads } = one.sample.manifest;
    const shown = new Set(one.rows.map(({ variant }) => variant));
    expect(variants.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
    const used = new Set(one.rows.map(({ workload }) => `workloads/${workload}.json`));
    expect(workloads.filter((path) => !used.has(path))).toEqual([]);
  });
}
