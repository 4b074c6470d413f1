// Where the rules of the book are named: the source that models them, the tests that pin them, and the
// conformance cases that come from the same sources. Found by reading files, so that nobody keeps a list.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RuleId } from '../contract/rules.ts';
import type { Rule } from '../simulator/rules/rule.ts';
import { projectRoot } from './programs.ts';

const FAMILIES = 'NOTIFY|SECTION|REDIRECT|FLT|IO';
/** "R-IO-4 to 7, R-NOTIFY-33, 37 and 39": an id, then more numbers of the same family. */
const ID_LIST = new RegExp(
  `\\bR-(${FAMILIES})-(\\d+)((?:(?:,| to| and| or)+ \\d+\\b(?![.]\\d))*)`,
  'g',
);

/** The rules that `text` names. Where it says that something is not modelled, it names none. */
export function namedRules(text: string): ReadonlySet<RuleId> {
  const named = new Set<RuleId>();
  if (!text.includes('R-')) return named;
  // A comment goes on in the next line.
  const joined = text.replaceAll(/\n\s*(?:\*(?!\/)|\/\/)[ \t]?/g, ' ');
  for (const clause of joined.split(/[.;]\s|\n/)) {
    if (/not modelled/i.test(clause)) continue;
    for (const [, family, first, more = ''] of clause.matchAll(ID_LIST)) {
      let last = Number(first);
      named.add(`R-${family}-${last}`);
      for (const [, joint, digits] of more.matchAll(/(,| to| and| or)+ (\d+)/g)) {
        const number = Number(digits);
        const from = joint === ' to' ? last + 1 : number;
        for (let one = from; one <= number; one += 1) named.add(`R-${family}-${one}`);
        last = number;
      }
    }
  }
  return named;
}

export interface RuleReferences {
  /** Source files of the simulator, by rule. */
  readonly models: ReadonlyMap<RuleId, readonly string[]>;
  /** Tests, written workloads and golden files, by rule. */
  readonly tests: ReadonlyMap<RuleId, readonly string[]>;
}

const floors = ['agent', 'cli', 'contract', 'driver-samples', 'e2e', 'lab', 'scripts', 'simulator'];
const isTest = (path: string): boolean =>
  /[.]test[.]ts$|\/(?:golden|written)\/[^/]*$/.test(path) && !isAboutTheBook(path);
const isModel = (path: string): boolean =>
  /^simulator\/.*[.]ts$/.test(path) &&
  !/[.](?:test|generated)[.]ts$|\/(?:testing|testdata|conformance)\//.test(path) &&
  !isAboutTheBook(path);
// These name rules as data or as examples.
const isAboutTheBook = (path: string): boolean =>
  /^(?:simulator|lab)\/rules\/|^scripts\/(?:rule|tutorial)|^cli\/commands\/rule/.test(path);

export function ruleReferences(): RuleReferences {
  const models = new Map<RuleId, string[]>();
  const tests = new Map<RuleId, string[]>();
  for (const path of floors.flatMap(filesBelow).sort()) {
    const into = isTest(path) ? tests : isModel(path) ? models : undefined;
    if (into === undefined) continue;
    for (const rule of namedRules(readFileSync(join(projectRoot, path), 'utf8'))) {
      into.set(rule, [...(into.get(rule) ?? []), path]);
    }
  }
  return { models, tests };
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(projectRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

/** The ids of the cases that come from one source, in the order of their file. */
export interface CaseSource {
  readonly citation: string;
  readonly cases: readonly string[];
}

const familyOfCases: Readonly<Record<string, string>> = {
  notify: 'NOTIFY',
  section: 'SECTION',
  redirect: 'REDIRECT',
  reparse: 'REDIRECT',
  fltmgr: 'FLT',
};

/** How a case writes its source, and how the book cites the same. */
const citations: readonly (readonly [RegExp, string])[] = [
  [/^maharmstone\/btrfs (\S+).*$/, 'btrfs test suite: $1'],
  [/^samba source4\/torture\/(\S+?):(\S+).*$/, 'Samba smbtorture: $1, $2'],
  [/^wine (\S+?)(?::.*)?$/, 'Wine: $1'],
  [/^winfsp (\S+?)(?::.*)?$/, 'WinFsp: $1'],
  [/^reactos (\S+).*$/, 'ReactOS: $1'],
  [/^windows-driver-docs-ddi (\S+).*$/, 'DDI: $1'],
  [/^windows-driver-docs (\S+).*$/, 'Windows driver docs: $1'],
  [/^Windows-driver-samples (.+)$/, 'WDK samples: $1'],
  [/^S0\b.*$/, '"redirection with STATUS_REPARSE and FltReissueSynchronousIo" (forum thread)'],
  [/^S1\b.*$/, '"TargetInstance Redirection Problems for FastIO on WinXP" (blog, 2011-10-27)'],
  [/^S2\b.*$/, '"Section sync in a mini-filter" (forum thread)'],
  [/^S3\b.*$/, '"File IO Redirection Between Volumes Using FltMgr" (blog, 2011-09-08)'],
  [/^S4\b.*$/, '"When to use FltGetNewSystemBufferAddress" (blog, 2011-04-28)'],
];

export function citationOf(source: string): string {
  const [pattern, citation] = citations.find(([one]) => one.test(source)) ?? [];
  return pattern === undefined || citation === undefined
    ? source
    : source.replace(pattern, citation);
}

/** For each family of rules the cases by source; a case with two sources is under both. */
export function casesBySource(): (rule: Rule) => readonly CaseSource[] {
  const file = join(projectRoot, 'simulator/conformance/testdata/cases.jsonl');
  const bySource = new Map<string, { citation: string; cases: Set<string> }>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line.trim() === '') continue;
    const one = JSON.parse(line) as { id: string; family: string; source: string };
    const family = familyOfCases[one.family] ?? 'IO';
    for (const source of one.source.split(' ; ')) {
      const key = sourceKey(family, citationOf(source));
      const found = bySource.get(key) ?? { citation: citationOf(source), cases: new Set() };
      found.cases.add(one.id);
      bySource.set(key, found);
    }
  }
  return (rule) =>
    rule.sources.flatMap((source) => {
      const found = bySource.get(sourceKey(rule.id.split('-')[1] ?? '', source));
      return found === undefined ? [] : [{ citation: source, cases: [...found.cases] }];
    });
}

/** DDI pages are cited in either case. */
const sourceKey = (family: string, citation: string): string =>
  `${family} ${citation.toLowerCase()}`;
