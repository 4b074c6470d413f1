// fltlab simulate: what the model says the driver will do.
import type { Command } from 'commander';
import type { Finding } from '../../contract/finding.ts';
import type { Prediction } from '../../contract/prediction.ts';
import { formatTrace, type TraceEvent } from '../../contract/trace.ts';
import { ntStatusName } from '../../contract/windows/index.ts';
import { predict } from '../../lab/predict/index.ts';
import { ruleOf } from '../../lab/rules/index.ts';
import { checkNeighbours } from '../../lab/samples/neighbours.ts';
import { loadSample, loadWorkload, pickVariant } from '../../lab/samples/samples.ts';
import { action, type Context } from '../action.ts';
import { ExitCode } from '../exitCodes.ts';
import {
  addPredictionOptions,
  parseProfile,
  parseSeed,
  type PredictionOptions,
} from '../options.ts';
import { paint } from '../terminal.ts';
import { writeOutput } from '../writeOutput.ts';

interface SimulateOptions extends PredictionOptions {
  readonly profile: string;
  readonly trace?: string;
  readonly prediction?: string;
  readonly all?: boolean;
  readonly observe?: boolean;
}

export function addSimulate(program: Command): void {
  const command = program
    .command('simulate')
    .description('compile a driver, run it in the model of Windows, and say what happens')
    .argument('<sample>', 'name of a sample, or a folder with a fltlab.json');
  addPredictionOptions(command, 'win7')
    .option('--observe', 'load the observer above and below the driver')
    .option('--all', 'print every event, not only what the workload sees')
    .option('--trace <file>', 'write the trace')
    .option('--prediction <file>', 'write the whole prediction, for fltlab compare')
    .addHelpText(
      'after',
      `
Examples:
  fltlab simulate dirnotify
  fltlab simulate dirnotify --variant user-buffer --profile winxp
  fltlab simulate ./my-filter --workload ./my-workload.json --json`,
    )
    .action(action(simulateSample));
}

async function simulateSample(
  { terminal, signal }: Context,
  name: string,
  options: SimulateOptions,
): Promise<ExitCode> {
  const profile = parseProfile(options.profile);
  const seed = parseSeed(options.seed);
  const sample = await loadSample(name);
  const variant = pickVariant(sample, options.variant);
  const workload = await loadWorkload(sample, variant, options.workload);
  checkNeighbours(sample, workload.expanded, options.without);
  terminal.progress(`Simulating ${sample.manifest.name} (${variant.name}) on ${profile} …`);
  const prediction = await predict({
    sample,
    variant,
    workload: workload.expanded,
    profile,
    seed,
    without: options.without,
    observed: options.observe ?? false,
    signal,
  });
  if (options.prediction !== undefined) {
    await writeOutput(options.prediction, `${JSON.stringify(prediction)}\n`);
  }
  if (options.trace !== undefined) await writeOutput(options.trace, traceText(prediction));
  terminal.object(prediction);
  for (const line of predictionLines(prediction, options.all === true)) terminal.line(line);
  return exitCodeFor(prediction);
}

const traceText = (prediction: Prediction): string => {
  const { sample, variant, workload, profile, seed, events } = prediction;
  return formatTrace(
    { trace: 1, producer: 'simulator', workload, sample, variant, profile, seed },
    events,
  );
};

function exitCodeFor(prediction: Prediction): ExitCode {
  if (prediction.outcome === 'not-modelled') return ExitCode.nothingComparable;
  const clean = prediction.outcome === 'completed' && prediction.findings.length === 0;
  if (!clean) return ExitCode.yourDriver;
  return prediction.expectations.length === 0 ? ExitCode.agrees : ExitCode.differs;
}

export function* predictionLines(prediction: Prediction, all: boolean): Generator<string> {
  const { findings, outcome, bugcheck } = prediction;
  const how =
    bugcheck === undefined
      ? outcome
      : `${outcome} ${bugcheck.name} (${bugcheck.parameters.join(', ')})`;
  const refused = prediction.notModelled === undefined ? '' : `: ${prediction.notModelled}`;
  yield paint(
    'bold',
    `${how}${refused} · ${findings.length} ${findings.length === 1 ? 'finding' : 'findings'} · ${prediction.events.length} events`,
  );
  for (const line of prediction.waitGraph ?? []) yield `  ${line}`;
  for (const event of prediction.events) {
    const text = eventLine(event, all);
    if (text !== undefined) yield text;
  }
  for (const finding of findings) yield* findingLines(finding);
  for (const miss of prediction.expectations) {
    yield `expected ${miss.what} ${miss.expected} at ${miss.actor} ${miss.step}, found ${miss.found}`;
  }
}

function* findingLines(finding: Finding): Generator<string> {
  const place = finding.file === undefined ? '' : `${finding.file}:${finding.line ?? '?'}: `;
  yield `${place}${paint('differs', finding.id)}: ${finding.message}`;
  for (const frame of finding.stack.slice(1)) {
    yield paint('dim', `    at ${frame.function ?? '?'} ${frame.file}:${frame.line}`);
  }
  const [first] = finding.rules;
  if (first === undefined) return;
  yield paint('dim', `    ${finding.rules.join(' ')}`);
  yield paint('dim', `    ${first}: ${ruleOf(first)?.title}`);
}

const hex = (value: number): string => `0x${value.toString(16).toUpperCase()}`;

const redirection = ({ redirectedTo }: { redirectedTo?: string | undefined }): string =>
  redirectedTo === undefined ? '' : ` ⇒ ${redirectedTo}`;

/** What the workload sees, in one line each; with `all` also what happens below. */
function eventLine(event: TraceEvent, all: boolean): string | undefined {
  const place = `${event.actor ?? ''} ${event.step ?? ''}`.trim().padEnd(18);
  switch (event.kind) {
    case 'step': {
      const information = event.information === undefined ? '' : ` ${hex(event.information)}`;
      return `${place} ${event.operation.padEnd(16)} ${ntStatusName(event.status)}${information}`;
    }
    case 'completion': {
      const entries = (event.entries ?? []).map(
        (one) => `${one.action.replace('FILE_ACTION_', '')} ${one.name}`,
      );
      const text = [ntStatusName(event.status), hex(event.information), entries.join(', ')].join(
        ' ',
      );
      return `${place} ${`${event.operation} ▸`.padEnd(16)} ${text}`;
    }
    case 'pre-operation':
      return paint(
        'dim',
        `${place}   ${event.filter} pre  ${event.major} → ${event.returned}${redirection(event)}`,
      );
    case 'post-operation':
      return paint(
        'dim',
        `${place}   ${event.filter} post ${event.major} flags ${hex(event.flags)} ${ntStatusName(event.statusAfter ?? event.status)} ${hex(event.informationAfter ?? event.information)}`,
      );
    case 'driver-call':
      return paint('dim', `${place}   ${event.driver} ${event.routine} → ${event.result}`);
    default:
      return all ? paint('dim', `${place}   ${JSON.stringify(event)}`) : undefined;
  }
}
