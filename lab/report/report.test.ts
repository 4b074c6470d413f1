// Goal: every report says the same of a run, and nothing a driver or a target says can break it.
import { expect, test } from 'vitest';
import { htmlReport } from './html.ts';
import { junitReport } from './junit.ts';
import { escapeMarkup } from './markup.ts';
import { exampleRun } from './testing/exampleRun.ts';
import { countsText, runTable, verdictMarks } from './text.ts';

test('the table shows one line a row, and a reason under each that does not agree', () => {
  const table = runTable(exampleRun);
  for (const mark of Object.values(verdictMarks)) expect(table).toContain(mark);
  expect(table).toContain('differs (known: wine-1): known to differ');
  expect(table).toContain('status: predicted STATUS_PENDING, observed <STATUS & "more">');
  expect(table.split('\n')[1]).toMatch(
    /^watcher agrees\s+notify\s+STATUS_PENDING\s+= STATUS_PENDING$/,
  );
});

test('counts are words', () => {
  expect(countsText(exampleRun)).toBe(
    '1 agree, 1 differ, 1 differ in a known way, 1 differ where the model is not sure, 1 predicted only, 1 observed only, 1 not comparable',
  );
});

test('HTML stands alone: no script, no link to anything, everything escaped', () => {
  const html = htmlReport(exampleRun);
  expect(html).not.toMatch(/<script|<link|src=|https?:|url\(/);
  expect(html).toContain('&lt;script&gt;');
  expect(html).toContain('&lt;STATUS &amp; &quot;more&quot;&gt;');
  expect(html).toContain("default-src 'none'");
});

test('JUnit counts what fails and what is skipped', () => {
  const xml = junitReport(exampleRun);
  expect(xml).toContain('tests="8" failures="4" skipped="3"');
  expect(xml.match(/<failure /g)).toHaveLength(4);
  expect(xml.match(/<skipped /g)).toHaveLength(3);
  expect(xml).not.toContain('<STATUS');
});

test.each([
  ['a<b>&"\'', 'a&lt;b&gt;&amp;&quot;&#39;'],
  ['\u001b[31mred\u0000', '\\x1B[31mred\\x00'],
  ['\ud800', '\\xD800'],
  ['ünï → 漢字', 'ünï → 漢字'],
  ['line\nline\ttab', 'line\nline\ttab'],
])('%j is safe as %j', (raw, safe) => {
  expect(escapeMarkup(raw)).toBe(safe);
});
