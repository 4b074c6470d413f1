// Goal: what the rows of the notification sample's outcomes.json cannot say: where its findings stand,
// and what never happens. Method: its own variants and workloads.
import { afterAll, expect, test } from 'vitest';
import type { ProfileName } from '../contract/profiles.ts';
import { disposePredictor, predict } from '../lab/predict/index.ts';
import { loadSample, loadWorkload, pickVariant } from '../lab/samples/samples.ts';

afterAll(disposePredictor);
const sample = await loadSample('dirnotify');

const predicted = async (variantName: string, workload: string, profile: ProfileName) => {
  const variant = pickVariant(sample, variantName);
  const { expanded } = await loadWorkload(sample, variant, workload);
  return predict({ sample, variant, workload: expanded, profile, seed: 1 });
};

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
