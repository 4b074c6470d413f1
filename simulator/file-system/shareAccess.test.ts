// Goal: two opens of one stream get along exactly when each allows what the other does (R-IO-8).
// Method: every combination of access and sharing of two opens, 64 × 64, against the rule itself.
import { expect, test } from 'vitest';
import { AccessMask } from '../../contract/windows/index.ts';
import { ShareCounters, sharingOf, takesPart, type Sharing } from './shareAccess.ts';

const READ = AccessMask.FILE_READ_DATA;
const WRITE = AccessMask.FILE_WRITE_DATA;
const DELETE = AccessMask.DELETE;

const all: Sharing[] = [];
for (let access = 0; access < 8; access += 1) {
  for (let share = 0; share < 8; share += 1) {
    const mask = (access & 1 ? READ : 0) | (access & 2 ? WRITE : 0) | (access & 4 ? DELETE : 0);
    all.push(sharingOf(mask, share));
  }
}

const allows = (one: Sharing, other: Sharing): boolean =>
  (one.sharesRead || !other.reads) &&
  (one.sharesWrite || !other.writes) &&
  (one.sharesDelete || !other.deletes);

test('the rule, for every pair of opens', () => {
  const wrong = all.flatMap((first) =>
    all.filter((second) => {
      const counters = new ShareCounters();
      counters.add(first);
      const bothTakePart = takesPart(first) && takesPart(second);
      const expected = !bothTakePart || (allows(first, second) && allows(second, first));
      return counters.admits(second) !== expected;
    }),
  );
  expect(all).toHaveLength(64);
  expect(wrong).toEqual([]);
});

test('what has left does not count any more', () => {
  const counters = new ShareCounters();
  const exclusive = sharingOf(READ | WRITE | DELETE, 0);
  counters.add(exclusive);
  expect(counters.admits(exclusive)).toBe(false);
  counters.remove(exclusive);
  expect(counters.admits(exclusive)).toBe(true);
});

const rights: readonly (readonly [string, number, Partial<Sharing>])[] = [
  ['FILE_EXECUTE reads', AccessMask.FILE_EXECUTE, { reads: true, writes: false, deletes: false }],
  ['FILE_APPEND_DATA writes', AccessMask.FILE_APPEND_DATA, { reads: false, writes: true }],
  ['FILE_READ_EA takes no part', AccessMask.FILE_READ_EA, { reads: false, writes: false }],
  [
    'WRITE_DAC takes no part',
    AccessMask.WRITE_DAC,
    { reads: false, writes: false, deletes: false },
  ],
];

test.each(rights)('%s', (_title, access, sharing) => {
  expect(sharingOf(access, 0)).toMatchObject(sharing);
});
