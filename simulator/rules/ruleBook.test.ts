// Goal: the book is whole, says what it says once, and agrees with the constants that the product uses.
import { describe, expect, test } from 'vitest';
import { profileNames } from '../../contract/profiles.ts';
import { NtStatus } from '../../contract/windows/index.ts';
import { gradeOf, gradesOf, ruleIds } from './grades.ts';
import { holdsOn } from './rule.ts';
import { ruleFamilies, ruleOf, rules } from './ruleBook.ts';

test.each([
  ['NOTIFY', 66],
  ['SECTION', 33],
  ['REDIRECT', 55],
  ['FLT', 34],
  ['IO', 23],
])('R-%s has the rules 1 to %i, in order', (family, count) => {
  const found = ruleFamilies.find((one) => one.family === family);
  const ids = found?.groups.flatMap((group) => group.rules.map(({ id }) => id));
  expect(ids).toEqual(Array.from({ length: count }, (_, index) => `R-${family}-${index + 1}`));
});

test('no title and no text is there twice', () => {
  expect(new Set(rules.map(({ text }) => text)).size).toBe(rules.length);
  const titles = ruleFamilies.flatMap(({ family, groups }) =>
    groups.flatMap((group) => group.rules.map(({ title }) => `${family} ${title}`)),
  );
  expect(new Set(titles).size).toBe(rules.length);
});

test('grades are derived from the rules, and an unknown id has none', () => {
  expect(ruleIds).toEqual(rules.map(({ id }) => id));
  expect(gradesOf('R-NOTIFY-25')).toEqual(['T', 'C', 'S', '2']);
  expect(gradeOf('R-NOTIFY-57')).toBe('D');
  expect(gradeOf('R-NOTIFY-67')).toBeUndefined();
  expect(ruleOf('R-NOTIFY-57')?.title).toBe('FLTFL_CALLBACK_DATA_NEW_SYSTEM_BUFFER');
});

describe.each(rules)('$id', ({ title, text, sources, grades, table }) => {
  test('says something, with sources, the firmest grade first', () => {
    expect(text).toMatch(/[.]$/);
    expect(title).not.toMatch(/[.]$/);
    expect(sources.length).toBeGreaterThan(0);
    const firmness = grades.map((grade) => 'TDCS2IU'.indexOf(grade));
    expect(firmness).toEqual([...firmness].sort((a, b) => a - b));
    expect(grades.length).toBeGreaterThan(0);
  });

  test('names statuses that exist, with their values', () => {
    const all = [text, ...(table ?? []).flat()].join(' ');
    const statuses = NtStatus as Readonly<Record<string, number>>;
    for (const [, name = '', value] of all.matchAll(/\b(STATUS_[A-Z0-9_]+)(?: (0x[0-9A-F]+))?/g)) {
      // Its value is in no public header that was found: the rule says so itself.
      if (name === 'STATUS_FLT_DISALLOW_FSFILTER_IO') continue;
      expect(statuses[name], name).toBeDefined();
      if (value !== undefined) expect((statuses[name] ?? 0) >>> 0, name).toBe(Number(value));
    }
  });
});

test.each([
  ['R-NOTIFY-25', profileNames],
  ['R-NOTIFY-57', ['win7', 'win2008r2', 'win81', 'win10', 'win11']],
  ['R-NOTIFY-60', ['winxp', 'win2003', 'vista']],
  ['R-REDIRECT-41', ['winxp', 'win2003']],
  ['R-REDIRECT-44', ['vista', 'win7']],
  ['R-SECTION-32', ['win81', 'win10', 'win11']],
])('%s holds on %j', (id, profiles) => {
  const rule = ruleOf(id);
  if (rule === undefined) throw new Error(id);
  expect(profileNames.filter((profile) => holdsOn(rule, profile))).toEqual(profiles);
});
