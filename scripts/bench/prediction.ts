// From an edit to its prediction, and the parts of that time.
import { compare } from '../../lab/compare/compare.ts';
import { disposePredictor, predictTimed } from '../../lab/predict/index.ts';
import { loadSample, loadWorkload, pickVariant, readSources } from '../../lab/samples/samples.ts';
import { printTimes, timed, type BenchPart } from './figures.ts';

const EDITS = 20;

export const benchPrediction: BenchPart = async () => {
  const sample = await loadSample('dirnotify');
  const variant = pickVariant(sample, 'new-system-buffer');
  const workload = await loadWorkload(sample, variant, undefined);
  const { sources } = await readSources(sample);
  const [main] = sources;
  if (main === undefined) throw new Error('the sample has no source');

  // Text that no earlier measurement can have left in a cache.
  const unique = `${Date.now()}-${process.pid}`;
  const predictEdited = (edit: number | string): ReturnType<typeof predictTimed> =>
    predictTimed({
      sample,
      variant,
      workload: workload.expanded,
      profile: 'win7',
      seed: 0,
      edited: [{ path: main.path, text: `${main.text}\n/* edit ${unique} ${edit} */\n` }],
    });

  const cold = await timed(() => predictEdited('first'));
  const total: number[] = [];
  const compile: number[] = [];
  const simulate: number[] = [];
  const comparing: number[] = [];
  for (let edit = 0; edit < EDITS; edit += 1) {
    const { value, took_ms } = await timed(() => predictEdited(edit));
    total.push(took_ms);
    compile.push(value.timings.compile_ms);
    simulate.push(value.timings.simulate_ms);
    const { prediction } = value;
    const side = { events: prediction.events, evidence: prediction.evidence };
    const compared = await timed(async () =>
      compare({
        workload: workload.expanded,
        predicted: side,
        observed: side,
        facts: { has: [], lacks: [] },
        deviations: [],
      }),
    );
    comparing.push(compared.took_ms);
  }
  await disposePredictor();
  return printTimes(
    `dirnotify, new-system-buffer, win7: one file of ${sources.length} edited ${EDITS} times`,
    [
      { what: 'first prediction (compiler cold)', values_ms: [cold.took_ms] },
      { what: 'edit → prediction, warm', values_ms: total, limit_ms: 1_000 },
      { what: '  compile and link', values_ms: compile },
      { what: '  load and run', values_ms: simulate },
      { what: 'compare', values_ms: comparing },
    ],
  );
};
