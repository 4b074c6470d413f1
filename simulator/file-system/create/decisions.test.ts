// Goal: the whole table of create dispositions, row by row.
import { expect, test } from 'vitest';
import { decide, replaces } from './decisions.ts';

test.each([
  // disposition        missing      existing     replaces
  ['FILE_SUPERSEDE', 0, 'create', 'supersede', true],
  ['FILE_OPEN', 1, 'not-found', 'open', false],
  ['FILE_CREATE', 2, 'create', 'collision', false],
  ['FILE_OPEN_IF', 3, 'create', 'open', false],
  ['FILE_OVERWRITE', 4, 'not-found', 'overwrite', true],
  ['FILE_OVERWRITE_IF', 5, 'create', 'overwrite', true],
  ['6', 6, undefined, undefined, false],
] as const)('%s', (_name, disposition, missing, existing, isReplacing) => {
  expect([decide(disposition, false), decide(disposition, true), replaces(disposition)]).toEqual([
    missing,
    existing,
    isReplacing,
  ]);
});
