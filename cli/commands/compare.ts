// fltlab compare: a prediction with a recorded trace, or two predictions, step by step.
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Comparison } from '../../contract/comparison.ts';
import { LabError } from '../../contract/errors/labError.ts';
import type { Prediction } from '../../contract/prediction.ts';
import { compare, type ObservedSide } from '../../lab/compare/compare.ts';
import { comparisonTable, countsText, verdictLine } from '../../lab/report/text.ts';
import { predictionEnd } from '../../lab/run/predictedSide.ts';
import { readTrace } from '../../lab/run/readTrace.ts';
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
    .description('compare a prediction with a trace, or with another prediction')
    .argument('<prediction>', 'a file that fltlab simulate --prediction wrote')
    .argument('<observed>', 'a trace, or another prediction')
    .option('--sample <name-or-folder>', 'where the sample is, if not where the prediction says')
    .option('--workload <file>', 'the workload, if it is not one of the sample')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  fltlab simulate dirnotify --profile win7 --prediction win7.json
  fltlab simulate dirnotify --profile winxp --prediction winxp.json
  fltlab compare win7.json winxp.json`,
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
  const { name, side, workload: observedWorkload } = await readObserved(observedFile);
  if (observedWorkload !== predicted.workload) {
    throw new LabError('compare.different-workloads', {
      problem: `The prediction is of workload "${predicted.workload}", the other side of "${observedWorkload}".`,
      remedy: 'Compare two sides of the same workload.',
    });
  }
  const sample = await loadSample(options.sample ?? predicted.sample);
  const variant = pickVariant(sample, predicted.variant);
  const workload = await loadWorkload(sample, variant, options.workload ?? predicted.workload);
  const comparison = compare({
    workload: workload.expanded,
    predicted: {
      events: predicted.events,
      evidence: predicted.evidence,
      ...predictionEnd(predicted),
    },
    observed: side,
    facts: { has: [], lacks: [] },
    deviations: [],
  });
  terminal.object(comparison);
  terminal.line(comparisonTable(comparison, predicted.profile, name, paint, terminal.width));
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

async function readObserved(
  file: string,
): Promise<{ readonly name: string; readonly workload: string; readonly side: ObservedSide }> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new LabError('file.unreadable', {
      problem: `${file} cannot be read: ${error.code ?? error.message}.`,
      remedy: 'Check the spelling and the permissions.',
    });
  });
  if (/^\s*\{\s*"prediction"/.test(text)) {
    const other: Prediction = await loadPrediction(file);
    return {
      name: other.profile,
      workload: other.workload,
      side: { events: other.events, ...predictionEnd(other) },
    };
  }
  const trace = readTrace(text, file);
  return {
    name: trace.header.producer,
    workload: trace.header.workload,
    side: { events: trace.events, ...(trace.cut ? { endedEarly: 'the trace was cut here' } : {}) },
  };
}
