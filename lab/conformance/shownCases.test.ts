// Goal: a row that says which case it shows names one that there is, and one that is told in words: a
// case that runs by itself needs no sample.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { caseToWorkload } from '../../simulator/conformance/index.ts';
import { assetPath } from '../assets.ts';
import { readCases, writtenWorkloads } from './cases.ts';
import { shownCases } from './shownCases.ts';

const known = await readCases(
  assetPath(join('simulator', 'conformance', 'testdata', 'cases.jsonl')),
);
const written = await writtenWorkloads();
const shown = await shownCases();

test('there are such rows', () => {
  expect(shown.size).toBeGreaterThan(0);
});

test.each([...shown.keys()])('%s', (id) => {
  const one = known.find((candidate) => candidate.id === id);
  if (one === undefined) throw new Error(`no case ${id}`);
  expect(caseToWorkload(one, written)).toMatchObject({ kind: 'notModelled' });
});
