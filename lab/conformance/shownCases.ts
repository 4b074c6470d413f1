// Cases that describe a situation for a filter: a row of a sample's outcomes.json names the case that it
// shows, and what the row says is what is judged.
import type { OutcomeRow } from '../../contract/outcomes.ts';
import { profilesOf } from '../../contract/outcomes.ts';
import type { ProfileName } from '../../contract/profiles.ts';
import { debuggerShortfalls, openKdSession } from '../debugger/index.ts';
import { predict } from '../predict/index.ts';
import { loadOutcomes, shortfalls } from '../samples/outcomes.ts';
import {
  loadSample,
  loadWorkload,
  pickVariant,
  sampleNames,
  type Sample,
} from '../samples/samples.ts';

interface ShownRow {
  readonly sample: Sample;
  readonly row: OutcomeRow;
}

/** Rows by the id of the case that they show. */
export type ShownCases = ReadonlyMap<string, readonly ShownRow[]>;

/** Of all samples that are there. Throws LabError file.invalid. */
export async function shownCases(): Promise<ShownCases> {
  const byCase = new Map<string, ShownRow[]>();
  for (const name of await sampleNames()) {
    const sample = await loadSample(name);
    for (const row of (await loadOutcomes(sample))?.rows ?? []) {
      for (const id of row.cases) {
        const known = byCase.get(id);
        if (known === undefined) byCase.set(id, [{ sample, row }]);
        else known.push({ sample, row });
      }
    }
  }
  return byCase;
}

/**
 * What the rows of a case do not show on this Windows; null where no row is about it. Compiles the
 * samples that it needs.
 */
export async function shortfallsOf(
  rows: readonly ShownRow[],
  profile: ProfileName,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  const about = rows.filter(({ row }) => profilesOf(row).includes(profile));
  if (about.length === 0) return null;
  const found: string[] = [];
  for (const { sample, row } of about) {
    const variant = pickVariant(sample, row.variant);
    const { expanded } = await loadWorkload(sample, variant, row.workload);
    const { seed, without } = row;
    const asked = { sample, variant, workload: expanded, profile, seed, without, signal };
    const place = `${sample.manifest.name}, ${row.variant}, ${row.workload}`;
    const missing = [
      ...shortfalls(row, await predict(asked)),
      ...(await debuggerShortfalls(row, () => openKdSession(asked))),
    ];
    found.push(...missing.map((one) => `${place}: ${one}`));
  }
  return found;
}
