// fltlab conformance: facts about Windows as cases, against the model and a target, side by side.
import type { Command } from 'commander';
import { readCases, writtenWorkloads } from '../../lab/conformance/cases.ts';
import {
  conformance,
  hardFailures,
  type CaseReport,
  type CaseResult,
  type ConformanceReport,
  type Counts,
} from '../../lab/conformance/conformance.ts';
import { targetRunner } from '../../lab/conformance/targetRunner.ts';
import { openDataFolder } from '../../lab/data/dataFolder.ts';
import { action, jsonOption, type Context } from '../action.ts';
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
  const read = (await Promise.all(files.map(readCases))).flat();
  const cases = read.filter((one) => options.family === undefined || one.family === options.family);
  const runner =
    options.target === undefined
      ? undefined
      : await targetRunner(options.target, await openDataFolder(), signal);
  try {
    const report = await conformance({
      cases,
      written: await writtenWorkloads(),
      ...(options.profile === undefined ? {} : { profiles: [parseProfile(options.profile)] }),
      ...(runner === undefined ? {} : { runOnTarget: runner.run }),
      signal,
      progress: (text, share) => terminal.progress(text, share),
    });
    terminal.object(report);
    print(terminal, report, options.all === true);
    return hardFailures(report).length === 0 ? ExitCode.agrees : ExitCode.differs;
  } finally {
    await runner?.close();
  }
}

function print(terminal: Terminal, report: ConformanceReport, all: boolean): void {
  const entries = Object.entries(report.cases);
  const width = Math.max(...entries.map(([id]) => id.length), 4);
  const withWine = report.wine !== undefined;
  terminal.line(paint('dim', `${'case'.padEnd(width)}  simulator      ${withWine ? 'wine' : ''}`));
  for (const [id, one] of entries) {
    if (!all && isQuiet(one)) continue;
    const wine = one.wine === undefined ? '' : mark(one.wine);
    terminal.line(`${id.padEnd(width)}  ${mark(one.simulator)}  ${wine}`.trimEnd());
    if (one.simulator.reason) terminal.line(paint('dim', `    simulator: ${one.simulator.reason}`));
    if (one.wine?.reason) terminal.line(paint('dim', `    wine: ${one.wine.reason}`));
  }
  terminal.line(countsLine('simulator', report.simulator));
  if (report.wine !== undefined) terminal.line(countsLine('wine', report.wine));
}

const isQuiet = (one: CaseReport): boolean =>
  one.simulator.result === 'passed' && (one.wine === undefined || one.wine.result === 'passed');

function mark({ result }: CaseResult): string {
  const text = {
    passed: '= passed',
    failed: '≠ failed',
    notModelled: '∅ notModelled',
    notApplicable: '∅ notApplicable',
  }[result];
  return paint(result === 'failed' ? 'differs' : 'agrees', text.padEnd(15));
}

const countsLine = (who: string, counts: Counts): string =>
  `${who}: ${counts.passed} passed, ${counts.failed} failed, ${counts.notModelled} not modelled, ${counts.notApplicable} not applicable`;
