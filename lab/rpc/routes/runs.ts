import { rm } from 'node:fs/promises';
import { LabError } from '../../../contract/errors/labError.ts';
import type { RunSummary } from '../../../contract/rpc.ts';
import { openDataFolder } from '../../data/dataFolder.ts';
import { readAnnotations, writeAnnotations } from '../../history/annotations.ts';
import { exportRun, importRun } from '../../history/bundle.ts';
import type { History } from '../../history/history.ts';
import { recordedRuns } from '../../history/recorded.ts';
import { htmlReport } from '../../report/html.ts';
import { runOnTarget } from '../../run/run.ts';
import { loadReportable } from '../../run/loadReportable.ts';
import { findRunFolder, loadRun } from '../../run/store.ts';
import { loadWorkload, pickVariant } from '../../samples/samples.ts';
import { getTarget } from '../../targets/index.ts';
import { checkTrusted, workspaceSample } from '../../workspace/workspace.ts';
import { history, jobs, lab } from '../service.ts';
import { rememberFacts } from './targets.ts';

const start = lab.runs.start.handler(async ({ input }) => {
  const dataFolder = await openDataFolder();
  const sample = await workspaceSample(dataFolder, input.sample);
  checkTrusted(sample);
  const variant = pickVariant(sample, input.variant);
  const workload = await loadWorkload(sample, variant, input.workload);
  // A name that is wrong is told here and starts nothing.
  for (const target of input.targets) await getTarget(dataFolder, target);
  const { title } = sample.manifest;
  return input.targets.map((target) => {
    const { workload: workloadName, profile, seed } = input;
    const asked = {
      sample: sample.id,
      title,
      variant: variant.name,
      workload: workloadName,
      target,
    };
    return jobs.start(asked, async (progress, signal) => {
      const base = { sample, variant, workload, target, seed, dataFolder, signal, progress };
      const { run } = await runOnTarget({ ...base, profile, without: [] });
      rememberFacts(run.facts);
      return { run: run.id, verdict: run.comparison.verdict };
    });
  });
});

const cancel = lab.runs.cancel.handler(({ input }) => {
  jobs.cancel(input.job);
  return {};
});

const watch = lab.runs.watch.handler(async function* ({ signal }) {
  yield* jobs.watch(signal);
});

const list = lab.runs.list.handler(async ({ input }) => (await history()).find(input));

async function known(
  id: string,
): Promise<{ readonly past: History; readonly summary: RunSummary }> {
  const past = await history();
  const summary = past.summary(id);
  if (summary !== undefined) return { past, summary };
  // Says which there are.
  await findRunFolder(await openDataFolder(), id);
  throw new LabError('file.invalid', {
    problem: `The run "${id}" is damaged.`,
    remedy: 'Remove its folder from the data folder of FltLab; `fltlab doctor` names it.',
  });
}

const get = lab.runs.get.handler(async ({ input }) => {
  const { summary } = await known(input.id);
  const run = await loadRun(await openDataFolder(), input.id);
  return { summary, run: { ...run, comparison: { ...run.comparison, rows: [] } } };
});

const annotate = lab.runs.annotate.handler(async ({ input }) => {
  const { past } = await known(input.id);
  const folder = past.folder(input.id);
  const { origin } = await readAnnotations(folder);
  const tags = [...new Set(input.tags)];
  await writeAnnotations(folder, { annotations: 1, tags, note: input.note, origin });
  return (await known(input.id)).summary;
});

const remove = lab.runs.remove.handler(async ({ input }) => {
  const { past } = await known(input.id);
  await rm(past.folder(input.id), { recursive: true, force: true });
  await past.refresh();
  return {};
});

const recorded = lab.runs.recorded.handler(async ({ input }) =>
  recordedRuns(await workspaceSample(await openDataFolder(), input.sample)),
);

const trend = lab.runs.trend.handler(async ({ input }) => {
  const { past, summary } = await known(input.id);
  return past.trend(summary);
});

const report = lab.runs.report.handler(async ({ input }) => {
  await known(input.id);
  const html = htmlReport(await loadReportable(await openDataFolder(), input.id));
  return { name: `${input.id}.html`, html };
});

const exportOne = lab.runs.export.handler(async ({ input }) => {
  const { past } = await known(input.id);
  const packed = await exportRun(past.folder(input.id));
  return { name: `${input.id}.fltlab-run`, base64: packed.toString('base64') };
});

const importOne = lab.runs.import.handler(async ({ input }) => {
  const packed = Buffer.from(input.base64, 'base64');
  const id = await importRun(await openDataFolder(), input.name, packed);
  return (await known(id)).summary;
});

export const runRoutes = {
  start,
  cancel,
  watch,
  list,
  get,
  annotate,
  remove,
  recorded,
  trend,
  report,
  export: exportOne,
  import: importOne,
};
