// Goal: the baseline: a filter that sees everything and changes nothing makes no difference that a
// program could see, on any Windows that is played. Method: both variants, both workloads; the steps'
// results are the same as where no callback is ever called.
import { afterAll, describe, expect, test } from 'vitest';
import type { Prediction } from '../contract/prediction.ts';
import { profileNames, type ProfileName } from '../contract/profiles.ts';
import { disposePredictor, predict } from '../lab/predict/index.ts';
import { loadSample, loadWorkload, pickVariant } from '../lab/samples/samples.ts';

afterAll(disposePredictor);
const sample = await loadSample('passthrough');
const workloads = sample.manifest.workloads.map((path) => path.slice(10, -5));

const predicted = async (
  variantName: string,
  workload: string,
  profile: ProfileName,
  callbacksCalled = true,
): Promise<Prediction> => {
  const variant = pickVariant(sample, variantName);
  const { expanded } = await loadWorkload(sample, variant, workload);
  return predict({ sample, variant, workload: expanded, profile, seed: 1, callbacksCalled });
};

/** What programs see: each step's answer and each request's completion. */
const seen = ({ events }: Prediction): unknown[] =>
  events.flatMap((event) => {
    if (event.kind === 'step') return [[event.step, event.status, event.information]];
    if (event.kind === 'completion') return [[event.step, event.status, event.bytes]];
    return [];
  });

describe.each(profileNames)('%s', (profile) => {
  test.each(workloads)('%s: as its author expects, and as without the filter', async (workload) => {
    const without = seen(await predicted('quiet', workload, profile, false));
    expect(without.length).toBeGreaterThan(0);
    for (const variant of ['quiet', 'traced']) {
      const prediction = await predicted(variant, workload, profile);
      const { outcome, findings, expectations } = prediction;
      expect({ outcome, findings, expectations }).toEqual({
        outcome: 'completed',
        findings: [],
        expectations: [],
      });
      expect(seen(prediction)).toEqual(without);
    }
  });
});

/** The filter's own events: callbacks, and lines that it printed. */
const counted = ({ events }: Prediction): { pre: number; post: number; lines: string[] } => {
  const ofKind = (kind: string): number =>
    events.filter(
      (event) => event.kind === kind && 'filter' in event && event.filter === 'passthrough',
    ).length;
  const lines = events.flatMap((event) => (event.kind === 'debug-print' ? [event.text] : []));
  return { pre: ofKind('pre-operation'), post: ofKind('post-operation'), lines };
};

test('every pre-operation has its post-operation, and `traced` tells each of them', async () => {
  const { pre, post, lines } = counted(await predicted('traced', 'tour', 'win11'));
  expect(post).toBe(pre);
  expect(lines.filter((line) => line.startsWith('passthrough: pre  '))).toHaveLength(pre);
  expect(lines.filter((line) => line.startsWith('passthrough: post '))).toHaveLength(post);
  const quiet = counted(await predicted('quiet', 'tour', 'win11'));
  expect(quiet).toEqual({ pre, post, lines: [] });
});

test('the tour visits these kinds of operation', async () => {
  const { events } = await predicted('quiet', 'tour', 'win7');
  const majors = new Set(
    events.flatMap((event) =>
      event.kind === 'pre-operation' && event.filter === 'passthrough' ? [event.major] : [],
    ),
  );
  expect([...majors].sort()).toMatchInlineSnapshot(`
    [
      "IRP_MJ_CLEANUP",
      "IRP_MJ_CLOSE",
      "IRP_MJ_CREATE",
      "IRP_MJ_DIRECTORY_CONTROL",
      "IRP_MJ_FILE_SYSTEM_CONTROL",
      "IRP_MJ_FLUSH_BUFFERS",
      "IRP_MJ_LOCK_CONTROL",
      "IRP_MJ_NETWORK_QUERY_OPEN",
      "IRP_MJ_QUERY_EA",
      "IRP_MJ_QUERY_INFORMATION",
      "IRP_MJ_QUERY_SECURITY",
      "IRP_MJ_READ",
      "IRP_MJ_SET_EA",
      "IRP_MJ_SET_INFORMATION",
      "IRP_MJ_SET_SECURITY",
      "IRP_MJ_WRITE",
    ]
  `);
});
