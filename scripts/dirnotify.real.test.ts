// Goal: the notification sample shows what it was made to show, on every Windows version that is played.
// Method: each variant runs each workload; the table says how it ends, which findings it draws (each id
// once), and whether the callers saw what the workload's author expects of a filter that is right.
import { afterAll, describe, expect, test } from 'vitest';
import { profileNames, type ProfileName } from '../contract/profiles.ts';
import { disposePredictor, predict } from '../lab/predict/index.ts';
import { loadSample, loadWorkload, pickVariant } from '../lab/samples/samples.ts';

afterAll(disposePredictor);
const sample = await loadSample('dirnotify');

/** Before Windows 7 the routine is not there: resolved by name it is NULL. */
const older = ['winxp', 'win2003', 'vista'] as const;
const newer = profileNames.filter((name) => !older.some((one) => one === name));
const all = profileNames;

type Row = readonly [
  variant: string,
  workload: string,
  profiles: readonly ProfileName[],
  outcome: string,
  findings: readonly string[],
  expectations: 'met' | 'missed' | 'not judged',
];
const rows: readonly Row[] = [
  ['new-system-buffer', 'other-process', newer, 'completed', [], 'met'],
  ['new-system-buffer', 'own-process', newer, 'completed', [], 'met'],
  ['new-system-buffer', 'buffered', newer, 'completed', [], 'met'],
  ['new-system-buffer', 'lifecycle', newer, 'completed', [], 'met'],
  ['new-system-buffer', 'other-process', older, 'completed', ['data-not-reachable'], 'missed'],
  ['new-system-buffer', 'own-process', older, 'completed', ['data-not-reachable'], 'missed'],
  ['new-system-buffer', 'buffered', older, 'completed', [], 'missed'],
  ['new-system-buffer', 'lifecycle', older, 'completed', ['data-not-reachable'], 'missed'],
  ['lock-buffer', 'other-process', all, 'completed', [], 'met'],
  ['lock-buffer', 'own-process', all, 'completed', [], 'met'],
  ['lock-buffer', 'buffered', all, 'completed', [], 'met'],
  ['lock-buffer', 'lifecycle', all, 'completed', [], 'met'],
  ['user-buffer', 'other-process', all, 'bugcheck', ['user-address-wrong-process'], 'not judged'],
  ['user-buffer', 'own-process', all, 'completed', ['stale-user-buffer'], 'missed'],
  ['user-buffer', 'buffered', all, 'completed', ['only-by-luck'], 'met'],
  ['user-buffer', 'lifecycle', all, 'bugcheck', ['user-address-wrong-process'], 'not judged'],
  // Steps are played in the written order, so the change that would end the wait is never made.
  ['synchronize', 'other-process', all, 'hang', ['synchronize-not-allowed'], 'not judged'],
  ['synchronize', 'own-process', all, 'hang', ['synchronize-not-allowed'], 'not judged'],
  ['synchronize', 'buffered', all, 'hang', ['synchronize-not-allowed'], 'not judged'],
  ['synchronize', 'lifecycle', all, 'hang', ['synchronize-not-allowed'], 'not judged'],
];

const predicted = async (variantName: string, workload: string, profile: ProfileName) => {
  const variant = pickVariant(sample, variantName);
  const { expanded } = await loadWorkload(sample, variant, workload);
  return predict({ sample, variant, workload: expanded, profile, seed: 1 });
};

describe.each(rows)('%s, %s', (variant, workload, profiles, outcome, findings, expectations) => {
  test.each(profiles)('%s', async (profile) => {
    const prediction = await predicted(variant, workload, profile);
    // A machine that stopped has no say on the steps that were never reached.
    const judged = prediction.outcome === 'completed';
    const met = prediction.expectations.length === 0;
    expect({
      outcome: prediction.outcome,
      findings: [...new Set(prediction.findings.map(({ id }) => id))],
      expectations: judged ? (met ? 'met' : 'missed') : 'not judged',
    }).toEqual({ outcome, findings, expectations });
  });
});

test('no variant and no workload is left out', () => {
  const pairs = sample.manifest.variants.flatMap((variant) =>
    sample.manifest.workloads.map((workload) => `${variant.name} workloads/${workload.slice(10)}`),
  );
  const covered = new Set(
    rows.map(([variant, workload]) => `${variant} workloads/${workload}.json`),
  );
  expect([...covered].sort()).toEqual(pairs.sort());
});

test('every finding of the bug is at a line of the sample, under the post-operation', async () => {
  const { findings } = await predicted('user-buffer', 'other-process', 'win7');
  for (const { stack } of findings) {
    const names = stack?.map((place) => place.function) ?? [];
    expect(names[0]).toBe('DirNotifyMeasureEntry');
    expect(names).toContain('DirNotifyPostDirectoryControl');
  }
});

test('a locked buffer is never replaced: no flag, no new system buffer (R-NOTIFY-60)', async () => {
  for (const profile of ['vista', 'win7'] as const) {
    const { events } = await predicted('lock-buffer', 'other-process', profile);
    const posts = events.flatMap((event) =>
      event.kind === 'post-operation' && event.filter === 'dirnotify' ? [event.flags] : [],
    );
    expect(posts.length).toBeGreaterThan(0);
    expect(posts.filter((flags) => (flags & 0x100000) !== 0)).toEqual([]);
  }
});
