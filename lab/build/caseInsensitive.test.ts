// Goal: the view names each file of a folder once, in the same order on every machine.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { caseInsensitiveView } from './caseInsensitive.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fltlab-view-'));
  await mkdir(join(folder, 'inner'));
  await writeFile(join(folder, 'b.h'), '');
  await writeFile(join(folder, 'A.h'), '');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('files in ordinal order, folders and missing folders left out', async () => {
  const view: unknown = JSON.parse(await caseInsensitiveView([folder, join(folder, 'gone')]));
  const file = (name: string): object => ({
    type: 'file',
    name,
    'external-contents': join(folder, name),
  });
  expect(view).toEqual({
    version: 0,
    'case-sensitive': false,
    'use-external-names': true,
    roots: [{ type: 'directory', name: folder, contents: [file('A.h'), file('b.h')] }],
  });
});
