// fltlab report: what was kept of a run, as a table, HTML, JUnit or JSON.
import type { Command } from 'commander';
import { openDataFolder } from '../../lab/data/dataFolder.ts';
import { htmlReport } from '../../lab/report/html.ts';
import { junitReport } from '../../lab/report/junit.ts';
import { countsText, runTable, verdictLine } from '../../lab/report/text.ts';
import { loadReportable } from '../../lab/run/loadReportable.ts';
import { runIds } from '../../lab/run/store.ts';
import { action, jsonOption, type Context } from '../action.ts';
import { ExitCode } from '../exitCodes.ts';
import { paint } from '../terminal.ts';
import { writeOutput } from '../writeOutput.ts';

interface ReportOptions {
  readonly html?: string;
  readonly junit?: string;
  readonly list?: boolean;
}

export function addReport(program: Command): void {
  program
    .command('report')
    .description('show a kept run, or write its report')
    .argument('[run]', 'id of a run, or "latest"', 'latest')
    .option('--list', 'list the runs that are kept')
    .option('--html <file>', 'write a self-contained HTML report')
    .option('--junit <file>', 'write JUnit XML')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  fltlab report latest --html report.html')
    .action(action(reportRun));
}

async function reportRun(
  { terminal }: Context,
  id: string,
  options: ReportOptions,
): Promise<ExitCode> {
  const dataFolder = await openDataFolder();
  if (options.list === true) {
    const ids = await runIds(dataFolder);
    terminal.object({ runs: ids });
    for (const one of ids) terminal.line(one);
    return ExitCode.agrees;
  }
  const run = await loadReportable(dataFolder, id);
  if (options.html !== undefined) await writeOutput(options.html, htmlReport(run));
  if (options.junit !== undefined) await writeOutput(options.junit, junitReport(run));
  terminal.object(run);
  terminal.line(runTable(run, paint, terminal.width));
  for (const note of run.notes) terminal.line(paint('dim', note));
  terminal.line();
  terminal.line(`${verdictLine[run.comparison.verdict]} ${countsText(run)}.`);
  return ExitCode.agrees;
}
