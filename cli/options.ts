// Options that several commands share, read and checked in one way.
import { Option, type Command } from 'commander';
import { ProfileName, profileNames } from '../contract/profiles.ts';
import { badArgument, jsonOption } from './action.ts';

export interface PredictionOptions {
  readonly variant?: string;
  readonly workload?: string;
  readonly profile?: string;
  readonly seed: string;
  readonly without: readonly string[];
}

/** --variant, --workload, --profile, --seed, --without and --json. */
export function addPredictionOptions(command: Command, profile?: ProfileName): Command {
  const profileOption = new Option(
    '--profile <name>',
    `Windows version: ${profileNames.join(', ')}`,
  );
  if (profile !== undefined) profileOption.default(profile);
  return command
    .option('--variant <name>', "variant of the sample (the manifest's first)")
    .option('--workload <name-or-file>', "workload (the variant's own, or the manifest's first)")
    .addOption(profileOption)
    .option('--seed <number>', 'schedule: 0 is the plain one', '0')
    .option('--without <filter>', 'leave a stack neighbour out, for instance luafv', collect, [])
    .addOption(jsonOption());
}

const collect = (value: string, all: readonly string[]): readonly string[] => [...all, value];

export function parseProfile(text: string): ProfileName {
  const parsed = ProfileName.safeParse(text);
  if (parsed.success) return parsed.data;
  throw badArgument(`There is no profile "${text}".`, `Choose one of: ${profileNames.join(', ')}.`);
}

export function parseSeed(text: string): number {
  if (/^[0-9]{1,15}$/.test(text)) return Number(text);
  throw badArgument(`--seed takes a whole number, not "${text}".`, 'Give a number such as 0.');
}
