// `npm run bench`: the figures that documents quote, measured here and now. Machines differ and drift:
// compare figures within one run, not between runs.
import { performance } from 'node:perf_hooks';
import { compare } from '../lab/compare/compare.ts';
import { disposePredictor, predictTimed } from '../lab/predict/index.ts';
import { loadSample, loadWorkload, pickVariant, readSources } from '../lab/samples/samples.ts';

const EDITS = 20;

interface Row {
  readonly what: string;
  readonly values_ms: readonly number[];
  /** What it must stay below, where something was promised. */
  readonly limit_ms?: number;
}

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

console.log(
  `dirnotify, new-system-buffer, win7: one file of ${sources.length} edited ${EDITS} times`,
);
print([
  { what: 'first prediction (compiler cold)', values_ms: [cold.took_ms] },
  { what: 'edit → prediction, warm', values_ms: total, limit_ms: 1_000 },
  { what: '  compile and link', values_ms: compile },
  { what: '  load and run', values_ms: simulate },
  { what: 'compare', values_ms: comparing },
]);

async function timed<T>(
  work: () => Promise<T>,
): Promise<{ readonly value: T; readonly took_ms: number }> {
  const started_ms = performance.now();
  const value = await work();
  return { value, took_ms: performance.now() - started_ms };
}

function print(rows: readonly Row[]): void {
  const width = Math.max(...rows.map((row) => row.what.length));
  console.log(`${''.padEnd(width)}      min   median      p95`);
  for (const { what, values_ms, limit_ms } of rows) {
    const sorted = [...values_ms].sort((a, b) => a - b);
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
    const figures = [at(0), at(0.5), at(0.95)]
      .map((value) => value.toFixed(1).padStart(9))
      .join('');
    const kept =
      limit_ms === undefined ? '' : `   ${at(0.95) <= limit_ms ? 'within' : 'OVER'} ${limit_ms} ms`;
    console.log(`${what.padEnd(width)} ${figures} ms${kept}`);
    if (limit_ms !== undefined && at(0.95) > limit_ms) process.exitCode = 1;
  }
}
