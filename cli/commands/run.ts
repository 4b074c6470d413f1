// fltlab run: the same workload in the model and on a target, and how the two compare.
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Run } from '../../contract/run.ts';
import { openDataFolder } from '../../lab/data/dataFolder.ts';
import { htmlReport } from '../../lab/report/html.ts';
import { junitReport } from '../../lab/report/junit.ts';
import { countsText, runTable, verdictLine } from '../../lab/report/text.ts';
import { reportable } from '../../lab/run/reportable.ts';
import { runOnTarget, type FinishedRun } from '../../lab/run/run.ts';
import { checkNeighbours } from '../../lab/samples/neighbours.ts';
import { loadSample, loadWorkload, pickVariant } from '../../lab/samples/samples.ts';
import { action, type Context } from '../action.ts';
import { ExitCode, exitCodeOfOwner } from '../exitCodes.ts';
import {
  addPredictionOptions,
  parseProfile,
  parseSeed,
  type PredictionOptions,
} from '../options.ts';
import { paint, type Terminal } from '../terminal.ts';
import { writeOutput } from '../writeOutput.ts';
import { exitCodeOfVerdict } from './compare.ts';

interface RunOptions extends PredictionOptions {
  readonly target: string;
  readonly vm?: string;
  readonly snapshot?: string;
  readonly sys?: string;
  readonly observe?: boolean;
  readonly html?: string;
  readonly junit?: string;
}

export function addRun(program: Command): void {
  const command = program
    .command('run')
    .description('build, sign, deploy, load, run a workload, and compare with the prediction')
    .argument('<sample>', 'name of a sample, or a folder with a fltlab.json')
    .requiredOption('--target <name>', 'where to run it');
  addPredictionOptions(command)
    .option('--vm <name>', 'the virtual machine of the target, where it does not name it itself')
    .option('--snapshot <name>', 'put the machine back to it, instead of its clean snapshot')
    .option('--sys <file>', 'a .sys that your own toolchain built: signed and loaded as it is')
    .option('--observe', 'load the observer above and below the driver, and compare what it sees')
    .option('--html <file>', 'write a self-contained HTML report')
    .option('--junit <file>', 'write JUnit XML')
    .addHelpText(
      'after',
      `
Examples:
  fltlab run dirnotify --target wine
  fltlab run ./my-filter --target wine --workload ./story.json --junit result.xml
  fltlab run ./my-filter --target wine --sys ./x64/Debug/my-filter.sys`,
    )
    .action(action(runSample));
}

async function runSample(
  { terminal, signal }: Context,
  name: string,
  options: RunOptions,
): Promise<ExitCode> {
  const profile = options.profile === undefined ? undefined : parseProfile(options.profile);
  const seed = parseSeed(options.seed);
  const sample = await loadSample(name);
  const variant = pickVariant(sample, options.variant);
  const workload = await loadWorkload(sample, variant, options.workload);
  checkNeighbours(sample, workload.expanded, options.without);
  const finished = await runOnTarget({
    sample,
    variant,
    workload,
    target: options.target,
    vm: options.vm,
    snapshot: options.snapshot,
    sys: options.sys,
    profile,
    seed,
    without: options.without,
    observe: options.observe,
    dataFolder: await openDataFolder(),
    signal,
    progress: (stage, text) => terminal.progress(`${stage.padEnd(9)} ${text}`),
  });
  const run = reportable(finished.run);
  if (options.html !== undefined) await writeOutput(options.html, htmlReport(run));
  if (options.junit !== undefined) await writeOutput(options.junit, junitReport(run));
  terminal.object(runObject(finished));
  print(terminal, { ...finished, run });
  return exitCodeFor(run);
}

function endedText({ ended, crash }: Run): string {
  if (crash !== undefined) {
    return `The machine died of it: ${crash.title}. Whose: ${crash.whose}, for ${crash.because}. Kept as ${crash.id}: fltlab crashes ${crash.id}`;
  }
  const at = ended.step === undefined ? '' : ` at step "${ended.step}"`;
  const why = ended.problem === undefined ? '' : `: ${ended.problem}`;
  return `The workload ${ended.how === 'hung' ? 'hung' : `ended early (${ended.how})`}${at}${why}.`;
}

/** The object of --json: the run in the words of the interface that scripts rely on. */
function runObject({ run, folder }: FinishedRun): object {
  const { comparison, facts, timings, prediction, ...rest } = run;
  return {
    verdict: comparison.verdict,
    target: facts.name,
    facts,
    steps: comparison.rows,
    counts: comparison.counts,
    timings: Object.fromEntries(timings),
    outcome: prediction.outcome,
    findings: prediction.findings,
    folder,
    ...rest,
  };
}

function print(terminal: Terminal, { run, folder }: FinishedRun): void {
  terminal.line(
    `driver service ${run.driver.service} reached ${run.driver.reached} on ${run.facts.name}`,
  );
  terminal.line(runTable(run, paint, terminal.width));
  for (const finding of run.prediction.findings) {
    terminal.line(`${finding.file ?? ''}:${finding.line ?? ''} ${finding.id}: ${finding.message}`);
  }
  for (const miss of run.expectations) {
    const where = `${miss.actor} ${miss.step}`;
    terminal.line(`${where}: expected ${miss.what} ${miss.expected}, found ${miss.found}`);
  }
  if (run.ended.how !== 'completed') terminal.line(paint('differs', endedText(run)));
  for (const note of run.notes) terminal.line(paint('dim', note));
  const seconds = run.timings
    .map(([stage, ms]) => `${stage} ${(ms / 1000).toFixed(1)} s`)
    .join(', ');
  terminal.line();
  terminal.line(paint('dim', seconds));
  terminal.line(`${verdictLine[run.comparison.verdict]} ${countsText(run)}.`);
  terminal.line(paint('dim', `report: ${join(folder, 'report.html')}`));
}

/**
 * How the workload ended stands first: a hang is the driver's. Then a difference; and a driver whose
 * prediction ends badly is the driver's even if the run agrees.
 */
export function exitCodeFor({ comparison, prediction, ended, crash, findings }: Run): ExitCode {
  if (crash !== undefined) return exitCodeOfOwner(crash.whose);
  if (findings !== undefined) return ExitCode.yourDriver;
  if (ended.how === 'hung') return ExitCode.yourDriver;
  if (ended.how === 'failed') return ExitCode.ourBug;
  if (ended.how === 'aborted') return ExitCode.yourLab;
  const byVerdict = exitCodeOfVerdict(comparison.verdict);
  if (byVerdict === ExitCode.differs) return byVerdict;
  const clean = prediction.outcome === 'completed' && prediction.findings.length === 0;
  if (!clean && prediction.outcome !== 'not-modelled') return ExitCode.yourDriver;
  return byVerdict;
}
