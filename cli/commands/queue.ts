// fltlab queue: many runs, one after the other on each target. One that ends badly, or kills its machine,
// costs itself alone: the machine is put back and the next begins.
import type { Command } from 'commander';
import type { RunJob } from '../../contract/rpc.ts';
import { openDataFolder } from '../../lab/data/dataFolder.ts';
import { History } from '../../lab/history/history.ts';
import { RunJobs } from '../../lab/jobs/runJobs.ts';
import { reported } from '../../lab/rpc/service.ts';
import { runOnTarget } from '../../lab/run/run.ts';
import { loadSample, loadWorkload, pickVariant } from '../../lab/samples/samples.ts';
import { action, badArgument, jsonOption, wholeNumber, type Context } from '../action.ts';
import { ExitCode, exitCodeOf } from '../exitCodes.ts';
import { parseSeed } from '../options.ts';
import { paint } from '../terminal.ts';
import { exitCodeFor } from './run.ts';

interface QueueOptions {
  readonly target: readonly string[];
  readonly vm?: string;
  readonly snapshot?: string;
  readonly times: string;
  readonly seed: string;
}

const collect = (value: string, all: readonly string[]): readonly string[] => [...all, value];
const TIMES_MAX = 10_000;

export function addQueue(program: Command): void {
  program
    .command('queue')
    .description('runs one after the other on each target, whatever becomes of each')
    .argument('<runs...>', 'sample, sample:variant or sample:variant:workload')
    .requiredOption(
      '--target <name>',
      'where; may be repeated, targets work side by side',
      collect,
      [],
    )
    .option('--vm <name>', 'the virtual machine of the target, where it does not name it itself')
    .option('--snapshot <name>', 'put the machine back to it, instead of its clean snapshot')
    .option('--times <count>', 'how often each', '1')
    .option('--seed <number>', 'of the first; each repetition takes the next', '1')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  fltlab queue dirnotify section-sync:worker --target win11 --times 20
  fltlab queue ./my-filter --target win10 --target win11 --snapshot clean`,
    )
    .action(action(queue));
}

interface Ended {
  readonly job: RunJob;
  readonly code: ExitCode;
}

async function queue(
  { terminal, signal }: Context,
  asked: readonly string[],
  options: QueueOptions,
): Promise<ExitCode> {
  const times = wholeNumber('--times')(options.times);
  if (times < 1 || times > TIMES_MAX) {
    throw badArgument(`--times is from 1 to ${TIMES_MAX}.`, 'Give a number in between.');
  }
  if (options.vm !== undefined && options.target.length > 1) {
    throw badArgument('--vm names one machine.', 'Name one target, or leave --vm out.');
  }
  const dataFolder = await openDataFolder();
  const jobs = new RunJobs(reported);
  const codes = new Map<string, ExitCode>();
  const ids: string[] = [];
  const firstSeed = parseSeed(options.seed);
  for (const one of asked) {
    const [name = '', variantName, workloadName] = splitAsked(one);
    const sample = await loadSample(name);
    const variant = pickVariant(sample, variantName);
    const workload = await loadWorkload(sample, variant, workloadName);
    const what = { sample: name, title: sample.manifest.title, variant: variant.name } as const;
    for (const [target, seed] of options.target.flatMap((each) => repeat(each, times, firstSeed))) {
      const id: string = jobs.start(
        { ...what, workload: workload.expanded.name, target },
        async (progress, own) => {
          try {
            const { run } = await runOnTarget({
              sample,
              variant,
              workload,
              target,
              vm: options.vm,
              snapshot: options.snapshot,
              seed,
              without: [],
              dataFolder,
              signal: own,
              progress,
            });
            codes.set(id, exitCodeFor(run));
            return { run: run.id, verdict: run.comparison.verdict };
          } catch (error) {
            codes.set(id, exitCodeOf(error));
            throw error;
          }
        },
      );
      ids.push(id);
    }
  }
  signal.addEventListener('abort', () => ids.forEach((id) => jobs.cancel(id)), { once: true });
  const ended: Ended[] = [];
  for await (const job of jobs.watch(undefined)) {
    if (!ids.includes(job.job) || ended.some((one) => one.job.job === job.job)) continue;
    if (job.state === 'running') {
      terminal.progress(`${job.target}: ${job.title} ${job.stages.at(-1)?.text ?? ''}`);
    }
    if (!isOver(job)) continue;
    ended.push({ job, code: codes.get(job.job) ?? ExitCode.interrupted });
    terminal.line(line(job, ended.length, ids.length));
    if (ended.length === ids.length) break;
  }
  await jobs.close();
  const known = await knownCrashes(dataFolder, ended);
  for (const { title, count } of known) terminal.line(paint('differs', `${count} × ${title}`));
  terminal.object({ runs: ended.map(({ job }) => job), crashes: known });
  return worst(ended.map(({ code }) => code));
}

/** A path of Windows has a colon of its own: "C:\filters\mine:buggy". */
function splitAsked(text: string): readonly string[] {
  const drive = /^[A-Za-z]:[\\/]/.test(text) ? text.slice(0, 2) : '';
  const [name = '', ...rest] = text.slice(drive.length).split(':');
  return [drive + name, ...rest];
}

const repeat = (
  target: string,
  times: number,
  seed: number,
): readonly (readonly [string, number])[] =>
  Array.from({ length: times }, (_, index) => [target, seed + index] as const);

const isOver = ({ state }: RunJob): boolean =>
  state === 'done' || state === 'failed' || state === 'cancelled';

function line(job: RunJob, at: number, of: number): string {
  const what = `${at}/${of} ${job.target} ${job.title} (${job.variant})`;
  if (job.state === 'done') return `${what}: ${job.verdict ?? ''} ${paint('dim', job.run ?? '')}`;
  return paint('differs', `${what}: ${job.error?.problem ?? job.state} [${job.error?.code ?? ''}]`);
}

/** Of the crashes in the history, those of the samples that were just run. */
async function knownCrashes(dataFolder: string, ended: readonly Ended[]) {
  const samples = new Set(ended.map(({ job }) => job.sample));
  const history = await History.open(dataFolder);
  try {
    await history.refresh();
    return history.crashes().filter((one) => one.samples.some((sample) => samples.has(sample)));
  } finally {
    history.close();
  }
}

/** In the order in which a person wants to know of them. */
function worst(codes: readonly ExitCode[]): ExitCode {
  const order: readonly ExitCode[] = [
    ExitCode.interrupted,
    ExitCode.ourBug,
    ExitCode.yourDriver,
    ExitCode.yourLab,
    ExitCode.differs,
    ExitCode.nothingComparable,
    ExitCode.usage,
  ];
  return order.find((one) => codes.includes(one)) ?? ExitCode.agrees;
}
