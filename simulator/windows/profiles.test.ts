// Goal: what differs between the eight versions is what the table below says, and nothing else differs.
// Method: one row a difference, one column a version, in the order of age; a difference without a row,
// or a row without a difference, fails.
import { describe, expect, test } from 'vitest';
import { profileNames } from '../../contract/profiles.ts';
import { ruleIds } from '../rules/grades.ts';
import { differences } from './differences.ts';
import { isAtLeast, profileOf } from './profiles.ts';

type Row = readonly [string, ...unknown[]];
const no = false;
const yes = true;
const luafv = 'luafv 135000';

// prettier-ignore
const rows: readonly Row[] = [
  //                       winxp    win2003  vista    win7     win2008r2 win81   win10    win11
  ['newSystemBuffer',       no,      no,      no,      yes,     yes,     yes,     yes,     yes],
  ['ioPriorityHint',        no,      no,      yes,     yes,     yes,     yes,     yes,     yes],
  ['reparseLimit',          31,      31,      63,      63,      63,      63,      63,      63],
  ['symbolicLinks',         no,      no,      yes,     yes,     yes,     yes,     yes,     yes],
  ['registrationVersion',   0x200,   0x200,   0x202,   0x202,   0x202,   0x203,   0x203,   0x203],
  ['fileContexts',          no,      no,      yes,     yes,     yes,     yes,     yes,     yes],
  ['cancelOneRequest',      no,      no,      yes,     yes,     yes,     yes,     yes,     yes],
  ['posixDelete',           no,      no,      no,      no,      no,      no,      yes,     yes],
  ['irpCtrl',               'xp',    'xp',    'win7',  'win7',  'win7',  'win7',  'win7',  'win7'],
  ['fastIoDevice', 'IRP_CALL_CTRL', 'IRP_CALL_CTRL', ...Array<string>(6).fill('IRP_CTRL')],
  ['queryByName',           no,      no,      no,      no,      no,      no,      yes,     yes],
  ['hiddenSystemPartition', no,      no,      no,      yes,     yes,     yes,     yes,     yes],
  ['luafv',                 null,    null,    luafv,   luafv,   null,    luafv,   luafv,   luafv],
  ['fileInfo', null, null, ...Array<string>(4).fill('FileInfo 45000'), 'FileInfo 40500', 'FileInfo 40500'],
  ['sr',                    'sr',    null,    null,    null,    null,    null,    null,    null],
];

/** What a table can hold of a value: a filter by its name and altitude. */
function shown(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('filter' in value && 'altitude' in value) {
    return `${String(value.filter)} ${String(value.altitude)}`;
  }
  return 'driver' in value ? value.driver : value;
}

const named = new Map(rows.map(([what, ...values]) => [what, values]));

test('the table has a row for each difference, and no other', () => {
  const missing = Object.keys(differences).filter((what) => !named.has(what));
  expect(missing).toEqual([]);
  const gone = [...named.keys()].filter((what) => !(what in differences));
  expect(gone).toEqual([]);
});

describe.each(Object.entries(differences))('%s', (what, { source, values }) => {
  const wanted = named.get(what) ?? [];
  test.each(profileNames.map((name, at) => [name, wanted[at]] as const))(
    '%s: %s',
    (name, value) => {
      expect(shown(values[name])).toBe(value);
    },
  );

  test('names its source, and rules that are in the book', () => {
    expect(source.length).toBeGreaterThan(0);
    const rules = source.match(/R-[A-Z]+-[0-9]+/g) ?? [];
    expect(rules.filter((rule) => !ruleIds.includes(rule))).toEqual([]);
  });
});

test.each([
  ['winxp', [], ['sr']],
  ['win2003', [], []],
  ['vista', ['luafv', 'FileInfo'], []],
  ['win7', ['luafv', 'FileInfo'], []],
  ['win2008r2', ['FileInfo'], []],
  ['win81', ['luafv', 'FileInfo'], []],
  ['win10', ['luafv', 'FileInfo'], []],
  ['win11', ['luafv', 'FileInfo'], []],
] as const)('what ships in the stack of %s: %j, %j', (name, neighbours, legacy) => {
  const profile = profileOf(name);
  expect(profile.neighbours.map(({ filter }) => filter)).toEqual(neighbours);
  expect(profile.legacyFilters.map(({ driver }) => driver)).toEqual(legacy);
  for (const { filter, systemVolumeOnly } of profile.neighbours) {
    expect(systemVolumeOnly).toBe(filter === 'luafv');
  }
});

test('versions are in the order of age', () => {
  const oldestFirst = profileNames.map(profileOf);
  oldestFirst.forEach((profile, at) => {
    for (const older of oldestFirst.slice(0, at + 1)) {
      expect(isAtLeast(profile, older.version)).toBe(true);
    }
  });
  expect(isAtLeast(profileOf('vista'), '6.1')).toBe(false);
});
