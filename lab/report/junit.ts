// The run as JUnit XML, for the CI of a driver team: one test case a row.
import type { ComparisonRow } from '../../contract/comparison.ts';
import type { Run } from '../../contract/run.ts';
import { escapeMarkup } from './markup.ts';
import { verdictText } from './text.ts';

const failing = new Set(['differs', 'predicted-only', 'observed-only']);
const skipped = new Set(['not-comparable', 'known', 'unsure']);

export function junitReport(run: Run): string {
  const { rows } = run.comparison;
  const failures = rows.filter((row) => failing.has(row.verdict)).length + run.expectations.length;
  const skips = rows.filter((row) => skipped.has(row.verdict)).length;
  const seconds = (run.timings.reduce((sum, [, took_ms]) => sum + took_ms, 0) / 1000).toFixed(3);
  const suite = `${run.sample} ${run.variant} ${run.workload} on ${run.facts.name}`;
  const cases = [
    ...rows.map(rowCase),
    ...run.expectations.map(
      (miss) =>
        `    <testcase classname="expectation" name="${escapeMarkup(`${miss.actor} ${miss.step} ${miss.what}`)}">\n` +
        `      <failure message="${escapeMarkup(`expected ${miss.expected}, found ${miss.found}`)}"/>\n    </testcase>`,
    ),
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="${escapeMarkup(suite)}" tests="${cases.length}" failures="${failures}" ` +
      `skipped="${skips}" time="${seconds}" timestamp="${run.startedAt}">`,
    ...cases,
    ...run.notes.map((note) => `    <system-out>${escapeMarkup(note)}</system-out>`),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function rowCase(row: ComparisonRow): string {
  const name = escapeMarkup(
    [row.actor, row.step, row.operation, row.phase].filter(Boolean).join(' '),
  );
  const open = `    <testcase classname="${row.phase}" name="${name}"`;
  const why = [
    verdictText(row),
    row.reason,
    ...row.differences.map(differenceText),
    row.rules.join(' '),
  ]
    .filter(Boolean)
    .join('; ');
  if (failing.has(row.verdict)) {
    return `${open}>\n      <failure message="${escapeMarkup(why)}"/>\n    </testcase>`;
  }
  if (skipped.has(row.verdict)) {
    return `${open}>\n      <skipped message="${escapeMarkup(why)}"/>\n    </testcase>`;
  }
  return `${open}/>`;
}

const differenceText = (one: ComparisonRow['differences'][number]): string =>
  `${one.field}: predicted ${one.predicted}, observed ${one.observed}`;
