// fltlab compare: a prediction with a recorded trace, or two predictions, step by step.
import type { Command } from 'commander';
import type { Comparison } from '../../contract/comparison.ts';
import { LabError } from '../../contract/errors/labError.ts';
import { compare } from '../../lab/compare/compare.ts';
import { openDataFolder } from '../../lab/data/dataFolder.ts';
import { comparisonTable, countsText, verdictLine } from '../../lab/report/text.ts';
import { readObserved } from '../../lab/run/observedFile.ts';
import { predictedSide } from '../../lab/run/predictedSide.ts';
import { loadPrediction } from '../../lab/run/store.ts';
import { loadSample, loadWorkload, pickVariant } from '../../lab/samples/samples.ts';
import { action, jsonOption, type Context } from '../action.ts';
import { ExitCode } from '../exitCodes.ts';
import { paint } from '../terminal.ts';

interface CompareOptions {
  readonly sample?: string;
  readonly workload?: string;
}

export function addCompare(program: Command): void {
  program
    .command('compare')
    .description('compare a prediction with a kept run, a trace, or another prediction')
    .argument('<prediction>', 'a file that fltlab simulate --prediction wrote')
    .argument('<observed>', 'a run ("latest"), a trace, or another prediction')
    .option('--sample <name-or-folder>', 'where the sample is, if not where the prediction says')
    .option('--workload <file>', 'the workload, if it is not one of the sample')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  fltlab simulate dirnotify --profile win7 --prediction win7.json
  fltlab simulate dirnotify --profile winxp --prediction winxp.json
  fltlab compare win7.json winxp.json
  fltlab compare win7.json latest`,
    )
    .action(action(compareFiles));
}

async function compareFiles(
  { terminal }: Context,
  predictionFile: string,
  observedFile: string,
  options: CompareOptions,
): Promise<ExitCode> {
  const predicted = await loadPrediction(predictionFile);
  const observed = await readObserved(await openDataFolder(), observedFile);
  if (observed.workload !== predicted.workload) {
    throw new LabError('compare.different-workloads', {
      problem: `The prediction is of workload "${predicted.workload}", the other side of "${observed.workload}".`,
      remedy: 'Compare two sides of the same workload.',
    });
  }
  const sample = await loadSample(options.sample ?? predicted.sample);
  const variant = pickVariant(sample, predicted.variant);
  const workload = await loadWorkload(sample, variant, options.workload ?? predicted.workload);
  const comparison = compare({
    workload: workload.expanded,
    predicted: predictedSide(predicted),
    observed: observed.side,
    facts: observed.facts,
    deviations: observed.deviations,
  });
  terminal.object(comparison);
  terminal.line(
    comparisonTable(comparison, predicted.profile, observed.name, paint, terminal.width),
  );
  terminal.line();
  terminal.line(`${verdictLine[comparison.verdict]} ${countsText({ comparison })}.`);
  return exitCodeOfVerdict(comparison.verdict);
}

export const exitCodeOfVerdict = (verdict: Comparison['verdict']): ExitCode =>
  verdict === 'agrees'
    ? ExitCode.agrees
    : verdict === 'differs'
      ? ExitCode.differs
      : ExitCode.nothingComparable;
