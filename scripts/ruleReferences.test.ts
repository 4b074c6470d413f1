// Goal: a rule that source or a test names is found, in every way in which they write it.
import { expect, test } from 'vitest';
import { ruleOf } from '../simulator/rules/ruleBook.ts';
import { casesBySource, citationOf, namedRules, ruleReferences } from './ruleReferences.ts';

test.each([
  ["rules: ['R-NOTIFY-25', 'R-IO-1']", ['R-NOTIFY-25', 'R-IO-1']],
  [
    'Models: R-IO-4 to 6, R-NOTIFY-33, 37 and 39.',
    ['R-IO-4', 'R-IO-5', 'R-IO-6', 'R-NOTIFY-33', 'R-NOTIFY-37', 'R-NOTIFY-39'],
  ],
  ['/** Models: R-FLT-20,\n * R-FLT-32 (two entries), 4 more. */', ['R-FLT-20', 'R-FLT-32']],
  ['// Models: R-SECTION-14,\n// 16.', ['R-SECTION-14', 'R-SECTION-16']],
  ['Resolved by the I/O manager, which is not modelled yet (R-REDIRECT-12)', []],
  ['`R-NOTIFY-60`, 0x70', ['R-NOTIFY-60']],
  ['STATUS_R-1, R-OTHER-2', []],
])('%j names %j', (text, expected) => {
  expect([...namedRules(text)]).toEqual(expected);
});

test.each([
  ['S1 (author: probably all FastIO)', 'R-REDIRECT-41'],
  ['windows-driver-docs-ddi fltreissuesynchronousio', 'R-REDIRECT-21'],
  ['samba source4/torture/smb2/notify.c:torture_smb2_notify_double', 'R-NOTIFY-20'],
  ['wine dlls/ntdll/tests/file.c:test_file_disposition_information', 'R-IO-2'],
  ['maharmstone/btrfs src/tests/mmap.cpp', 'R-SECTION-29'],
])('a case from "%s" shares a source with %s', (source, id) => {
  const sources = ruleOf(id)?.sources.map((one) => one.toLowerCase());
  expect(sources).toContain(citationOf(source).toLowerCase());
});

test('the cases of a rule come from its own family and source', () => {
  const rule = ruleOf('R-NOTIFY-20');
  if (rule === undefined) throw new Error('R-NOTIFY-20');
  expect(casesBySource()(rule)).toEqual([
    {
      citation: 'Samba smbtorture: smb2/notify.c, torture_smb2_notify_double',
      cases: ['notify-double-fifo'],
    },
  ]);
});

test('no source and no test names a rule that is not in the book', () => {
  const { models, tests } = ruleReferences();
  const unknown = [...models, ...tests].filter(([rule]) => ruleOf(rule) === undefined);
  expect(unknown).toEqual([]);
});
