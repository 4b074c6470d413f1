// fltlab conformance: facts about Windows as cases, against the model and a target, side by side.
import type { Command } from 'commander';
import { readCases, writtenWorkloads } from '../../lab/conformance/cases.ts';
import { shownCases } from '../../lab/conformance/shownCases.ts';
import {
  conformance,
  hardFailures,
  type CaseReport,
  type CaseResult,
  type ConformanceReport,
  type Counts,
  type NotCounted,
} from '../../lab/conformance/conformance.ts';
import { targetRunner } from '../../lab/conformance/targetRunner.ts';
import { openDataFolder } from '../../lab/data/dataFolder.ts';
import { action, badArgument, jsonOption, type Context } from '../action.ts';
import { ExitCode } from '../exitCodes.ts';
import { parseProfile } from '../options.ts';
import { paint, type Terminal } from '../terminal.ts';

interface ConformanceOptions {
  readonly target?: string;
  readonly profile?: string;
  readonly family?: string;
  readonly all?: boolean;
}

export function addConformance(program: Command): void {
  program
    .command('conformance')
    .description('run files of cases against the model, and on a target beside it')
    .argument('<file...>', 'one case a line, as a JSON object')
    .option('--target <name>', 'run what needs no filter there too')
    .option('--profile <name>', 'this Windows version only; all that a case names otherwise')
    .option('--family <name>', 'cases of this family only')
    .option('--all', 'list every case, not only those that did not pass')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExample:\n  fltlab conformance cases.jsonl --family notify --target wine',
    )
    .action(action(runCases));
}

async function runCases(
  { terminal, signal }: Context,
  files: readonly string[],
  options: ConformanceOptions,
): Promise<ExitCode> {
  const profiles = options.profile === undefined ? undefined : [parseProfile(options.profile)];
  const read = (await Promise.all(files.map(readCases))).flat();
  const cases = read.filter((one) => options.family === undefined || one.family === options.family);
  if (cases.length === 0) throw noCase(read, options.family ?? '');
  const runner =
    options.target === undefined
      ? undefined
      : await targetRunner(options.target, await openDataFolder(), signal);
  let report: ConformanceReport;
  try {
    report = await conformance({
      cases,
      written: await writtenWorkloads(),
      shown: await shownCases(),
      ...(profiles === undefined ? {} : { profiles }),
      target: runner,
      signal,
      progress: (text, share) => terminal.progress(text, share),
    });
  } finally {
    const left = (await runner?.close()) ?? [];
    for (const one of left) terminal.note(`Could not be taken back: ${one}`);
  }
  terminal.object(report);
  print(terminal, report, options.all === true);
  return hardFailures(report).length === 0 ? ExitCode.agrees : ExitCode.differs;
}

function noCase(read: readonly { readonly family: string }[], family: string): Error {
  const families = [...new Set(read.map((one) => one.family))].sort().join(', ');
  return badArgument(`No case is of the family "${family}".`, `Choose one of: ${families}.`);
}

function print(terminal: Terminal, report: ConformanceReport, all: boolean): void {
  const entries = Object.entries(report.cases);
  const width = Math.max(...entries.map(([id]) => id.length), 4);
  const withWine = report.wine !== undefined;
  terminal.line(
    paint('dim', `${'case'.padEnd(width)}  simulator        ${withWine ? 'wine' : ''}`),
  );
  for (const [id, one] of entries) {
    if (!all && isQuiet(one)) continue;
    const wine = one.wine === undefined ? '' : mark(one.wine);
    terminal.line(`${id.padEnd(width)}  ${mark(one.simulator)}  ${wine}`.trimEnd());
    for (const reason of reasons(one)) terminal.line(paint('dim', `    ${reason}`));
  }
  terminal.line(countsLine('simulator', report.simulator));
  if (report.wine !== undefined) terminal.line(countsLine('wine', report.wine));
  const missed = entries.filter(([, one]) => one.notCounted.some(isMissed)).length;
  const others = entries.filter(([, one]) => one.notCounted.length > 0).length;
  if (others === 0) return;
  terminal.line(
    paint('dim', `not counted (Windows 8, believed the same): ${others} cases, ${missed} missed`),
  );
}

const isMissed = ({ result }: NotCounted): boolean => result.result === 'failed';

/** Why each side did not pass; one reason where both have the same. */
function reasons(one: CaseReport): readonly string[] {
  const { simulator, wine } = one;
  const others = one.notCounted
    .filter(isMissed)
    .map(({ windows, result }) => `not counted, Windows ${windows}: ${result.reason ?? ''}`);
  if (simulator.reason !== undefined && simulator.reason === wine?.reason) {
    return [simulator.reason, ...others];
  }
  return [
    ...(simulator.reason ? [`simulator: ${simulator.reason}`] : []),
    ...(wine?.reason ? [`wine: ${wine.reason}`] : []),
    ...others,
  ];
}

const isQuiet = (one: CaseReport): boolean =>
  one.simulator.result === 'passed' &&
  (one.wine === undefined || one.wine.result === 'passed') &&
  !one.notCounted.some(isMissed);

function mark({ result }: CaseResult): string {
  const text = {
    passed: '= passed',
    failed: '≠ failed',
    notModelled: '∅ notModelled',
    notApplicable: '∅ notApplicable',
  }[result];
  return paint(result === 'failed' ? 'differs' : 'agrees', text.padEnd(17));
}

const countsLine = (who: string, counts: Counts): string =>
  `${who}: ${counts.passed} passed, ${counts.failed} failed, ${counts.notModelled} not modelled, ${counts.notApplicable} not applicable`;
