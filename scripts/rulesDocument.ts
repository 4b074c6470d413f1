// docs/rules/: the rule book as pages, one per family and an index. `npm run golden` writes them; a test
// compares.
import type { Rule, RuleFamily, RuleGroup } from '../simulator/rules/rule.ts';
import { gradeMeanings } from '../simulator/rules/rule.ts';
import { ruleFamilies } from '../simulator/rules/ruleBook.ts';
import { casesBySource, ruleReferences, type CaseSource } from './ruleReferences.ts';

/** Cases of one source that are named under a rule; more are listed once, at the end of the page. */
const CASES_IN_PLACE = 6;
const CASES_HEADING = 'Cases by source';

const pageOf: Readonly<Record<string, string>> = {
  NOTIFY: 'notify.md',
  SECTION: 'section.md',
  REDIRECT: 'redirect.md',
  FLT: 'filter-manager.md',
  IO: 'io.md',
};

interface Scan {
  readonly models: (rule: Rule) => readonly string[];
  readonly tests: (rule: Rule) => readonly string[];
  readonly cases: (rule: Rule) => readonly CaseSource[];
}

let scanned: Scan | undefined;
/** The files are read once for all pages. */
function scan(): Scan {
  if (scanned !== undefined) return scanned;
  const { models, tests } = ruleReferences();
  scanned = {
    models: (rule) => models.get(rule.id) ?? [],
    tests: (rule) => tests.get(rule.id) ?? [],
    cases: casesBySource(),
  };
  return scanned;
}

export const rulesDocuments: readonly (readonly [string, () => string])[] = [
  ['docs/rules/README.md', indexPage],
  ...ruleFamilies.map(
    (family) => [`docs/rules/${pageOf[family.family]}`, () => familyPage(family)] as const,
  ),
];

function indexPage(): string {
  const rows = ruleFamilies.map((family) => {
    const all = rulesOf(family);
    const cells = [
      `[${family.title}](${pageOf[family.family]})`,
      `R-${family.family}-1 to ${all.length}`,
      countOf(all, (rule) => scan().models(rule).length > 0),
      countOf(all, (rule) => scan().tests(rule).length > 0),
      countOf(all, (rule) => scan().cases(rule).length > 0),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  const grades = Object.entries(gradeMeanings).sort(
    ([a], [b]) => 'TDCS2IU'.indexOf(a) - 'TDCS2IU'.indexOf(b),
  );
  return `# The rule book

What FltLab holds to be true of Windows. Traces, findings, verdicts and comments in the source name these rules by their
id; \`fltlab rule R-NOTIFY-57\` prints one. The pages are generated from \`simulator/rules/\`, and what models and pins a rule
is found in the source.

| family | rules | modelled | named by tests | with cases of the same source |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

## Evidence

Nothing here was measured by FltLab on Windows. Each rule says what it was learned from and how firm that is:

| grade | meaning |
| --- | --- |
${grades.map(([grade, meaning]) => `| ${grade} | ${meaning} |`).join('\n')}

A prediction that rests on rules of grade I or U alone never makes a hard difference: the comparison says that the model
was not sure.

## Versions

"All" means that no difference between versions is known. Where a test suite is the source, older versions than the suite
runs on are an extrapolation: the btrfs test suite covers Windows 10 and later, Samba smbtorture Vista and later, WinFsp 7
and later.

## Modelled, pinned

"Modelled in" lists the files of the simulator that name a rule in their code or comments, "Pinned by" the tests and written
workloads that name it. Conformance cases name no rules; under a rule stand those of its family that come from one of its
sources, and such a case need not be about this rule only.
`;
}

function familyPage(family: RuleFamily): string {
  const groups = family.groups.map(groupText);
  const lists = sourceLists(rulesOf(family));
  return `# ${family.title}

Generated from \`simulator/rules/\`. [All families, and what the grades mean](README.md).

${groups.join('\n')}${lists}`;
}

const groupText = ({ title, rules: members }: RuleGroup): string =>
  `## ${title}\n\n${members.map(ruleText).join('\n')}`;

function ruleText(rule: Rule): string {
  const lines = [
    `Versions: ${rule.versions.text}`,
    `Sources: ${rule.sources.join('; ')}`,
    `Evidence: ${evidence(rule)}`,
    ...extension(rule),
    `Modelled in: ${links(scan().models(rule)) || 'not modelled yet'}`,
    `Pinned by: ${links(scan().tests(rule)) || 'no test names it yet'}`,
    ...scan().cases(rule).map(caseText),
  ];
  return `### ${rule.id}

**${rule.title}.** ${escaped(rule.text)}

${tableText(rule)}${lines.map((line) => `- ${line}\n`).join('')}`;
}

function evidence({ grades }: Rule): string {
  const text = grades.map((grade) => `${gradeMeanings[grade]} (${grade})`).join('; ');
  // The comparison asks for the firmest grade.
  const weak = ['I', 'U'].includes(grades[0] ?? 'U');
  return weak ? `${text}; never the ground of a hard difference` : text;
}

/** Where the model goes beyond the sources, by version. */
function extension({ extended }: Rule): string[] {
  if (extended === undefined) return [];
  const choices = Object.entries(extended).map(([name, grade]) => `${name} (${grade})`);
  return [`Extended by the model, as a choice, to: ${choices.join(', ')}`];
}

function caseText({ citation, cases }: CaseSource): string {
  const anchor = `#${CASES_HEADING.toLowerCase().replaceAll(' ', '-')}`;
  const ids =
    cases.length <= CASES_IN_PLACE
      ? cases.map((one) => `\`${one}\``).join(', ')
      : `[${cases.length} cases](${anchor})`;
  return `Conformance from ${citation}: ${ids}`;
}

/** The long lists, each once. */
function sourceLists(all: readonly Rule[]): string {
  const long = new Map(
    all
      .flatMap((rule) => scan().cases(rule))
      .filter(({ cases }) => cases.length > CASES_IN_PLACE)
      .map(({ citation, cases }) => [citation, cases] as const),
  );
  if (long.size === 0) return '';
  const items = [...long].map(
    ([citation, cases]) => `- ${citation}: ${cases.map((one) => `\`${one}\``).join(', ')}\n`,
  );
  return `\n## ${CASES_HEADING}\n\n${items.join('')}`;
}

function tableText({ table }: Rule): string {
  const [header, ...rows] = table ?? [];
  if (header === undefined) return '';
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |\n`;
  return `${line(header)}${line(header.map(() => '---'))}${rows.map(line).join('')}\n`;
}

const links = (paths: readonly string[]): string =>
  paths.map((path) => `[${path}](../../${path})`).join(', ');

/** Paths such as \\Device and names in angle brackets are no Markdown. */
const escaped = (text: string): string => text.replaceAll(/[\\*<|]/g, (one) => `\\${one}`);

const rulesOf = ({ groups }: RuleFamily): readonly Rule[] => groups.flatMap((group) => group.rules);
const countOf = (all: readonly Rule[], has: (rule: Rule) => boolean): string =>
  String(all.filter(has).length);
