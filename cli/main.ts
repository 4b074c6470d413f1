// `fltlab`: face 1 of the lab, for people at a terminal, scripts and CI.
import { Command, CommanderError, Option } from 'commander';
import { addBuild } from './commands/build.ts';
import { addCompare } from './commands/compare.ts';
import { addConformance } from './commands/conformance.ts';
import { addCrashes } from './commands/crashes.ts';
import { addDoctor } from './commands/doctor.ts';
import { addKd } from './commands/kd.ts';
import { addKdSessions } from './commands/kdSessions.ts';
import { addQueue } from './commands/queue.ts';
import { addReport } from './commands/report.ts';
import { addRule } from './commands/rule.ts';
import { addRun } from './commands/run.ts';
import { addSample } from './commands/sample.ts';
import { addServe } from './commands/serve.ts';
import { addSimulate } from './commands/simulate.ts';
import { addTarget } from './commands/target.ts';
import { addVm } from './commands/vm.ts';
import { refuseUsage } from './action.ts';
import { ExitCode } from './exitCodes.ts';

const exitCodes = `
Exit codes:
  0   agrees, or done        1   differs from the prediction
  2   your lab               3   your driver (build, findings, bugcheck, hang, load)
  4   our bug                5   nothing comparable, or not modelled
  64  usage                  130 interrupted`;

const program = new Command('fltlab')
  .description('Predict what a Windows file-system minifilter does, run it, and compare the two.')
  .version('0.1.0')
  .addOption(new Option('--json', 'print one JSON object on standard output and nothing else'))
  .addHelpText('after', exitCodes)
  .addHelpText(
    'after',
    `
Examples:
  fltlab simulate dirnotify --profile win7
  fltlab target add wine
  fltlab run dirnotify --target wine
  fltlab conformance cases.jsonl --target wine`,
  )
  .showHelpAfterError('(fltlab --help shows what there is)')
  .exitOverride();

addSimulate(program);
addKdSessions(addKd(program));
addBuild(program);
addRun(program);
addQueue(program);
addCrashes(program);
addCompare(program);
addConformance(program);
addTarget(program);
addVm(program);
addSample(program);
addReport(program);
addRule(program);
addServe(program);
addDoctor(program);

// A reader that has seen enough (`fltlab … | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(process.exitCode ?? 0);
});

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has printed its message; asking for help or the version is not an error.
  process.exitCode = error.exitCode === 0 ? ExitCode.agrees : refuseUsage(error, process.argv);
}
