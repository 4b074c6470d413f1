// Goal: a unit is compiled again exactly when something that it was made from has changed.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { FileHashes, parseDependencies, recordThatHolds, writeRecord } from './record.ts';

const dependencyRows = [
  ['one line', 'object: a.c b.h\n', ['a.c', 'b.h']],
  ['continued lines', 'object: a.c \\\n  b.h \\\r\n  c.h\n', ['a.c', 'b.h', 'c.h']],
  ['a blank in a name', 'object: my\\ driver/a.c\n', ['my driver/a.c']],
  ['a dollar and a hash', 'object: $$a.c \\#b.h\n', ['$a.c', '#b.h']],
  ['a drive letter', 'object: C:/x/a.c\n', ['C:/x/a.c']],
  ['nothing', '', []],
] as const;

test.each(dependencyRows)('dependencies: %s', (_title, text, files) => {
  expect(parseDependencies(text)).toEqual(files);
});

let folder = '';
const file = (name: string): string => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fltlab-record-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  await writeFile(file('a.c'), 'source');
  await writeFile(file('b.h'), 'header');
  await writeFile(file('a.obj'), 'object');
  const diagnostics = [{ severity: 'warning', message: 'w', file: 'a.c', line: 1 }] as const;
  const made = { key: 'k', inputs: [file('a.c'), file('b.h')], output: file('a.obj'), diagnostics };
  await writeRecord(file('a.json'), made, new FileHashes());
});

const holds = async (key = 'k'): Promise<boolean> =>
  (await recordThatHolds(file('a.json'), key, file('a.obj'), new FileHashes())) !== undefined;

const rows: readonly [string, () => Promise<void>, boolean][] = [
  ['nothing', async () => undefined, true],
  ['the same text written again', () => writeFile(file('b.h'), 'header'), true],
  ['the source', () => writeFile(file('a.c'), 'Source'), false],
  ['a header', () => writeFile(file('b.h'), 'header '), false],
  ['a header, gone', () => rm(file('b.h')), false],
  ['the object', () => writeFile(file('a.obj'), 'other'), false],
  ['the object, gone', () => rm(file('a.obj')), false],
  ['the record, half written', () => writeFile(file('a.json'), '{"record":1,'), false],
  ['the record, of another version', () => writeFile(file('a.json'), '{"record":2}'), false],
  ['the record, gone', () => rm(file('a.json')), false],
];

test.each(rows)('changed: %s', async (_title, change, expected) => {
  await change();
  expect(await holds()).toBe(expected);
});

test('another key is another build', async () => {
  expect(await holds('other')).toBe(false);
});

test('warnings are kept for the builds that compile nothing', async () => {
  const record = await recordThatHolds(file('a.json'), 'k', file('a.obj'), new FileHashes());
  expect(record?.diagnostics).toEqual([
    { severity: 'warning', message: 'w', file: 'a.c', line: 1 },
  ]);
});
