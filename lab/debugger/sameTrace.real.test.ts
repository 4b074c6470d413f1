// Goal: what the debugger shows is the simulation that was predicted: a watched debug build, with a probe
// in front of every statement, gives the trace of the normal build.
// Method: every sample, its first variants, their own workload, traces as text; Windows 7, and for the first
// variant of each sample also XP.
import { afterAll, expect, test } from 'vitest';
import { formatTrace } from '../../contract/trace.ts';
import { play } from '../../simulator/debugger/play.ts';
import { debugSubject, disposePredictor, predict } from '../predict/index.ts';
import { loadSample, loadWorkload, pickVariant, sampleNames } from '../samples/samples.ts';

afterAll(disposePredictor);

/** Of each sample: every two builds of one more cost seconds. */
const VARIANTS = 4;

const samples = await Promise.all((await sampleNames()).map(loadSample));
const rows = samples.flatMap((sample) =>
  sample.manifest.variants
    .slice(0, VARIANTS)
    .flatMap(({ name }, index) =>
      (index === 0 ? (['win7', 'winxp'] as const) : (['win7'] as const)).map(
        (profile) => [sample.manifest.name, name, profile] as const,
      ),
    ),
);

test.each(rows)('%s, %s on %s: the same trace', async (sampleName, variantName, profile) => {
  const sample = await loadSample(sampleName);
  const variant = pickVariant(sample, variantName);
  const workload = (await loadWorkload(sample, variant, undefined)).expanded;
  const input = { sample, variant, workload, profile, seed: 0 };
  const predicted = await predict(input);
  const { recorder, end } = await play(await debugSubject(input), () => false);
  const header = { trace: 1, producer: 'simulator', workload: workload.name } as const;
  expect(formatTrace(header, recorder.log.events)).toBe(formatTrace(header, predicted.events));
  expect(end?.outcome).toBe(predicted.outcome);
  expect(end?.findings).toEqual(predicted.findings);
  expect(end?.coverage).toEqual(predicted.coverage);
  const watched = recorder.log.moments.some((moment) => moment.kind === 'line');
  expect(watched || predicted.outcome === 'load-failed').toBe(true);
});
