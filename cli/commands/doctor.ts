// fltlab doctor: what this machine lacks, and for what.
import type { Command } from 'commander';
import { diagnose } from '../../lab/doctor.ts';
import { action, jsonOption, type Context } from '../action.ts';
import { ExitCode } from '../exitCodes.ts';
import { paint } from '../terminal.ts';

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('say what of this machine is missing, and for what')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  fltlab doctor')
    .action(action(doctor));
}

async function doctor({ terminal, signal }: Context): Promise<ExitCode> {
  const checks = await diagnose(signal);
  const ok = checks.every((one) => one.ok || one.optional === true);
  terminal.object({ ok, checks });
  for (const one of checks) {
    const absent = one.optional === true ? 'absent ' : paint('differs', 'missing');
    const mark = one.ok ? 'ok     ' : absent;
    terminal.line(`${mark}  ${one.what.padEnd(22)} ${one.found}`);
    if (!one.ok) terminal.line(`         for ${one.neededFor}. ${one.remedy ?? ''}`.trimEnd());
  }
  return ok ? ExitCode.agrees : ExitCode.yourLab;
}
