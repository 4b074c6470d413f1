// fltlab rule: what a rule of the book says, where it holds, and how well it is known.
import type { Command } from 'commander';
import { profileNames } from '../../contract/profiles.ts';
import { gradeMeanings, holdsOn, nearRules, ruleOf, type Rule } from '../../lab/rules/index.ts';
import { action, badArgument, jsonOption, type Context } from '../action.ts';
import { ExitCode } from '../exitCodes.ts';
import { paint } from '../terminal.ts';

export function addRule(program: Command): void {
  program
    .command('rule')
    .description('say what a rule of Windows says: text, versions, sources, evidence')
    .argument('<id>', 'as traces, findings and verdicts name it')
    .addOption(jsonOption())
    .addHelpText('after', '\nExample:\n  fltlab rule R-NOTIFY-57')
    .action(action(showRule));
}

async function showRule({ terminal }: Context, id: string): Promise<ExitCode> {
  const rule = ruleOf(id.trim().toUpperCase());
  if (rule === undefined) throw unknownRule(id);
  const profiles = profileNames.filter((profile) => holdsOn(rule, profile));
  terminal.object({ ...rule, profiles });
  for (const line of ruleLines(rule, profiles, terminal.width)) terminal.line(line);
  return ExitCode.agrees;
}

function unknownRule(id: string): Error {
  const near = nearRules(id);
  return badArgument(
    `There is no rule "${id}".`,
    near.length === 0
      ? 'Give an id such as R-NOTIFY-57; docs/rules lists them all.'
      : `Perhaps you mean ${near.map((one) => `${one} (${ruleOf(one)?.title})`).join(', ')}.`,
  );
}

function* ruleLines(rule: Rule, profiles: readonly string[], width: number): Generator<string> {
  yield paint('bold', `${rule.id}  ${rule.title}`);
  yield* wrapped(rule.text, width);
  for (const row of rule.table ?? []) yield `  ${row.join(' | ')}`;
  yield '';
  const inProfiles = profiles.length === profileNames.length ? '' : ` (${profiles.join(', ')})`;
  yield `Versions: ${rule.versions.text}${inProfiles}`;
  yield 'Sources:';
  for (const source of rule.sources) yield `  ${source}`;
  yield 'Evidence:';
  for (const grade of rule.grades) yield `  ${grade}  ${gradeMeanings[grade]}`;
}

/** The text in lines of at most `width` columns, 100 where the terminal is wider. */
function* wrapped(text: string, width: number): Generator<string> {
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > Math.min(width, 100)) {
      yield line;
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  yield line;
}
